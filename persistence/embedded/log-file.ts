import { copyFile, type FileHandle, open, stat, truncate } from "node:fs/promises";

/** Errors, and what is logged about a bad configuration file. Before its log is set up, PostgreSQL signs with its name. */
const complaint =
	/(?:(?:FATAL|PANIC|HINT):\s+|^postgres: |LOG:\s+(?=invalid|unrecognized|syntax|could not bind|parameter))(.*)/;

/**
 * The file that PostgreSQL writes its own log to. PostgreSQL holds it open in append mode, also when it outlives us, so
 * it is bounded by copying it to `<path>.1` and emptying it: at most two times `limit` bytes, and what a minute adds.
 */
export class LogFile {
	readonly path: string;
	readonly #limit: number;
	#handle: FileHandle | null = null;
	#timer: NodeJS.Timeout | null = null;
	#bounding: Promise<void> = Promise.resolve();
	/** Where the present start's lines begin. */
	#begin = 0;

	constructor(path: string, limit: number) {
		this.path = path;
		this.#limit = limit;
	}

	/** Opens it and keeps it bounded until `close()`. */
	async open(onError: (error: unknown) => void): Promise<void> {
		this.#handle = await open(this.path, "a", 0o600);
		await this.bound();
		this.#timer = setInterval(() => {
			this.#bounding = this.bound().catch(onError);
		}, 60_000);
		this.#timer.unref();
	}

	/** For the child's stdout and stderr. */
	get descriptor(): number {
		if (this.#handle === null) throw new Error(`${this.path} is not open.`);
		return this.#handle.fd;
	}

	/** Copies and empties it when it has grown past its limit. */
	async bound(): Promise<void> {
		if ((await stat(this.path)).size <= this.#limit) return;
		await copyFile(this.path, `${this.path}.1`);
		await truncate(this.path);
	}

	/** What follows is what `reason()` looks at. */
	async mark(): Promise<void> {
		this.#begin = (await stat(this.path)).size;
	}

	/** Why PostgreSQL ended since `mark()`: its last lines of complaint, as one line; empty when it said nothing. */
	async reason(): Promise<string> {
		const handle = await open(this.path, "r");
		try {
			const { size } = await handle.stat();
			const from = Math.max(size < this.#begin ? 0 : this.#begin, size - 64 * 1024);
			const buffer = Buffer.alloc(size - from);
			await handle.read(buffer, 0, buffer.length, from);
			const lines = buffer.toString("utf8").split("\n");
			const told = lines.flatMap((line) => complaint.exec(line)?.[1] ?? []);
			return (told.length > 0 ? told : lines.filter((line) => line !== "").slice(-1)).slice(-3).join("; ");
		} finally {
			await handle.close();
		}
	}

	async close(): Promise<void> {
		if (this.#timer !== null) clearInterval(this.#timer);
		this.#timer = null;
		await this.#bounding;
		await this.#handle?.close();
		this.#handle = null;
	}
}
