import { expect } from "vitest";
import { endsAt, explainLogPath } from "../support/log-path.ts";
import { type ApiClient, type StreamView, Unanswered, Unexpected } from "./api-client.ts";
import { ACCOUNT, streamBody } from "./stream-bodies.ts";

/** A stream as its owner knows it from the answers it was given. */
interface KnownStream {
	id: string;
	version: number;
	/** The records of every change that was answered. */
	log: string[];
	/** Those of the command under way: nobody knows whether they happened when its answer does not come. */
	maybe: string[] | null;
}

const HOLDS = ["pending", "pause", "in_progress", "done", "failure", "cancel"];
const PATCHES: Record<string, readonly string[]> = {
	pause: ["pending", "in_progress", "done", "failure", "cancel"],
	cancel: ["pending", "in_progress", "pause"],
	pending: ["pause", "done", "cancel", "failure"],
};

/**
 * A client that commands streams of its own, one command after the other, and keeps a ledger of what was answered. Each
 * command is one that the lifecycle allows, so any answer but success is a mistake of the service.
 */
export class LedgerKeeper {
	readonly name: string;
	readonly streams = new Map<string, KnownStream>();
	/** A create whose answer has not come. */
	#creating = false;
	readonly #random: () => number;

	constructor(name: string, random: () => number) {
		this.name = name;
		this.#random = random;
	}

	/**
	 * One command after the other, until one is not answered, or with 503 (then it may stand or not), or `enough` says that
	 * it is enough. `answered` hears of each that is.
	 */
	async work(api: ApiClient, answered: () => void, enough: () => boolean = () => false): Promise<void> {
		const commands = [
			() => this.#create(api),
			() => this.#create(api),
			() => this.#take(api, 1 + this.#number(5)),
			() => this.#take(api, 1 + this.#number(5)),
			() => this.#report(api),
			() => this.#report(api),
			() => this.#patch(api),
			() => this.#patch(api),
			() => this.#put(api),
			() => this.#remove(api),
		];
		while (!enough())
			try {
				await commands[this.#number(commands.length)]?.();
				answered();
			} catch (error) {
				if (error instanceof Unanswered || (error instanceof Unexpected && error.status === 503)) return;
				throw error;
			}
	}

	/** Takes of its own. */
	async #take(api: ApiClient, limit: number): Promise<void> {
		const pending = this.#showing(["pending"]);
		for (const stream of pending) stream.maybe = ["in_progress"];
		const taken = await api.take(limit, { names: [this.name] });
		for (const { stream_id } of taken) {
			expect(pending.map(({ id }) => id)).toContain(stream_id);
			this.streams.get(stream_id)?.log.push("in_progress");
		}
		for (const stream of pending) stream.maybe = null;
	}

	/**
	 * Compares with what the service has after an outage: every answered change is there, one that was not answered is
	 * there whole or not at all, every log is a path of the table, and every row stands where its log ends.
	 */
	async verify(api: ApiClient, logs: ReadonlyMap<string, string[]>): Promise<void> {
		const rows = new Map<string, StreamView>();
		for (let page = 1; ; page++) {
			const streams = await api.list(`names=${this.name}&page=${page}&page_size=1000`);
			for (const stream of streams) rows.set(stream.stream_id, stream);
			if (streams.length < 1000) break;
		}
		for (const [id, row] of rows) {
			if (this.streams.has(id)) continue;
			expect(this.#creating, `${id} was created and nobody asked for it`).toBe(true);
			this.#creating = false;
			this.streams.set(id, { id, version: row.version, log: ["pending"], maybe: null });
		}
		this.#creating = false;
		for (const stream of this.streams.values()) {
			const found = logs.get(stream.id) ?? [];
			const story = `${stream.id}: known ${stream.log.join(" ")}, under way ${stream.maybe?.join(" ")}, found ${found.join(" ")}`;
			const happened = found.length > stream.log.length;
			expect(found, story).toEqual([...stream.log, ...(happened ? (stream.maybe ?? []) : [])]);
			expect(explainLogPath(found), story).toBeNull();
			const row = rows.get(stream.id);
			expect(row?.status ?? "deleted", story).toBe(endsAt(found));
			if (happened && stream.maybe?.[0] === "restart" && row !== undefined) stream.version++;
			if (row !== undefined) expect(row.version, story).toBe(stream.version);
			stream.log = found;
			stream.maybe = null;
		}
	}

	#number(below: number): number {
		return Math.floor(this.#random() * below);
	}

	#showing(statuses: readonly string[]): KnownStream[] {
		return [...this.streams.values()].filter(({ log }) => statuses.includes(endsAt(log)));
	}

	#any(statuses: readonly string[]): KnownStream | undefined {
		const found = this.#showing(statuses);
		return found[this.#number(found.length)];
	}

	async #create(api: ApiClient): Promise<void> {
		this.#creating = true;
		const id = await api.create(streamBody({ name: this.name }));
		this.#creating = false;
		this.streams.set(id, { id, version: 1, log: ["pending"], maybe: null });
	}

	async #report(api: ApiClient): Promise<void> {
		const reported = this.#showing(["in_progress"]).slice(0, 1 + this.#number(5));
		const items = reported.map((stream) => {
			const status = ["done", "failure", "handler_lost"][this.#number(3)] ?? "done";
			stream.maybe = status === "handler_lost" ? ["handler_lost", "restart", "pending"] : [status];
			return { stream_id: stream.id, version: stream.version, status };
		});
		const { modified } = await api.feedback(items);
		expect(modified.length).toBe(items.length);
		for (const stream of reported) settle(stream);
	}

	async #patch(api: ApiClient): Promise<void> {
		const status = ["pause", "cancel", "pending"][this.#number(3)] ?? "pause";
		const stream = this.#any(PATCHES[status] ?? []);
		if (stream === undefined) return;
		stream.maybe = [status];
		await api.expect(204, "PATCH", `/1/streams/${stream.id}`, { status });
		settle(stream);
	}

	async #put(api: ApiClient): Promise<void> {
		const stream = this.#any(HOLDS);
		if (stream === undefined) return;
		const status = this.#random() < 0.7 ? "pending" : "pause";
		stream.maybe = ["restart", status];
		const body = streamBody({ name: this.name, status });
		const { version } = await api.expect<{ version: number }>(200, "PUT", `/1/streams/${stream.id}`, body);
		expect(version).toBe(stream.version + 1);
		stream.version = version;
		settle(stream);
	}

	async #remove(api: ApiClient): Promise<void> {
		const stream = this.#any(HOLDS);
		if (stream === undefined) return;
		stream.maybe = ["deleted"];
		await api.expect(204, "DELETE", `/1/streams/${stream.id}`);
		settle(stream);
	}
}

/** The answer has come: it happened. */
function settle(stream: KnownStream): void {
	stream.log.push(...(stream.maybe ?? []));
	stream.maybe = null;
}

/** The statuses of every stream's log, oldest first. */
export async function allLogs(api: ApiClient): Promise<Map<string, string[]>> {
	const logs = new Map<string, string[]>();
	for (const { stream_id, status } of (await api.records(`account_id=${ACCOUNT}`)).reverse()) {
		const log = logs.get(stream_id);
		if (log) log.push(status);
		else logs.set(stream_id, [status]);
	}
	return logs;
}
