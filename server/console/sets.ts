import { randomUUID } from "node:crypto";
import type { SetDescription } from "../../persistence/console/describe-set.ts";
import type { IdsFound } from "../../persistence/console/list-ids.ts";
import { Fault, unavailable } from "../../persistence/fault.ts";
import { type Caller, identityOf } from "../access/caller.ts";
import type { ConsoleFilterBody } from "../schemas/console/filter.ts";
import { MAX_SET, type StreamSet } from "../schemas/console/sets.ts";
import { IdList } from "./id-list.ts";
import { statusCounts } from "./status-counts.ts";
import type { Question } from "./view.ts";

/** Milliseconds that a set is kept. */
const KEPT = 300_000;
/** Sets of one node, and bytes of all of them. */
const MOST = 500;
const MOST_BYTES = 64 * 1_048_576;
/** Of one owner. A page makes one with each question that it asks, and acts on the newest. */
const MOST_OF_OWNER = 20;
const MOST_BYTES_OF_OWNER = MOST_BYTES / 2;

export interface SetsOptions {
	/** Both in the turn of an owner. */
	list: (owner: string, question: Question, limit: number) => Promise<IdsFound>;
	describe: (owner: string, stream_ids: readonly string[]) => Promise<SetDescription>;
}

interface Kept {
	/** Who may use it, and whose share it takes: rights may change, and the caller stays. */
	owner: string;
	caller: string;
	list: IdList;
	timer: NodeJS.Timeout;
}

/**
 * Frozen sets of streams: what somebody decided about is what is acted upon, whatever comes to match meanwhile. They
 * belong to who made them, and are forgotten after five minutes. At the bound of one owner its oldest goes; at that of all
 * of them the answer is 39905.
 */
export class Sets {
	readonly #options: SetsOptions;
	readonly #sets = new Map<string, Kept>();
	#bytes = 0;

	constructor(options: SetsOptions) {
		this.#options = options;
	}

	/**
	 * Freezes what matches a filter, or those of a list that exist; of both what the caller may see.
	 * @param owner whose turn it takes
	 * @throws {Fault} 39905 when there is no room, or the search takes too long
	 */
	async make(
		which: { filter?: ConsoleFilterBody; stream_ids?: string[] },
		caller: Caller,
		owner: string,
	): Promise<StreamSet> {
		const filter = which.filter ?? { stream_ids: which.stream_ids ?? [] };
		const { total, ids } = await this.#options.list(owner, { filter, order: "oldest", scope: caller }, MAX_SET);
		const list = new IdList(ids);
		const { counts, names } = await this.#options.describe(owner, list.slice(0, list.length));
		this.#makeRoom(caller.id, list.bytes);
		if (this.#sets.size >= MOST || this.#bytes + list.bytes > MOST_BYTES) throw unavailable("room for another set");
		const set_id = randomUUID();
		const timer = setTimeout(() => this.#drop(set_id), KEPT);
		timer.unref();
		this.#sets.set(set_id, { owner: identityOf(caller), caller: caller.id, list, timer });
		this.#bytes += list.bytes;
		return {
			set_id,
			total: list.length,
			capped: total > list.length,
			counts: statusCounts(counts),
			names,
			expires_in: KEPT / 1_000,
		};
	}

	/** The ids of a set of this caller. @throws {Fault} 12013 when there is none */
	get(set_id: string, caller: Caller): IdList {
		const set = this.#sets.get(set_id);
		if (set === undefined || set.owner !== identityOf(caller)) throw new Fault(12013);
		return set.list;
	}

	clear(): void {
		for (const set_id of [...this.#sets.keys()]) this.#drop(set_id);
	}

	/** In the order in which they were made. */
	#makeRoom(caller: string, bytes: number): void {
		const own = [...this.#sets].filter(([, set]) => set.caller === caller);
		let taken = bytes;
		for (const [, { list }] of own) taken += list.bytes;
		for (let left = own.length; left >= MOST_OF_OWNER || (left > 0 && taken > MOST_BYTES_OF_OWNER); left--) {
			const [oldest] = own.splice(0, 1);
			if (oldest === undefined) return;
			taken -= oldest[1].list.bytes;
			this.#drop(oldest[0]);
		}
	}

	#drop(set_id: string): void {
		const set = this.#sets.get(set_id);
		if (set === undefined) return;
		clearTimeout(set.timer);
		this.#sets.delete(set_id);
		this.#bytes -= set.list.bytes;
	}
}
