import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { LogFile } from "./log-file.ts";

/** How long a child may take to end when it is asked to. */
const STOP_MS = 20_000;
/** How long what a dead child has left behind may take. */
const CLEAR_UP_MS = 5000;
const leash = new URL("./leash.mjs", import.meta.url).href;
const root = fileURLToPath(new URL("../../", import.meta.url));

export interface ChildOptions {
	readonly name: string;
	/** Below the project's root; TypeScript is run as it is. */
	readonly script: string;
	/** Options of Node. */
	readonly options?: readonly string[];
	readonly args?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly logFile: string;
}

/**
 * A process of the demo. It is in a process group of its own: a Ctrl-C in the terminal reaches only the demo, which then
 * ends its children one after the other. If the demo itself is killed, they end by themselves (see leash.mjs).
 */
export class Child {
	readonly name: string;
	/** Resolves when the process is gone, with how it went (`status 1`, `SIGKILL`). Never rejects. */
	readonly ended: Promise<string>;
	readonly #process: ChildProcess;
	readonly #log: LogFile;
	#gone = false;
	#wanted = false;

	constructor(options: ChildOptions) {
		this.name = options.name;
		this.#log = new LogFile(options.logFile);
		const loader = options.script.endsWith(".ts") ? ["--import", "tsx"] : [];
		const args = [...(options.options ?? []), ...loader, "--import", leash, options.script, ...(options.args ?? [])];
		this.#process = spawn(process.execPath, args, {
			cwd: root,
			detached: true,
			stdio: ["ignore", "pipe", "pipe", "ipc"],
			env: { ...process.env, ...options.env, DEMO_LEASH: "1" },
		});
		this.#process.stdout?.on("data", (bytes: Buffer) => this.#log.write(bytes));
		this.#process.stderr?.on("data", (bytes: Buffer) => this.#log.write(bytes));
		this.ended = this.#untilEnd();
	}

	/** True when it ended without having been asked to. */
	get died(): boolean {
		return this.#gone && !this.#wanted;
	}

	/** The last it printed, and where the rest is. */
	get explanation(): string {
		return [...this.#log.lastLines.map((line) => `  ${line}`), `  (all of it: ${this.#log.path})`].join("\n");
	}

	/** True until it has printed something. */
	get silent(): boolean {
		return this.#log.lastLines.length === 0;
	}

	/**
	 * The first message it sends.
	 *
	 * @throws when it ends before
	 */
	async message(): Promise<unknown> {
		const ended = this.ended.then((how) => Promise.reject(new Error(`The ${this.name} ended with ${how}.`)));
		const [message] = await Promise.race([once(this.#process, "message"), ended]);
		return message;
	}

	/**
	 * Asks it to end (SIGTERM), and kills it when that takes longer than 20 s. What one that died has left behind is
	 * ended as well.
	 *
	 * @returns how it ended, or undefined when it was gone already
	 */
	async stop(): Promise<string | undefined> {
		if (this.#gone) {
			if (this.died) await this.#clearUp();
			return undefined;
		}
		this.#wanted = true;
		this.#process.kill("SIGTERM");
		const timer = setTimeout(() => this.kill(), STOP_MS);
		try {
			return await this.ended;
		} finally {
			clearTimeout(timer);
		}
	}

	/** Ends it and all that it started, at once. */
	kill(): void {
		this.#wanted = true;
		this.#signalGroup("SIGKILL");
	}

	/** An agent's decoders end by themselves when it is gone, which takes a moment. */
	async #clearUp(): Promise<void> {
		const until = performance.now() + CLEAR_UP_MS;
		while (this.#signalGroup(0) && performance.now() < until) await delay(50);
		this.#signalGroup("SIGKILL");
	}

	/** @returns false when nobody of its group is left */
	#signalGroup(signal: NodeJS.Signals | 0): boolean {
		const pid = this.#process.pid;
		if (pid === undefined) return false;
		try {
			return process.kill(-pid, signal);
		} catch (error) {
			if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
			throw error;
		}
	}

	#untilEnd(): Promise<string> {
		return new Promise((resolve) => {
			const end = (how: string) => {
				this.#gone = true;
				this.#log.close();
				resolve(how);
			};
			this.#process.once("error", (error) => end(error.message));
			// "close" comes after all of its output.
			this.#process.once("close", (code, signal) => end(signal ?? `status ${code ?? 0}`));
		});
	}
}
