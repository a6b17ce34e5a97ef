import { setTimeout as sleep } from "node:timers/promises";
import type postgres from "postgres";
import { Caller, NoAnswer } from "../chaos/caller.ts";
import { streamBody } from "../main-job/stream-bodies.ts";

/** What may be answered to somebody who asks for things that may have become impossible meanwhile. */
const FAIR = new Set([200, 201, 204, 404, 409, 503]);

/** Somebody who pauses, resumes, cancels, writes anew, deletes and creates streams, some each second, at any node. */
export class SoakOperator {
	commands = 0;
	readonly #callers: readonly Caller[];
	readonly #random: () => number;
	readonly #name: string;
	readonly #odd: number[];
	#ids: string[];
	#stopping = false;
	readonly #running: Promise<void>;

	/** @param odd where statuses go that nobody may get */
	constructor(urls: readonly string[], random: () => number, name: string, ids: readonly string[], odd: number[]) {
		this.#callers = urls.map((url) => new Caller(url, { connections: 1 }));
		this.#random = random;
		this.#name = name;
		this.#ids = [...ids];
		this.#odd = odd;
		this.#running = this.#work();
	}

	async end(): Promise<void> {
		this.#stopping = true;
		await this.#running;
		for (const caller of this.#callers) caller.close();
	}

	async #work(): Promise<void> {
		while (!this.#stopping) {
			try {
				await this.#command();
			} catch (error) {
				if (!(error instanceof NoAnswer)) throw error;
			}
			await sleep(50);
		}
	}

	async #command(): Promise<void> {
		const caller = this.#callers[Math.floor(this.#random() * this.#callers.length)];
		const at = Math.floor(this.#random() * this.#ids.length);
		const id = this.#ids[at] ?? "";
		const body = streamBody({ name: this.#name, autorestart: { restart: 1, attempt_count: 3, delay: 5 } });
		const chance = this.#random();
		const answer = await (chance < 0.55
			? caller?.ask("PATCH", `/1/streams/${id}`, { status: "pending" })
			: chance < 0.75
				? caller?.ask("PATCH", `/1/streams/${id}`, { status: chance < 0.65 ? "pause" : "cancel" })
				: chance < 0.85
					? caller?.ask("PUT", `/1/streams/${id}`, body)
					: this.#replace(caller, at, body));
		this.commands++;
		if (answer !== undefined && !FAIR.has(answer.status)) this.#odd.push(answer.status);
	}

	/** One goes and another one comes, so that there are always as many. */
	async #replace(caller: Caller | undefined, at: number, body: object) {
		const gone = await caller?.ask("DELETE", `/1/streams/${this.#ids[at]}`);
		if (gone?.status !== 204) return gone;
		const made = await caller?.ask("POST", "/1/streams", body);
		if (made?.status === 201) this.#ids[at] = (made.body as { stream_id: string }).stream_id;
		else this.#ids.splice(at, 1);
		return made;
	}
}

/** The ids of all streams of this name. */
export async function idsOf(sql: postgres.Sql, name: string): Promise<string[]> {
	return (await sql<{ stream_id: string }[]>`SELECT stream_id FROM streams WHERE name = ${name}`).map(
		({ stream_id }) => stream_id,
	);
}
