import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { startOptions } from "../../scripts/start-options.ts";
import { ApiClient } from "./api-client.ts";

const root = resolve(import.meta.dirname, "../..");

/** Nothing of the test run's own environment that the service would read. */
function environment(env: Record<string, string>): Record<string, string | undefined> {
	const { PATH, HOME, TMPDIR } = process.env;
	return { PATH, HOME, TMPDIR, ...env };
}

/** A program of this project in a process of its own, and what it says. */
export class Program {
	readonly child: ChildProcess;
	/** Lines of its log so far; what is no JSON stands under `text`. */
	readonly lines: Record<string, unknown>[] = [];
	stderr = "";
	/** Exit status or signal, when it has ended and all it said was heard. */
	readonly ended: Promise<number | string>;
	over = false;
	readonly #heard = new Set<() => void>();

	constructor(args: string[], env: Record<string, string> = {}, command = process.execPath) {
		const child = spawn(command, args, {
			cwd: root,
			env: environment(env),
			stdio: ["ignore", "pipe", "pipe"],
		});
		this.child = child;
		createInterface(child.stdout).on("line", (line) => {
			this.lines.push(parsed(line));
			for (const check of this.#heard) check();
		});
		child.stderr.on("data", (chunk) => {
			this.stderr += chunk;
		});
		this.ended = once(child, "close").then(([code, signal]) => {
			this.over = true;
			for (const check of this.#heard) check();
			return (code ?? signal) as number | string;
		});
	}

	get pid(): number {
		return this.child.pid ?? 0;
	}

	/** The first line with this message; rejects when the program ends without it. */
	said(message: string): Promise<Record<string, unknown>> {
		return new Promise((resolve, reject) => {
			const check = () => {
				const line = this.lines.find(({ msg }) => msg === message);
				if (line === undefined && !this.over) return;
				this.#heard.delete(check);
				if (line) resolve(line);
				else reject(new Error(`it ended before '${message}': ${this.stderr}${JSON.stringify(this.lines.slice(-5))}`));
			};
			this.#heard.add(check);
			check();
		});
	}

	/** Ends it at once, by its pid, and waits for its end. */
	async kill(): Promise<void> {
		this.child.kill("SIGKILL");
		await this.ended;
	}
}

function parsed(line: string): Record<string, unknown> {
	try {
		return JSON.parse(line) as Record<string, unknown>;
	} catch {
		// Not a log line: kept for the error message.
		return { text: line };
	}
}

/** The service as `npm start` starts it: built, which the run's beginning has seen to. */
export class ServiceProcess extends Program {
	readonly #clients: ApiClient[] = [];
	url = "";

	constructor(env: Record<string, string>, main = ["dist/server/main.js"]) {
		super([...startOptions, ...main], { PORT: "0", ...env });
	}

	/** Resolves when it serves. */
	async ready(): Promise<this> {
		this.url = String((await this.said("ready"))["url"]);
		return this;
	}

	client(options?: { connections?: number; agentId?: string }): ApiClient {
		const client = new ApiClient(this.url, options);
		this.#clients.push(client);
		return client;
	}

	get port(): number {
		return Number(new URL(this.url).port);
	}

	/** Ends it however it stands. To be called after each test that started one. */
	async end(): Promise<void> {
		for (const client of this.#clients) client.close();
		if (!this.over) await this.kill();
	}
}
