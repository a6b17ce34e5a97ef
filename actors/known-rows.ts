import { LRUCache } from "lru-cache";
import type { JsonText, StreamRow } from "../persistence/stream-row.ts";
import type { Clock } from "./clock.ts";

/** Bytes of all known rows together, as they are guessed. */
const MOST_BYTES = 96 * 1_048_576;
/** Milliseconds that a row is believed: what a lost connection left behind is found out some time. */
const LONGEST = 600_000;
/** Of a row beside its texts. */
const FRAME = 512;

/** A row that this node knows to be as the database has it. */
export interface KnownRow {
	readonly row: StreamRow;
	/** The newest that the agent said, written or not. */
	video_info: JsonText | null;
	/** Its JSON before and after its video_info: put here by who shows it first, so that it is made once. */
	pieces: readonly [before: JsonText, after: JsonText] | null;
}

interface Reading {
	readonly forgotten: Set<string>;
	all: boolean;
}

/**
 * Rows that were read and have not changed since, so that a lone node answers reads without the database (decision 017). Every
 * write of a lone node goes through this process: whoever learns that one is committed has its row forgotten, before the write
 * is answered. A row that is forgotten while it is being read is not remembered: what was read may be older than the write.
 */
export class KnownRows {
	readonly #rows: LRUCache<string, KnownRow>;
	readonly #readings = new Set<Reading>();

	constructor(clock: Clock) {
		this.#rows = new LRUCache({
			maxSize: MOST_BYTES,
			sizeCalculation: ({ row }) => sizeOf(row),
			ttl: LONGEST,
			perf: { now: () => clock.monotonic() },
		});
	}

	get(stream_id: string): KnownRow | undefined {
		return this.#rows.get(stream_id);
	}

	/** Reads rows and remembers them. */
	async read(statement: () => Promise<StreamRow[]>): Promise<StreamRow[]> {
		const reading: Reading = { forgotten: new Set(), all: false };
		this.#readings.add(reading);
		try {
			const rows = await statement();
			for (const row of rows)
				if (!reading.all && !reading.forgotten.has(row.stream_id))
					this.#rows.set(row.stream_id, { row, video_info: row.video_info, pieces: null });
			return rows;
		} finally {
			this.#readings.delete(reading);
		}
	}

	/** The row may have changed. */
	forget(stream_id: string): void {
		this.#rows.delete(stream_id);
		for (const reading of this.#readings) reading.forgotten.add(stream_id);
	}

	forgetAll(): void {
		this.#rows.clear();
		for (const reading of this.#readings) reading.all = true;
	}
}

/** Its texts, once in the row and once in what is shown of it. */
function sizeOf({ name, description, data, event_handler, policies, location, groups, ...row }: StreamRow): number {
	let length =
		name.length + description.length + data.length + event_handler.length + policies.length + location.length;
	for (const text of [row.last_error, row.video_info, row.preview, ...groups]) length += text?.length ?? 0;
	return FRAME + 2 * length;
}
