import type { StreamEvent } from "../../actors/cluster/cluster.ts";
import type { AgentFigures } from "../../persistence/console/agents.ts";
import type { Scope } from "../../persistence/scope.ts";
import type { ConsoleRow } from "../schemas/console/row.ts";
import type { ConsoleReads } from "./reads.ts";

/** Streams in queue order, and agents, that are shown. */
const FIRST = 100;
const AGENTS = 500;
const SECONDS = 60;

/** What waits, who takes, and which agents are seen. */
export interface QueueState {
	pending: number;
	held_back: number;
	/** Takers that wait on this node. */
	waiters: number;
	first: ConsoleRow[];
	agents: AgentFigures[];
	/** On all nodes, as far as they could tell; of a caller who sees some groups only, of their accounts. */
	taken_per_minute: number;
}

/** Counts what agents take, and reads the rest of what the console's queue shows. */
export class QueueBoard {
	readonly #reads: ConsoleReads;
	readonly #waiters: () => number;
	/** What was taken in each of the last seconds, by account. */
	readonly #taken = new Map<number, Map<string, number>>();

	constructor(reads: ConsoleReads, waiters: () => number) {
		this.#reads = reads;
		this.#waiters = waiters;
	}

	hear(events: readonly StreamEvent[]): void {
		const second = Math.floor(performance.now() / 1_000);
		for (const { taken, account_id } of events) {
			if (!taken) continue;
			const accounts = this.#taken.get(second) ?? new Map<string, number>();
			this.#taken.set(second, accounts.set(account_id, (accounts.get(account_id) ?? 0) + 1));
		}
		for (const old of this.#taken.keys()) if (old <= second - SECONDS) this.#taken.delete(old);
	}

	async read(scope: Scope): Promise<QueueState> {
		const [{ pending, held_back, first }, agents] = await Promise.all([
			this.#reads.queue(scope, FIRST),
			this.#reads.agents(scope, AGENTS),
		]);
		const found = new Map((await this.#reads.rows(first)).map((stream) => [stream.stream_id, stream.row]));
		return {
			pending,
			held_back,
			waiters: this.#waiters(),
			first: first.flatMap((id) => found.get(id) ?? []),
			agents,
			taken_per_minute: this.#takenLately(scope),
		};
	}

	#takenLately({ accounts }: Scope): number {
		const since = Math.floor(performance.now() / 1_000) - SECONDS;
		let count = 0;
		for (const [second, taken] of this.#taken)
			if (second > since)
				for (const [account, streams] of taken) if (accounts === null || accounts.includes(account)) count += streams;
		return count;
	}
}
