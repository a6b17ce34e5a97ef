import { LRUCache } from "lru-cache";
import type { Clock } from "../../actors/clock.ts";
import { urlMark } from "../../actors/preview-marks.ts";
import { type Fault, unavailable } from "../../persistence/fault.ts";
import { shareOf } from "../limits/owner.ts";
import type { Asker } from "./asker.ts";
import type { Picture } from "./picture.ts";
import { refusalOf, refused } from "./refusal.ts";
import { type AskedFor, askedFor } from "./upstream.ts";

export interface LastFrameSettings {
	/** Milliseconds that a picture stays good; 0 keeps none. */
	readonly cacheTtl: number;
	/** Milliseconds from the first asking to the last byte. */
	readonly timeout: number;
	/** Bounds of the cache. */
	readonly maxCacheBytes: number;
	readonly maxCacheEntries: number;
	/** How many pictures are fetched at the same time; more are answered 39905. */
	readonly maxFetches: number;
	readonly clock: Clock;
}

type FetchPicture = (url: string, signal: AbortSignal, askedFor: AskedFor) => Promise<Picture>;

interface Fetch {
	readonly streamId: string;
	readonly url: string;
	readonly picture: Promise<Picture>;
	readonly giveUp: AbortController;
	/** Whose share it takes, of whoever asked first; null: nobody's. */
	readonly owner: string | null;
	/** How many requests wait for it. */
	waiting: number;
}

/**
 * The last frames of streams: fetched when asked for, once for all who ask meanwhile, and kept for a moment, one for each
 * stream. A fetch that nobody waits for any more is given up.
 */
export class LastFrames {
	readonly #settings: LastFrameSettings;
	readonly #fetch: FetchPicture;
	readonly #cache: LRUCache<string, { url: string; picture: Picture }>;
	/** The fetch that newcomers join, by stream. */
	readonly #current = new Map<string, Fetch>();
	readonly #all = new Set<Fetch>();

	/** @param fetch gets the picture at a url, or throws a `Fault`; it gives up when the signal aborts. */
	constructor(settings: LastFrameSettings, fetch: FetchPicture) {
		this.#settings = settings;
		this.#fetch = fetch;
		const { clock, cacheTtl, maxCacheBytes, maxCacheEntries } = settings;
		this.#cache = new LRUCache({
			max: maxCacheEntries,
			maxSize: maxCacheBytes,
			sizeCalculation: ({ picture }) => picture.bytes.byteLength,
			ttl: cacheTtl,
			// 0: the clock is read each time, and no timer saves a reading.
			ttlResolution: 0,
			perf: { now: () => clock.monotonic() },
		});
	}

	/**
	 * The stream's last frame at this url.
	 * @param signal leaves.
	 * @throws {Fault} 39010, or 39905 at the bound of fetches, and of one owner's share of them.
	 */
	get(streamId: string, url: string, signal: AbortSignal, asker: Asker): Promise<Picture> {
		const kept = this.#cache.get(streamId);
		if (kept?.url === url) return Promise.resolve(kept.picture);
		const current = this.#current.get(streamId);
		if (current?.url === url) return this.#wait(current, signal);
		if (!this.#admits(asker)) return Promise.reject(unavailable("preview"));
		return this.#wait(this.#begin(streamId, url, asker), signal);
	}

	/** Whether there is room for one more fetch, and in the share of whoever asks. */
	#admits({ owner }: Asker): boolean {
		const { maxFetches } = this.#settings;
		if (this.#all.size >= maxFetches) return false;
		let own = 0;
		for (const fetch of this.#all) if (fetch.owner === owner) own++;
		return owner === null || own < shareOf(maxFetches);
	}

	/** Forgets a stream; who waits for its picture is answered by what `why` makes. */
	forget(streamId: string, why: () => Fault): void {
		this.#cache.delete(streamId);
		const fetch = this.#current.get(streamId);
		if (fetch === undefined) return;
		fetch.giveUp.abort(why());
		this.#current.delete(streamId);
	}

	/** Forgets the stream unless what is kept and fetched of it is from a url of this mark. */
	keep(streamId: string, mark: number | null, why: () => Fault): void {
		const known = this.#current.get(streamId)?.url ?? this.#cache.peek(streamId)?.url;
		if (known !== undefined && urlMark(known) !== mark) this.forget(streamId, why);
	}

	/** Forgets everything; resolves when no fetch is under way. */
	async close(fault: Fault): Promise<void> {
		this.#cache.clear();
		this.#current.clear();
		const all = [...this.#all];
		for (const fetch of all) fetch.giveUp.abort(fault);
		await Promise.allSettled(all.map((fetch) => fetch.picture));
	}

	#begin(streamId: string, url: string, { owner, requestId }: Asker): Fetch {
		const giveUp = new AbortController();
		const timer = setTimeout(
			() => giveUp.abort(refused("the upstream sent no picture in time")),
			this.#settings.timeout,
		);
		const picture = this.#fetch(url, giveUp.signal, askedFor(streamId, requestId)).finally(() => clearTimeout(timer));
		const fetch: Fetch = { streamId, url, picture, giveUp, owner, waiting: 0 };
		this.#current.set(streamId, fetch);
		this.#all.add(fetch);
		picture.then(
			(value) => {
				this.#all.delete(fetch);
				// One that was forgotten meanwhile is not kept.
				if (this.#retire(fetch) && this.#settings.cacheTtl > 0) this.#cache.set(streamId, { url, picture: value });
			},
			// Why it failed, those who wait for it hear.
			() => {
				this.#all.delete(fetch);
				this.#retire(fetch);
			},
		);
		return fetch;
	}

	/** Nobody joins this fetch any more; true when somebody could have until now. */
	#retire(fetch: Fetch): boolean {
		return this.#current.get(fetch.streamId) === fetch && this.#current.delete(fetch.streamId);
	}

	#wait(fetch: Fetch, signal: AbortSignal): Promise<Picture> {
		fetch.waiting += 1;
		return new Promise((resolve, reject) => {
			const onAbort = () => {
				const gone = refused("the client is gone");
				reject(gone);
				fetch.waiting -= 1;
				if (fetch.waiting > 0) return;
				this.#retire(fetch);
				fetch.giveUp.abort(gone);
			};
			if (signal.aborted) return onAbort();
			signal.addEventListener("abort", onAbort, { once: true });
			fetch.picture
				.then(resolve, (error) => reject(refusalOf(error)))
				.finally(() => signal.removeEventListener("abort", onAbort));
		});
	}
}
