import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cannotRun, cleanEnvironment, type Runner } from "./cluster.ts";
import type { DatabaseLogger } from "./database-logger.ts";
import type { LogFile } from "./log-file.ts";
import { readPostmasterFile } from "./postmaster-file.ts";

/** Everything that a start of PostgreSQL needs. */
export interface Launch {
	runner: Runner;
	/** Its data folder. */
	cluster: string;
	/** Path of its configuration file. */
	settings: string;
	port: number;
	log: LogFile;
	logger: DatabaseLogger;
	/** Milliseconds that it may take; a recovery after a crash reads the whole write-ahead log since the last checkpoint. */
	timeout: number;
	/** Aborted when it is not wanted any more. */
	signal?: AbortSignal;
}

/** It ended before it was ready; `taken` tells that another program has its port. */
export class LaunchError extends Error {
	readonly taken: boolean;

	constructor(message: string, taken: boolean) {
		super(message);
		this.taken = taken;
	}
}

/** A running PostgreSQL server that we started. */
export class Postmaster {
	readonly #child: ChildProcess;
	/** Resolves when it has ended, however, with its exit code or signal. */
	readonly ended: Promise<number | string>;
	#over = false;

	private constructor(child: ChildProcess) {
		this.#child = child;
		this.ended = new Promise((resolve) => {
			child.once("exit", (code, signal) => {
				this.#over = true;
				resolve(code ?? signal ?? "gone");
			});
		});
	}

	get pid(): number {
		return this.#child.pid ?? 0;
	}

	/** Resolves when it accepts connections. Throws LaunchError when it ends before. */
	static async launch({ runner, cluster, settings, port, log, logger, timeout, signal }: Launch): Promise<Postmaster> {
		await log.mark();
		const { account, programs } = runner;
		const args = ["-D", cluster, "-c", `config_file=${settings}`, "-c", `port=${port}`];
		const child = spawn(join(programs.folder, "bin", "postgres"), args, {
			cwd: cluster,
			env: cleanEnvironment,
			// A session of its own: a Ctrl-C at the terminal is for us, and we stop it when nothing needs it any more.
			detached: true,
			stdio: ["ignore", log.descriptor, log.descriptor],
			...(account === null ? {} : { uid: account.uid, gid: account.gid }),
		});
		await new Promise<void>((resolve, reject) => {
			child.once("spawn", resolve);
			child.once("error", (cause) => reject(cannotRun("server", cause)));
		});
		// It must not keep our process alive: stop() waits for it, and a process that ends without stop() just ends.
		child.unref();
		const postmaster = new Postmaster(child);
		const begin = performance.now();
		let told = begin;
		for (;;) {
			if (postmaster.#over) {
				const reason = await log.reason();
				throw new LaunchError(
					`PostgreSQL did not start (${reason === "" ? `ended with ${await postmaster.ended}` : reason}); its log is ${log.path}.`,
					/could not create any TCP\/IP sockets|could not bind/i.test(reason),
				);
			}
			const file = await readPostmasterFile(cluster);
			if (file?.pid === postmaster.pid && file.status === "ready") return postmaster;
			const now = performance.now();
			if (signal?.aborted) {
				await postmaster.stop();
				signal.throwIfAborted();
			}
			if (now - begin > timeout) {
				await postmaster.stop();
				throw new LaunchError(`PostgreSQL was not ready after ${timeout / 1000} s; its log is ${log.path}.`, false);
			}
			if (now - told > 10_000) {
				told = now;
				logger.info({ seconds: Math.round((now - begin) / 1000) }, "PostgreSQL is recovering");
			}
			await sleep(10);
		}
	}

	/** Ends it: sessions are cut and a checkpoint is made; when that takes too long, without the checkpoint. */
	async stop(): Promise<void> {
		const steps: [NodeJS.Signals, number][] = [
			["SIGINT", 20_000],
			["SIGQUIT", 5_000],
			["SIGKILL", 5_000],
		];
		this.#child.ref();
		for (const [signal, timeout] of steps) {
			if (this.#over) return;
			this.#child.kill(signal);
			const timer = new AbortController();
			// Aborted below, when it has ended in time.
			const late = sleep(timeout, undefined, { signal: timer.signal }).catch(() => undefined);
			await Promise.race([this.ended, late]);
			timer.abort();
		}
	}
}
