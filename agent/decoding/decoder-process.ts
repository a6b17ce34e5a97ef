import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { VideoInfo } from "../api/feedback.ts";
import { maskText } from "../masking.ts";
import { SourceError } from "../source-errors.ts";
import type { DecodingJob, FromDecoder, ToDecoder } from "./messages.ts";

/** Milliseconds without a sign of life after which a decoder is given up; it gives one twice a second. */
const SILENCE = 15_000;
/** Milliseconds that a decoder has for letting go of its source. */
const STOP_TIME = 1000;
/** Characters of what a process printed last, for the log when it crashes. */
const LAST_WORDS = 2000;
/** Of JavaScript's heap; pictures lie outside it. */
const HEAP_MB = 96;

/** What a decoding tells its owner while it runs. */
export interface DecodingEvents {
	up(info: VideoInfo): void;
	measured(info: VideoInfo): void;
	picture(jpeg: Uint8Array): void;
}

/** How a decoding ended. */
export type DecodingEnd =
	| { kind: "ended"; info: VideoInfo | null }
	| { kind: "failed"; error: SourceError }
	| { kind: "stopped" };

/** A decoding under way in a process of its own. */
export interface Decoding {
	/** Resolves once, when the process is gone. Never rejects. */
	readonly end: Promise<DecodingEnd>;
	/** Whether somebody watches its pictures. */
	watch(on: boolean): void;
	/** Ends it, within about a second. */
	stop(): Promise<void>;
}

/** Starts one attempt at a source. */
export type StartDecoding = (job: DecodingJob, events: DecodingEvents) => Decoding;

/** Starts a decoder process for the job (decision 003 says why a process). */
export const startDecoding: StartDecoding = (job, events) => new DecoderProcess(job, events);

class DecoderProcess implements Decoding {
	readonly end: Promise<DecodingEnd>;
	readonly #process: ChildProcess;
	readonly #events: DecodingEvents;
	#outcome: DecodingEnd | null = null;
	#lastWords = "";
	#silence: NodeJS.Timeout;
	#stopping: NodeJS.Timeout | null = null;

	constructor(job: DecodingJob, events: DecodingEvents) {
		this.#events = events;
		this.#process = spawnDecoder();
		this.#silence = setTimeout(() => this.#giveUp(), SILENCE);
		this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
		});
		this.#process.on("message", (message: FromDecoder) => this.#hear(message));
		this.end = new Promise((resolve) => {
			const gone = (how: string) => {
				clearTimeout(this.#silence);
				clearTimeout(this.#stopping ?? undefined);
				const crash = maskText(`the decoder process ended (${how}) ${this.#lastWords}`.trim());
				resolve(this.#outcome ?? { kind: "failed", error: new SourceError("decoder_crashed", crash) });
			};
			this.#process.once("exit", (code, signal) => gone(signal ?? `code ${code}`));
			this.#process.once("error", (error) => gone(error.message));
		});
		this.#tell({ kind: "decode", job });
	}

	watch(on: boolean): void {
		this.#tell({ kind: "watch", on });
	}

	async stop(): Promise<void> {
		if (this.#outcome === null) {
			this.#outcome = { kind: "stopped" };
			this.#tell({ kind: "stop" });
			this.#stopping = setTimeout(() => this.#process.kill("SIGKILL"), STOP_TIME);
		}
		await this.end;
	}

	#hear(message: FromDecoder): void {
		this.#silence.refresh();
		switch (message.kind) {
			case "stopped":
				this.#process.kill("SIGKILL");
				return;
			case "ended":
				this.#finish({ kind: "ended", info: message.info });
				return;
			case "failed":
				this.#finish({ kind: "failed", error: new SourceError(message.error, message.detail) });
				return;
			case "unavailable":
				this.#finish({ kind: "failed", error: new SourceError("decoder_crashed", message.reason) });
				return;
		}
		if (this.#outcome !== null) return;
		if (message.kind === "up") this.#events.up(message.info);
		if (message.kind === "alive" && message.info !== null) this.#events.measured(message.info);
		if (message.kind === "picture") {
			this.#events.picture(message.jpeg);
			this.#tell({ kind: "seen" });
		}
	}

	#finish(outcome: DecodingEnd): void {
		this.#outcome ??= outcome;
		this.#process.kill("SIGKILL");
	}

	#giveUp(): void {
		this.#finish({ kind: "failed", error: new SourceError("decoder_stuck", `no sign of life for ${SILENCE} ms`) });
	}

	#tell(message: ToDecoder): void {
		// What does not reach a process that has just ended, its end answers for.
		if (this.#process.connected) this.#process.send(message, () => undefined);
	}
}

/**
 * Whether decoding is possible here: the version of FFmpeg, or why not. Asked of a process like those that will decode,
 * so that the agent itself never loads native code.
 */
export async function checkDecoder(): Promise<{ ffmpeg: string } | { reason: string }> {
	const child = spawnDecoder();
	const timer = setTimeout(() => child.kill("SIGKILL"), SILENCE);
	try {
		return await new Promise((resolve) => {
			child.once("message", (message: FromDecoder) => {
				if (message.kind === "ready") resolve({ ffmpeg: message.ffmpeg });
				if (message.kind === "unavailable") resolve({ reason: message.reason });
			});
			child.once("exit", (code, signal) =>
				resolve({ reason: `the decoder process ended (${signal ?? `code ${code}`})` }),
			);
			child.once("error", (error) => resolve({ reason: error.message }));
		});
	} finally {
		clearTimeout(timer);
		child.kill("SIGKILL");
	}
}

/** Only what a decoder may need of the environment: none of the agent's secrets. */
function spawnDecoder(): ChildProcess {
	const typescript = import.meta.url.endsWith(".ts");
	const env = Object.entries(process.env).filter(([name]) =>
		/^(PATH|HOME|TMPDIR|TZ|LANG|LD_LIBRARY_PATH|NODE_PATH)$/.test(name),
	);
	return fork(fileURLToPath(new URL(typescript ? "decoder.ts" : "decoder.js", import.meta.url)), {
		execArgv: [`--max-old-space-size=${HEAP_MB}`, ...(typescript ? ["--import", import.meta.resolve("tsx")] : [])],
		env: Object.fromEntries(env),
		serialization: "advanced",
		stdio: ["ignore", "ignore", "pipe", "ipc"],
	});
}
