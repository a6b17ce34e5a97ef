import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoadJob, LoadResult } from "./load/job.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A process that answers one message with one message. */
export class Worker {
	readonly #child: ChildProcess;

	constructor(path: string, env: Record<string, string> = {}) {
		this.#child = fork(here(path), {
			execArgv: ["--import", "tsx"],
			env: { ...process.env, ...env },
			stdio: ["ignore", "inherit", "inherit", "ipc"],
		});
	}

	ask<Answer>(question: object): Promise<Answer> {
		return new Promise((resolve, reject) => {
			const ended = (status: number | null) => reject(new Error(`a process of the benchmark ended with ${status}`));
			this.#child.once("exit", ended);
			this.#child.once("message", (answer) => {
				this.#child.off("exit", ended);
				// Both ends are ours and compiled together.
				resolve(answer as Answer);
			});
			this.#child.send(question);
		});
	}

	async end(): Promise<void> {
		if (this.#child.exitCode !== null) return;
		const ended = new Promise((resolve) => this.#child.once("exit", resolve));
		this.#child.kill("SIGTERM");
		await ended;
	}
}

/** The service as it is shipped, with its embedded database in a folder of its own. */
export class ServiceUnderTest {
	readonly #child: ChildProcess;
	readonly #folder: string;
	readonly port: number;

	private constructor(child: ChildProcess, folder: string, port: number) {
		this.#child = child;
		this.#folder = folder;
		this.port = port;
	}

	static async start(): Promise<ServiceUnderTest> {
		const folder = await mkdtemp(join(tmpdir(), "perigee-bench-"));
		const child = fork(here("../dist/server/main.js"), {
			env: { ...process.env, PORT: "0", DATA_DIR: folder, LUNA_STREAMS_LOGGER__LOG_LEVEL: "info" },
			execArgv: (process.env["BENCH_SERVICE_ARGS"] ?? "").split(" ").filter(Boolean),
			stdio: ["ignore", "pipe", "inherit", "ipc"],
		});
		const port = await new Promise<number>((resolve, reject) => {
			let said = "";
			child.stdout?.setEncoding("utf8").on("data", (text: string) => {
				said += text;
				const url = /"url":"http:\/\/[^"]*:(\d+)"/.exec(said);
				if (url) resolve(Number(url[1]));
			});
			child.once("exit", (status) => reject(new Error(`the service ended with ${status}: ${said}`)));
		});
		return new ServiceUnderTest(child, folder, port);
	}

	get pid(): number {
		return this.#child.pid ?? 0;
	}

	/** The connection string of its database, for ceilings and for filling it. */
	get folder(): string {
		return this.#folder;
	}

	async stop(): Promise<void> {
		const ended = new Promise((resolve) => this.#child.once("exit", resolve));
		this.#child.kill("SIGTERM");
		await ended;
		await rm(this.#folder, { recursive: true, force: true });
	}
}

/** Puts a load on a port, from a process of its own. */
export async function load(job: LoadJob): Promise<LoadResult> {
	const generator = new Worker("./load/generator.ts");
	try {
		const result = await generator.ask<LoadResult>(job);
		if (result.errors > 0) throw new Error(`${result.errors} of ${result.requests} answers were not what was expected`);
		return result;
	} finally {
		await generator.end();
	}
}
