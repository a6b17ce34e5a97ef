import { type ReadonlySignal, signal } from "@preact/signals";
import type { PerigeeClient } from "../../../../client/perigee-client.ts";
import { dataOf } from "../../controls/asked.ts";
import type { AuditFilter } from "./audit-filter.ts";
import { type AuditRecord, together } from "./audit-records.ts";

const PAGE = 200;
/** As many as are kept; older ones are asked for by a narrower filter. */
const MOST = 10_000;

export interface AuditState {
	/** Newest first. */
	readonly records: readonly AuditRecord[];
	/** Whether there may be older ones. */
	readonly more: boolean;
	readonly asking: boolean;
	/** Why the last question had no answer. */
	readonly failure?: string;
}

/** The audit for one filter: its newest records, those that come when it is asked again, and older ones when asked for. */
export class AuditFeed {
	readonly #api: PerigeeClient;
	readonly #filter: AuditFilter;
	readonly #state = signal<AuditState>({ records: [], more: false, asking: false });
	readonly #gone = new AbortController();
	/** Where the next older page begins; null: there is none, undefined: nothing was asked for yet. */
	#next: string | null | undefined;

	constructor(api: PerigeeClient, filter: AuditFilter) {
		this.#api = api;
		this.#filter = filter;
		void this.#ask("newest");
	}

	get state(): ReadonlySignal<AuditState> {
		return this.#state;
	}

	/** Asks for what came meanwhile. */
	renew(): void {
		if (!this.#state.peek().asking) void this.#ask("newest");
	}

	older(): void {
		if (!this.#state.peek().asking) void this.#ask(this.#next === undefined ? "newest" : "older");
	}

	end(): void {
		this.#gone.abort();
	}

	async #ask(which: "newest" | "older"): Promise<void> {
		const { failure: _, ...before } = this.#state.peek();
		this.#state.value = { ...before, asking: true };
		try {
			const place = which === "older" && this.#next ? { before: this.#next } : {};
			const query = { ...this.#filter, page_size: PAGE, ...place };
			const answer = await this.#api.GET("/console/audit", { params: { query }, signal: this.#gone.signal });
			const { records, next } = dataOf(answer);
			if (this.#gone.signal.aborted) return;
			const known = this.#state.peek().records;
			// More came than a page holds: what lies between would be missing, so the list begins anew.
			const apart = which === "newest" && records.length === PAGE && !this.#meets(records);
			if (which === "older" || this.#next === undefined || apart) this.#next = next;
			const all = apart ? records : together(known, records);
			this.#state.value = { records: all, more: this.#next !== null && all.length < MOST, asking: false };
		} catch (error) {
			if (this.#gone.signal.aborted) return;
			const failure = error instanceof Error ? error.message : String(error);
			this.#state.value = { ...this.#state.peek(), asking: false, failure };
		}
	}

	#meets(page: readonly AuditRecord[]): boolean {
		const known = new Set(this.#state.peek().records.map(({ record_number }) => record_number));
		return page.some(({ record_number }) => known.has(record_number));
	}
}
