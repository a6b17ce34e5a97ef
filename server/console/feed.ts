import type { Bus, BusMessage } from "../../actors/cluster/cluster.ts";
import { Fault } from "../../persistence/fault.ts";
import { RunningPart } from "../../persistence/service.ts";
import type { HttpLogger } from "../http/options.ts";
import { type IdWords, wordsOf } from "./id-list.ts";
import type { LoadedStream } from "./row.ts";

/** Milliseconds between two rounds: no socket gets more than 20 frames of changes a second. */
const ROUND = 50;
/** Milliseconds that the first change after a calm waits for company. */
const GATHER = 10;
/** Milliseconds before a round whose rows could not be read is tried again. */
const AGAIN = 250;
/** Changed streams that may wait for their round; beyond it everything is read anew. */
const MOST_PENDING = 100_000;
/** Streams of one round at most. */
const LARGEST_ROUND = 2_000;
/** Changes that are remembered for those who come back. */
const MOST_REMEMBERED = 200_000;

/** What became of a stream: as it is now, or null when it is gone. */
export interface Change {
	stream_id: string;
	words: IdWords;
	stream: LoadedStream | null;
}

/** The changes of one round. */
export interface Round {
	number: number;
	changes: readonly Change[];
}

export interface FeedOptions {
	bus: Bus;
	/** Reads streams as they are now; those that are gone are left out. */
	load: (stream_ids: readonly string[]) => Promise<LoadedStream[]>;
	/** Streams of one round at most, by what it costs now to tell of one. */
	largestRound: () => number;
	/** Whether anybody would be told of a change. */
	listenedTo: () => boolean;
	onRound: (round: Round) => void;
	/** Changes may have been missed: what was told before may be old, and nothing says which. */
	onGap: () => void;
	log: HttpLogger;
}

/**
 * Gathers what the bus tells, of this node and of all others, into rounds: at most 20 a second, each changed stream
 * once, as it is when the round is made, all of them read by one statement. A round is numbered; who knows the number of
 * the last one that it has seen can be told what it missed, as long as that is remembered.
 */
export class Feed extends RunningPart {
	readonly name = "console feed";
	readonly #options: FeedOptions;
	/** Whether it is known to be gone, by id. */
	#pending = new Map<string, boolean>();
	#number = 0;
	readonly #remembered: { number: number; ids: readonly string[] }[] = [];
	#rememberedIds = 0;
	/** Streams that are gone: an answer whose reading began before must not bring them back. */
	readonly #gone = new Set<string>();
	#timer: NodeJS.Timeout | null = null;
	#round: Promise<void> | null = null;
	#lastRound = Number.NEGATIVE_INFINITY;
	#unsubscribe: (() => void)[] = [];

	constructor(options: FeedOptions) {
		super();
		this.#options = options;
	}

	/** How many rounds there were. */
	get number(): number {
		return this.#number;
	}

	/** The streams that changed after round `since`, null when that is not remembered any more. */
	changedSince(since: number): Set<string> | null {
		if (since > this.#number) return null;
		const oldest = this.#remembered[0]?.number ?? this.#number + 1;
		if (since + 1 < oldest && since !== this.#number) return null;
		const ids = new Set<string>();
		for (let at = this.#remembered.length - 1; at >= 0; at--) {
			const round = this.#remembered[at];
			if (round === undefined || round.number <= since) break;
			for (const id of round.ids) ids.add(id);
		}
		return ids;
	}

	/** Whether a stream was deleted not long ago. */
	isGone(stream_id: string): boolean {
		return this.#gone.has(stream_id);
	}

	/** Puts streams into the next round, whatever happened to them. */
	again(stream_ids: Iterable<string>): void {
		for (const id of stream_ids) this.#add(id, false);
	}

	protected override async onStart(): Promise<void> {
		const { bus, onGap } = this.#options;
		const subscriptions = [bus.subscribe((message) => this.#hear(message)), bus.onGap(() => onGap())];
		this.#unsubscribe = subscriptions;
	}

	protected override async onStop(): Promise<void> {
		for (const end of this.#unsubscribe.splice(0)) end();
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		this.#pending.clear();
		await this.#round;
	}

	#hear({ events, relinked }: BusMessage): void {
		if (!this.#options.listenedTo()) {
			if (this.#remembered.length > 0) this.#forget();
			if (events.length > 0) this.#number++;
			return;
		}
		for (const { stream_id, status } of events) this.#add(stream_id, status === "deleted");
		for (const id of relinked ?? []) this.#add(id, false);
	}

	#add(stream_id: string, gone: boolean): void {
		this.#pending.set(stream_id, gone || this.#pending.get(stream_id) === true);
		if (this.#pending.size > MOST_PENDING) {
			this.#pending.clear();
			this.#forget();
			this.#number++;
			this.#options.onGap();
			return;
		}
		this.#schedule(GATHER);
	}

	#schedule(pause: number): void {
		if (this.#timer !== null || this.#round !== null) return;
		const sinceLast = performance.now() - this.#lastRound;
		this.#timer = setTimeout(
			() => {
				this.#timer = null;
				this.#round = this.#work();
			},
			Math.max(pause, ROUND - sinceLast),
		);
	}

	async #work(): Promise<void> {
		let pause = GATHER;
		const { log, load, largestRound, onRound } = this.#options;
		this.#lastRound = performance.now();
		const batch = [...this.#pending].slice(0, Math.min(LARGEST_ROUND, Math.max(1, largestRound())));
		for (const [id] of batch) this.#pending.delete(id);
		try {
			const rows = await load(batch.flatMap(([id, gone]) => (gone ? [] : [id])));
			const found = new Map(rows.map((row) => [row.stream_id, row]));
			const changes = batch.map(([stream_id]) => {
				const stream = found.get(stream_id) ?? null;
				if (stream === null) this.#noteGone(stream_id);
				return { stream_id, words: stream?.words ?? wordsOf(stream_id), stream };
			});
			this.#number++;
			this.#remember(batch.map(([id]) => id));
			onRound({ number: this.#number, changes });
		} catch (error) {
			// They are told with the next round, when the database is back; newer news of them stands.
			if (!(error instanceof Fault)) log.error({ err: error }, "a round of changes for the console failed");
			for (const [id, gone] of batch) this.#pending.set(id, gone || this.#pending.get(id) === true);
			pause = AGAIN;
		}
		this.#round = null;
		if (this.running && this.#pending.size > 0) this.#schedule(pause);
	}

	#noteGone(stream_id: string): void {
		this.#gone.add(stream_id);
		if (this.#gone.size <= MOST_PENDING) return;
		const [oldest] = this.#gone;
		if (oldest !== undefined) this.#gone.delete(oldest);
	}

	#remember(ids: readonly string[]): void {
		this.#remembered.push({ number: this.#number, ids });
		this.#rememberedIds += ids.length;
		while (this.#rememberedIds > MOST_REMEMBERED) this.#rememberedIds -= this.#remembered.shift()?.ids.length ?? 0;
	}

	#forget(): void {
		this.#remembered.length = 0;
		this.#rememberedIds = 0;
	}
}
