import type { Readable } from "node:stream";

/** Characters of a line; the rest of a longer one is left out. */
const LINE = 2000;
/** Milliseconds for which lines are counted. */
const WINDOW = 10_000;

/** Takes what a plugin prints apart into lines, and notices when it prints too many. */
export class PluginOutput {
	readonly #streams: readonly Readable[];
	readonly #most: number;
	readonly #line: (line: string) => void;
	readonly #flood: () => void;
	#windowEnd = 0;
	#count = 0;
	#closed = false;

	/** @param most Lines within ten seconds; one more, and `flood` is called, once. */
	constructor(streams: readonly Readable[], most: number, line: (line: string) => void, flood: () => void) {
		this.#streams = streams;
		this.#most = most;
		this.#line = line;
		this.#flood = flood;
		for (const stream of streams) this.#read(stream);
	}

	/** Nothing that comes later is heard. */
	close(): void {
		this.#closed = true;
		for (const stream of this.#streams) stream.destroy();
	}

	#read(stream: Readable): void {
		let rest = "";
		stream.setEncoding("utf8").on("data", (text: string) => {
			const lines = (rest + text).split("\n");
			rest = (lines.pop() ?? "").slice(0, LINE);
			for (const line of lines) this.#take(line);
		});
		// A thread that is ended breaks its streams; that it ended is told elsewhere.
		stream.on("error", () => undefined);
	}

	#take(line: string): void {
		if (this.#closed || line === "") return;
		const now = performance.now();
		if (now >= this.#windowEnd) {
			this.#windowEnd = now + WINDOW;
			this.#count = 0;
		}
		this.#count++;
		if (this.#count > this.#most) this.#flood();
		else this.#line(line.slice(0, LINE));
	}
}
