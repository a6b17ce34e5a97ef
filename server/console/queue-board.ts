import type { StreamEvent } from "../../actors/cluster/cluster.ts";
import type { AgentFigures } from "../../persistence/console/agents.ts";
import { covers, type Scope, type Scoped } from "../../persistence/scope.ts";
import type { ConsoleRow } from "../schemas/console/row.ts";
import type { Change } from "./feed.ts";
import type { ConsoleReads } from "./reads.ts";

/** Streams in queue order, and agents, that are shown. */
const FIRST = 100;
const AGENTS = 500;
const SECONDS = 60;
/** Streams that were taken and of which it is not known yet in which groups they are: beyond it the oldest is not counted by group. */
const MOST_UNPLACED = 20_000;
/** Accounts with different groups that are told apart in one second; what is beyond is not counted by group. */
const MOST_PLACES = 2_000;

/** What waits, who takes, and which agents are seen. */
export interface QueueState {
	pending: number;
	held_back: number;
	/** Takers that wait on this node; of a caller who does not see everything those that wait for what it sees alone. */
	waiters: number;
	first: ConsoleRow[];
	agents: AgentFigures[];
	/** On all nodes, as far as they could tell; for a caller who sees some groups only, since pages look at this node. */
	taken_per_minute: number;
}

/** What was taken in one second. */
interface Second {
	accounts: Map<string, number>;
	/** By account and groups, since an event does not tell the groups: of what was read since. */
	places: Map<string, Scoped & { count: number }>;
}

/** Counts what agents take, and reads the rest of what the console's queue shows. */
export class QueueBoard {
	readonly #reads: Pick<ConsoleReads, "queue" | "agents" | "rows">;
	readonly #waiters: (scope: Scope) => number;
	/** What was taken in each of the last seconds. */
	readonly #taken = new Map<number, Second>();
	/** The second in which each was taken of whose groups nothing is known yet. */
	readonly #unplaced = new Map<string, number>();

	constructor(reads: Pick<ConsoleReads, "queue" | "agents" | "rows">, waiters: (scope: Scope) => number) {
		this.#reads = reads;
		this.#waiters = waiters;
	}

	hear(events: readonly StreamEvent[]): void {
		const second = now();
		for (const { taken, account_id, stream_id } of events) {
			if (!taken) continue;
			const { accounts } = this.#second(second);
			accounts.set(account_id, (accounts.get(account_id) ?? 0) + 1);
			this.#unplaced.delete(stream_id);
			this.#unplaced.set(stream_id, second);
		}
		for (const old of this.#taken.keys()) if (old <= second - SECONDS) this.#taken.delete(old);
		for (const [stream_id, taken] of this.#unplaced) {
			if (taken > second - SECONDS && this.#unplaced.size <= MOST_UNPLACED) break;
			this.#unplaced.delete(stream_id);
		}
	}

	/**
	 * Streams as they were read after they changed: now it is known in which groups those are that were taken. Answers whether
	 * any was.
	 */
	place(changes: readonly Change[]): boolean {
		let placed = false;
		for (const { stream_id, stream } of changes) {
			const second = this.#unplaced.get(stream_id);
			if (second === undefined) continue;
			this.#unplaced.delete(stream_id);
			placed = true;
			const places = this.#taken.get(second)?.places;
			if (stream === null || places === undefined) continue;
			const { account_id, groups } = stream.source;
			const key = JSON.stringify([account_id, groups]);
			const place = places.get(key);
			if (place !== undefined) place.count++;
			else if (places.size < MOST_PLACES) places.set(key, { account_id, groups, count: 1 });
		}
		return placed;
	}

	async read(scope: Scope): Promise<QueueState> {
		const [{ pending, held_back, first }, agents] = await Promise.all([
			this.#reads.queue(scope, FIRST),
			this.#reads.agents(scope, AGENTS),
		]);
		const rows = await this.#reads.rows("the queue", first);
		// One may have left the scope since.
		const found = new Map(rows.map((stream) => [stream.stream_id, stream.within(scope)?.row]));
		return {
			pending,
			held_back,
			waiters: this.#waiters(scope),
			first: first.flatMap((id) => found.get(id) ?? []),
			agents,
			taken_per_minute: this.#takenLately(scope),
		};
	}

	#second(second: number): Second {
		const taken = this.#taken.get(second) ?? { accounts: new Map(), places: new Map() };
		this.#taken.set(second, taken);
		return taken;
	}

	#takenLately(scope: Scope): number {
		const since = now() - SECONDS;
		let count = 0;
		for (const [second, { accounts, places }] of this.#taken) {
			if (second <= since) continue;
			if (scope.groups !== null) {
				for (const place of places.values()) if (covers(scope, place)) count += place.count;
			} else
				for (const [account, streams] of accounts)
					if (scope.accounts === null || scope.accounts.includes(account)) count += streams;
		}
		return count;
	}
}

/** Whole seconds on the monotonic clock. */
function now(): number {
	return Math.floor(performance.now() / 1_000);
}
