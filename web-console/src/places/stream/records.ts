import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api, connection } from "../../app/console.ts";
import { dataOf } from "../../controls/asked.ts";
import { merged, recordHeard, recordOf, type StreamRecord } from "./timeline-entries.ts";

const PAGE = 50;

export interface Records {
	/** Newest first. */
	readonly list: readonly StreamRecord[];
	/** Whether there may be older ones. */
	readonly more: boolean;
	readonly asking: boolean;
	/** Why the last question had no answer. */
	readonly failure?: string;
}

/** The log of one stream: its newest records, those that come, and older ones when asked for. */
export function useRecords(stream_id: string): { records: ReadonlySignal<Records>; older: () => void } {
	const records = useSignal<Records>({ list: [], more: false, asking: true });
	const newest = useRef(0);
	const gone = useRef<AbortController | null>(null);

	const ask = async (before: number | undefined, signal: AbortSignal) => {
		records.value = { ...records.peek(), asking: true };
		try {
			const query = {
				stream_ids: [stream_id],
				page_size: PAGE,
				// Those of the same millisecond are asked for again, and put in once.
				...(before === undefined ? {} : { log_time__lt: new Date(before + 1).toISOString() }),
			};
			const { logs } = dataOf(await api.GET("/console/streams/logs", { params: { query }, signal }));
			if (signal.aborted) return;
			const { list } = records.peek();
			records.value = {
				list: merged(
					list,
					logs.flatMap((each) => recordOf(each) ?? []),
				),
				more:
					before === undefined && list.length > 0 ? records.peek().more || logs.length === PAGE : logs.length === PAGE,
				asking: false,
			};
		} catch (error) {
			if (signal.aborted) return;
			const failure = error instanceof Error ? error.message : String(error);
			records.value = { ...records.peek(), asking: false, failure };
		}
	};

	useEffect(() => {
		const abort = new AbortController();
		gone.current = abort;
		newest.current = 0;
		records.value = { list: [], more: false, asking: true };
		const subscription = connection.subscribe({
			question: () => ({
				op: "logs",
				filter: { stream_ids: [stream_id] },
				...(newest.current === 0 ? {} : { since: newest.current }),
			}),
			hear(heard) {
				if (heard.type !== "logs") return;
				const told = heard.records.filter((each) => each.stream_id === stream_id);
				for (const { record_number } of told) newest.current = Math.max(newest.current, record_number);
				const { list } = records.peek();
				if (told.length > 0) records.value = { ...records.peek(), list: merged(list, told.map(recordHeard).reverse()) };
				if (heard.skipped) void ask(undefined, abort.signal);
			},
		});
		void ask(undefined, abort.signal);
		return () => {
			abort.abort();
			subscription.end();
		};
	}, [stream_id]);

	return {
		records,
		older: () => {
			const { list, asking } = records.peek();
			const oldest = list.at(-1);
			if (!asking && gone.current !== null) void ask(oldest?.time, gone.current.signal);
		},
	};
}
