import { type ChildProcess, spawn } from "node:child_process";
import { programInPath } from "../program-in-path.ts";

/** A program that Debian gives: the names it may have, and how to get it. */
export interface Wanted {
	/** What it is to the reader. */
	what: string;
	names: readonly string[];
	install: string;
}

export const REDIS: Wanted = {
	what: "Redis",
	names: ["redis-server", "valkey-server"],
	install: "apt-get install redis-server",
};
export const HAPROXY: Wanted = { what: "HAProxy", names: ["haproxy"], install: "apt-get install haproxy" };

/** Milliseconds that a program may take to end before it is killed. */
const STOP_PATIENCE = 8_000;
const LAST_BYTES = 4_000;
/** The shell ends the program when its input ends: with this process, however that ends. */
const KEEPER =
	'"$@" & p=$!; echo "pid $p"; exec 3<&0; { cat <&3 >/dev/null; kill -KILL $p; } & k=$!; wait $p; s=$?; kill $k; exit $s';

/**
 * The path of the program.
 *
 * @throws Error one line that says how to install it
 */
export function find({ what, names, install }: Wanted): string {
	const path = programInPath(names);
	if (path !== undefined) return path;
	throw new Error(`There is no ${what} (${names.join(" or ")}) on this machine. Install it: ${install}`);
}

/**
 * A program that is not ours, in a process group of its own: a Ctrl-C in the terminal reaches us and not it, and it ends
 * when we end, however that happens.
 */
export class OutsideProgram {
	readonly name: string;
	/** Resolves when it is gone. Never rejects. */
	readonly ended: Promise<void>;
	readonly #shell: ChildProcess;
	readonly #started: Promise<number>;
	#said = "";
	#over = false;

	constructor(name: string, command: readonly string[]) {
		this.name = name;
		const shell = spawn("sh", ["-c", KEEPER, "sh", ...command], { detached: true, stdio: "pipe" });
		this.#shell = shell;
		// A program that is gone closes its pipes; what was to be said to it is of no use then.
		shell.stdin.on("error", () => undefined);
		this.ended = new Promise((resolve) => {
			const end = () => {
				this.#over = true;
				// What is left of the keeper goes with its input.
				shell.stdin.end();
				resolve();
			};
			shell.once("error", end);
			shell.once("exit", end);
		});
		this.#started = new Promise((resolve, reject) => {
			const hear = (bytes: Buffer) => {
				this.#said = (this.#said + bytes.toString()).slice(-LAST_BYTES);
				const pid = Number(/^pid (\d+)$/m.exec(this.#said)?.[1]);
				if (pid > 0) resolve(pid);
			};
			shell.stdout.on("data", hear);
			shell.stderr.on("data", hear);
			void this.ended.then(() => reject(new Error(`${name} does not start: ${this.#said}`)));
		});
		// Whoever waits for it hears of it; nobody has to.
		this.#started.catch(() => undefined);
	}

	get over(): boolean {
		return this.#over;
	}

	/** The last it printed. */
	get said(): string {
		return this.#said.replace(/^pid \d+\n/m, "").trim();
	}

	/** Sends a signal, and kills it when it is not gone some seconds later. */
	async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
		if (this.#over) return;
		const pid = await this.#started;
		process.kill(pid, signal);
		// Its input ended, the shell kills the program.
		const timer = setTimeout(() => this.#shell.stdin?.end(), STOP_PATIENCE);
		await this.ended;
		clearTimeout(timer);
	}
}
