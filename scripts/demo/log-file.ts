import { closeSync, openSync, renameSync, writeSync } from "node:fs";

/** A log never takes more than twice this on the disk: the newest part, and the one before it (`….1`). */
const MAX_BYTES = 8 * 1024 * 1024;
const LAST_LINES = 12;

/** What a child of the demo prints: in a file of bounded size, and the last lines in memory to explain its death. */
export class LogFile {
	readonly path: string;
	#file: number;
	#bytes = 0;
	#last: string[] = [];
	#open = true;

	/** An existing file becomes `….1`. */
	constructor(path: string) {
		this.path = path;
		this.#file = this.#begin();
	}

	write(bytes: Buffer): void {
		if (!this.#open) return;
		if (this.#bytes > MAX_BYTES) {
			closeSync(this.#file);
			this.#file = this.#begin();
		}
		this.#bytes += writeSync(this.#file, bytes);
		const lines = bytes
			.toString()
			.split("\n")
			.filter((line) => line.trim() !== "");
		this.#last = [...this.#last, ...lines].slice(-LAST_LINES);
	}

	get lastLines(): readonly string[] {
		return this.#last;
	}

	close(): void {
		if (this.#open) closeSync(this.#file);
		this.#open = false;
	}

	#begin(): number {
		try {
			renameSync(this.path, `${this.path}.1`);
		} catch (error) {
			// The first run has none yet.
			if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
		}
		this.#bytes = 0;
		return openSync(this.path, "w");
	}
}
