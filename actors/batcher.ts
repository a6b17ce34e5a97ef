import { unavailable } from "../persistence/fault.ts";
import { isRefusedData } from "../persistence/sql-state.ts";

export interface BatcherOptions<Item, Result> {
	/** What is away when the batcher is full or closed, for the error's text. */
	part: string;
	/** Items of one batch at most. */
	largest: number;
	/** Items that may wait; beyond it the answer is Fault 39905. */
	queue: number;
	/** Carries out a batch and answers in its order. An `Error` as a result is that item's own. */
	work: (batch: Item[]) => Promise<(Result | Error)[]>;
}

interface Waiting<Item, Result> {
	item: Item;
	resolve: (result: Result) => void;
	reject: (error: unknown) => void;
}

/**
 * Group commit: what comes in while a batch is under way makes the next one. With little to do an item goes out at once
 * and alone; the more there is to do, the larger the batches.
 *
 * A batch whose data the database refuses is halved until the guilty item stands alone, and only that one fails.
 */
export class Batcher<Item, Result> {
	readonly #options: BatcherOptions<Item, Result>;
	#waiting: Waiting<Item, Result>[] = [];
	#running: Promise<void> | null = null;
	#closed = false;
	/** Batches sent to the database: what the group commit saves is seen by comparing it with the items. */
	batches = 0;
	items = 0;

	constructor(options: BatcherOptions<Item, Result>) {
		this.#options = options;
	}

	submit(item: Item): Promise<Result> {
		if (this.#closed || this.#waiting.length >= this.#options.queue)
			return Promise.reject(unavailable(this.#options.part));
		return new Promise((resolve, reject) => {
			this.#waiting.push({ item, resolve, reject });
			// A turn later, so that everything that came in with the same packets goes out together.
			this.#running ??= Promise.resolve().then(() => this.#run());
		});
	}

	/** Items that wait for their batch. */
	get waiting(): number {
		return this.#waiting.length;
	}

	/** Takes nothing more in; resolves when everything that was in has its answer. */
	async close(): Promise<void> {
		this.#closed = true;
		await this.#running;
	}

	open(): void {
		this.#closed = false;
	}

	async #run(): Promise<void> {
		while (this.#waiting.length > 0) {
			const batch = this.#waiting.slice(0, this.#options.largest);
			this.#waiting = this.#waiting.slice(batch.length);
			await this.#carryOut(batch);
		}
		this.#running = null;
	}

	async #carryOut(batch: Waiting<Item, Result>[]): Promise<void> {
		this.batches++;
		try {
			const results = await this.#options.work(batch.map((waiting) => waiting.item));
			this.items += batch.length;
			batch.forEach((waiting, index) => {
				const result = results[index];
				if (result instanceof Error) waiting.reject(result);
				else waiting.resolve(result as Result);
			});
		} catch (error) {
			if (batch.length > 1 && isRefusedData(error)) {
				const middle = batch.length >> 1;
				await this.#carryOut(batch.slice(0, middle));
				await this.#carryOut(batch.slice(middle));
			} else {
				for (const waiting of batch) waiting.reject(error);
			}
		}
	}
}
