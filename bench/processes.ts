import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startOptions } from "../scripts/start-options.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What a process of the benchmark could not do. */
interface Failed {
	failed: string;
}

/** A process that answers one message with one message. */
export class Worker {
	readonly #child: ChildProcess;

	constructor(path: string) {
		this.#child = fork(here(path), {
			execArgv: ["--import", "tsx"],
			stdio: ["ignore", "inherit", "inherit", "ipc"],
		});
	}

	get pid(): number {
		return this.#child.pid ?? 0;
	}

	ask<Answer>(question: object): Promise<Answer> {
		return new Promise((resolve, reject) => {
			const ended = (status: number | null) => reject(new Error(`a process of the benchmark ended with ${status}`));
			this.#child.once("exit", ended);
			this.#child.once("message", (answer) => {
				this.#child.off("exit", ended);
				if (isFailed(answer)) reject(new Error(answer.failed));
				// Both ends are ours and compiled together.
				else resolve(answer as Answer);
			});
			this.#child.send(question, (error) => {
				if (error) reject(error);
			});
		});
	}

	async end(): Promise<void> {
		if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
		const ended = new Promise((resolve) => this.#child.once("exit", resolve));
		this.#child.kill("SIGTERM");
		await ended;
	}
}

/** The other end of a `Worker`: answers each message by what `answer` makes of it. */
export function answering<Question>(answer: (question: Question) => Promise<object>): void {
	// Nobody asks any more.
	process.once("disconnect", () => process.exit());
	process.on("message", async (question) => {
		try {
			// Both ends are ours and compiled together.
			process.send?.(await answer(question as Question));
		} catch (error) {
			// Whoever asked decides what becomes of it.
			process.send?.({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
		}
	});
}

function isFailed(answer: unknown): answer is Failed {
	return typeof answer === "object" && answer !== null && "failed" in answer && typeof answer.failed === "string";
}

/** The service as it is shipped, with its embedded database in a folder of its own. */
export class ServiceUnderTest {
	readonly #execArgv: readonly string[];
	readonly #env: Readonly<Record<string, string>>;
	/** Where its database and the file with its address lie. */
	readonly folder: string;
	#child: ChildProcess | null = null;
	port = 0;

	private constructor(folder: string, execArgv: readonly string[], env: Readonly<Record<string, string>>) {
		this.folder = folder;
		this.#execArgv = execArgv;
		this.#env = env;
	}

	/**
	 * @param execArgv for Node itself: `--cpu-prof`, for instance
	 * @param env settings besides; a DATABASE_URL among them takes the place of the embedded database
	 */
	static async start(
		execArgv: readonly string[] = [],
		env: Readonly<Record<string, string>> = {},
	): Promise<ServiceUnderTest> {
		const service = new ServiceUnderTest(await mkdtemp(join(tmpdir(), "perigee-bench-")), execArgv, env);
		await service.#begin();
		return service;
	}

	/** Ends it and starts it again on the same data; gives the seconds from its start to its first answer. */
	async restart(): Promise<number> {
		await this.#end();
		const began = performance.now();
		await this.#begin();
		const { ok } = await fetch(`http://127.0.0.1:${this.port}/healthcheck`);
		if (!ok) throw new Error("the service is not healthy after a start");
		return (performance.now() - began) / 1_000;
	}

	async #begin(): Promise<void> {
		const child = fork(here("../dist/server/main.js"), {
			env: {
				...process.env,
				PORT: "0",
				DATA_DIR: this.folder,
				LUNA_STREAMS_LOGGER__LOG_LEVEL: "info",
				// Streams in progress stay so while something else is measured.
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__PERIOD: "3600",
				...this.#env,
			},
			execArgv: [...startOptions, ...this.#execArgv],
			stdio: ["ignore", "pipe", "inherit", "ipc"],
		});
		this.#child = child;
		this.port = await new Promise<number>((resolve, reject) => {
			let said = "";
			child.stdout?.setEncoding("utf8").on("data", (text: string) => {
				said += text;
				const url = /"url":"http:\/\/[^"]*:(\d+)"/.exec(said);
				if (url) resolve(Number(url[1]));
			});
			child.once("exit", (status) => reject(new Error(`the service ended with ${status}: ${said}`)));
		});
	}

	get pid(): number {
		return this.#child?.pid ?? 0;
	}

	async stop(): Promise<void> {
		await this.#end();
		await rm(this.folder, { recursive: true, force: true });
	}

	async #end(): Promise<void> {
		const child = this.#child;
		if (child === null || child.exitCode !== null || child.signalCode !== null) return;
		const ended = new Promise((resolve) => child.once("exit", resolve));
		child.kill("SIGTERM");
		await ended;
	}
}
