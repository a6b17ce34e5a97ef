import { setTimeout as delay } from "node:timers/promises";
import { Connection, rawRequest } from "../load/client.ts";
import { FEEDBACK } from "../site.ts";

/** What an agent says of a stream: that it goes on, with this error. */
export function feedbackWithError(stream_id: string, desc: string): Buffer {
	const error = { error_code: 7, desc, detail: desc };
	const streams = [{ stream_id, version: 1, status: "in_progress", error }];
	return rawRequest("POST", FEEDBACK, JSON.stringify({ streams }));
}

/**
 * Changes one stream after the other by the feedback of an agent, `rate` a second in evenly spaced requests, until `stop`.
 * Every one is a change that is committed, logged and told.
 */
export class Events {
	readonly #port: number;
	readonly #ids: readonly string[];
	readonly #rate: number;
	#over = false;
	#running: Promise<void> | undefined;
	sent = 0;

	constructor(port: number, ids: readonly string[], rate: number) {
		this.#port = port;
		this.#ids = ids;
		this.#rate = rate;
	}

	start(): void {
		this.#running = this.#run();
	}

	async stop(): Promise<void> {
		this.#over = true;
		await this.#running;
	}

	async #run(): Promise<void> {
		const connection = await Connection.open(this.#port);
		const began = performance.now();
		while (!this.#over) {
			const due = Math.floor(((performance.now() - began) / 1000) * this.#rate);
			while (this.sent < due && !this.#over) {
				// A step that shares no factor with the usual counts: all are met, in no order that the table knows.
				const id = this.#ids[(this.sent * 7919) % this.#ids.length] ?? "";
				const { status } = await connection.ask(feedbackWithError(id, `event ${this.sent}`));
				if (status !== 200) throw new Error(`feedback was answered with ${status}`);
				this.sent++;
			}
			await delay(5);
		}
		connection.close();
	}
}
