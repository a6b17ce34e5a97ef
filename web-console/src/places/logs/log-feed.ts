import { type ReadonlySignal, signal } from "@preact/signals";
import type { LogFilter } from "../../../../client/console/protocol.ts";
import type { PerigeeClient } from "../../../../client/perigee-client.ts";
import { dataOf } from "../../controls/asked.ts";
import type { Connection, Subscription } from "../../socket/connection.ts";
import { joined, type LogLine, lineHeard, lineOf, named } from "./log-lines.ts";

const PAGE = 200;

export interface LogState {
	/** Newest first; while it is paused, without those that came meanwhile. */
	readonly lines: readonly LogLine[];
	/** How many came while it was paused. */
	readonly waiting: number;
	readonly following: boolean;
	/** Whether there may be older ones. */
	readonly more: boolean;
	readonly asking: boolean;
	/** Why the last question had no answer. */
	readonly failure?: string;
}

/** The log for one filter: its newest lines, those that come, and older ones when asked for. */
export class LogFeed {
	readonly #api: PerigeeClient;
	readonly #filter: LogFilter;
	readonly #state = signal<LogState>({ lines: [], waiting: 0, following: true, more: false, asking: false });
	readonly #gone = new AbortController();
	readonly #subscription: Subscription;
	/** Names that are known; "" for streams that are gone. */
	readonly #names = new Map<string, string>();
	/** What came while it was paused, newest first. */
	#held: readonly LogLine[] = [];
	#newest = 0;

	constructor(connection: Pick<Connection, "subscribe">, api: PerigeeClient, filter: LogFilter) {
		this.#api = api;
		this.#filter = filter;
		this.#subscription = connection.subscribe({
			question: () => ({ op: "logs", filter, ...(this.#newest === 0 ? {} : { since: this.#newest }) }),
			hear: (heard) => {
				if (heard.type === "error") this.#change({ failure: `${heard.desc}: ${heard.detail}` });
				if (heard.type !== "logs") return;
				for (const { record_number } of heard.records) this.#newest = Math.max(this.#newest, record_number);
				this.#take(heard.records.map(lineHeard).reverse());
				// There were more than could be told: the newest page holds at least the last of them.
				if (heard.skipped) void this.#ask(undefined);
			},
		});
		void this.#ask(undefined);
	}

	get state(): ReadonlySignal<LogState> {
		return this.#state;
	}

	/** Whether lines that come are shown at once, or counted until it follows again. */
	follow(following: boolean): void {
		const held = this.#held;
		if (following) this.#held = [];
		const { lines } = this.#state.peek();
		this.#change({ following, waiting: this.#held.length, lines: following ? joined(lines, held) : lines });
	}

	older(): void {
		const { lines, asking } = this.#state.peek();
		if (!asking) void this.#ask(lines.at(-1)?.time);
	}

	end(): void {
		this.#gone.abort();
		this.#subscription.end();
	}

	#change(changes: Partial<LogState>): void {
		this.#state.value = { ...this.#state.peek(), ...changes };
	}

	#take(lines: readonly LogLine[]): void {
		if (lines.length === 0) return;
		const state = this.#state.peek();
		if (state.following) {
			this.#change({ lines: joined(state.lines, lines) });
			return;
		}
		this.#held = joined(this.#held, lines);
		this.#change({ waiting: this.#held.length });
	}

	async #ask(before: number | undefined): Promise<void> {
		this.#change({ asking: true });
		try {
			const query = {
				...this.#filter,
				page_size: PAGE,
				// Those of the same millisecond are asked for again, and put in once.
				...(before === undefined ? {} : { log_time__lt: new Date(before + 1).toISOString() }),
			};
			const { logs } = dataOf(
				await this.#api.GET("/console/streams/logs", { params: { query }, signal: this.#gone.signal }),
			);
			if (this.#gone.signal.aborted) return;
			const page = logs.flatMap((each) => lineOf(each) ?? []);
			const { failure: _, ...state } = this.#state.peek();
			this.#state.value = {
				...state,
				lines: joined(state.lines, named(page, this.#names)),
				more: logs.length === PAGE || (before === undefined && state.more),
				asking: false,
			};
			await this.#learnNames(page);
		} catch (error) {
			if (this.#gone.signal.aborted) return;
			this.#change({ asking: false, failure: error instanceof Error ? error.message : String(error) });
		}
	}

	/** Records that are asked for have no names: they are asked for once a stream. */
	async #learnNames(page: readonly LogLine[]): Promise<void> {
		const unknown = [...new Set(page.map(({ stream_id }) => stream_id))].filter((id) => !this.#names.has(id));
		if (unknown.length === 0) return;
		const body = { filter: { stream_ids: unknown }, count: unknown.length };
		const { data } = await this.#api.POST("/console/streams/search", { body, signal: this.#gone.signal });
		// The lines are there; their names may come with the next page.
		if (data === undefined || this.#gone.signal.aborted) return;
		for (const id of unknown) this.#names.set(id, "");
		for (const { stream_id, name } of data.rows) this.#names.set(stream_id, name);
		this.#change({ lines: named(this.#state.peek().lines, this.#names) });
	}
}
