import { Child } from "../demo/child.ts";
import { startOptions } from "../start-options.ts";
import { healthy, until } from "./answers.ts";

const READY_WITHIN = 60_000;

export interface NodeOptions {
	/** Counts from 1. */
	number: number;
	port: number;
	env: Readonly<Record<string, string>>;
	logFile: string;
}

/** One node of the cluster: the built service in a process of its own. */
export class ClusterNode {
	readonly url: string;
	readonly child: Child;

	constructor({ number, port, env, logFile }: NodeOptions) {
		this.url = `http://127.0.0.1:${port}`;
		this.child = new Child({
			name: `node ${number}`,
			script: "dist/server/main.js",
			options: startOptions,
			env: { ...env, PORT: String(port), HOST: "127.0.0.1" },
			logFile,
		});
	}

	/**
	 * Resolves when it serves.
	 *
	 * @throws Error with its last lines when it does not
	 */
	async ready(signal: AbortSignal): Promise<void> {
		const late = () => `The ${this.child.name} does not become healthy:\n${this.child.explanation}`;
		const check = async () => {
			if (this.child.died) throw new Error(`The ${this.child.name} ended:\n${this.child.explanation}`);
			return healthy(this.url);
		};
		await until(check, READY_WITHIN, late, signal);
	}
}
