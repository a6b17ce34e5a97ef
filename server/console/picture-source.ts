import type { PreviewSource } from "../../actors/engine.ts";
import type { Picture } from "../preview/picture.ts";
import type { Previews } from "../preview/relay.ts";
import { pictureFrame } from "./picture-frame.ts";

/** Milliseconds between two stills, and before a live picture that broke is tried again. */
export const STILL_INTERVAL = 3_000;

export type Rate = "still" | "live";

/** Who wants pictures of a stream. */
export interface PictureWatcher {
	/** A new one, shared by all who get it. */
	picture(stream_id: string, frame: Buffer): void;
}

export interface PictureParts {
	previews: Pick<Previews, "lastFrame" | "follow">;
	/** What its agent offers now. Rejects when that cannot be known. */
	urls: (stream_id: string) => Promise<PreviewSource>;
	/** Milliseconds since 1970 by the database's clock. */
	wall: () => number;
}

/** Where the newest frames of all streams are kept, within a bound. */
export interface NewestFrames {
	get(stream_id: string): Buffer | undefined;
	set(stream_id: string, frame: Buffer): unknown;
	delete(stream_id: string): unknown;
}

/**
 * The pictures of one stream for all pages of this node that want them: live ones by one connection while somebody wants
 * them so, else a still every three seconds. Without a watcher nothing is fetched.
 */
export class PictureSource {
	readonly stream_id: string;
	readonly watchers = new Map<PictureWatcher, Rate>();
	readonly #parts: PictureParts;
	readonly #newest: NewestFrames;
	#urls: PreviewSource | null = null;
	#looking = false;
	#leaveLive: (() => void) | null = null;
	#liveUrl = "";
	#fetch: AbortController | null = null;
	/** When stills were last told, and when something that failed is tried again; monotonic. */
	#stillAt = Number.NEGATIVE_INFINITY;
	#next = 0;

	constructor(stream_id: string, parts: PictureParts, newest: NewestFrames) {
		this.stream_id = stream_id;
		this.#parts = parts;
		this.#newest = newest;
	}

	/** The newest frame, for those who could not take it and who come later; null when there is none, or no room to keep it. */
	get newest(): Buffer | null {
		return this.#newest.get(this.stream_id) ?? null;
	}

	/** Something about the stream changed: what its agent offers is asked for again. */
	changed(): void {
		this.#urls = null;
		this.#next = 0;
	}

	/** Begins, goes on or ends, as its watchers want it. */
	tick(now: number): void {
		if (this.watchers.size === 0) this.stop();
		else if (this.#urls === null) {
			if (now >= this.#next) void this.#look(now);
		} else if (this.#urls.status !== "in_progress") this.stop();
		else this.#go(now, this.#urls);
	}

	#go(now: number, { live, last_frame }: PreviewSource): void {
		const wantsLive = [...this.watchers.values()].includes("live");
		if (live !== null && wantsLive) {
			if (this.#liveUrl !== live) this.#endLive();
			if (this.#leaveLive === null && now >= this.#next) this.#follow(live, false);
			return;
		}
		this.#endLive();
		if (now - this.#stillAt < STILL_INTERVAL || this.#fetch !== null) return;
		this.#stillAt = now;
		if (last_frame !== null) void this.#still(last_frame);
		else if (live !== null) this.#follow(live, true);
	}

	/** Fetches nothing more. */
	stop(): void {
		this.#endLive();
		this.#fetch?.abort();
		this.#fetch = null;
		this.#newest.delete(this.stream_id);
	}

	async #look(now: number): Promise<void> {
		if (this.#looking) return;
		this.#looking = true;
		this.#next = now + STILL_INTERVAL;
		try {
			const urls = await this.#parts.urls(this.stream_id);
			this.#urls = urls;
			this.#next = 0;
		} catch {
			// It is gone, or the database is away: asked again in a while, as long as somebody wants to see it.
		}
		this.#looking = false;
	}

	/** `once`: a still of one who offers live pictures only. */
	#follow(url: string, once: boolean): void {
		this.#next = performance.now() + STILL_INTERVAL;
		this.#liveUrl = url;
		try {
			this.#leaveLive = this.#parts.previews.follow(this.stream_id, url, {
				picture: (picture) => {
					this.#show(picture);
					if (once) this.#endLive();
				},
				ended: () => {
					this.#leaveLive = null;
				},
			});
		} catch {
			// At a bound of the relay: tried again in a while.
		}
	}

	#endLive(): void {
		const leave = this.#leaveLive;
		this.#leaveLive = null;
		leave?.();
	}

	async #still(url: string): Promise<void> {
		const fetch = new AbortController();
		this.#fetch = fetch;
		try {
			const picture = await this.#parts.previews.lastFrame(this.stream_id, url, fetch.signal);
			if (!fetch.signal.aborted) this.#show(picture);
		} catch {
			// The agent did not give one: the next is due soon, and the page shows how old the last one is.
		}
		if (this.#fetch === fetch) this.#fetch = null;
	}

	#show(picture: Picture): void {
		const now = performance.now();
		const live = this.#leaveLive !== null;
		const frame = pictureFrame(this.stream_id, this.#parts.wall(), picture);
		this.#newest.set(this.stream_id, frame);
		const stills = !live || now - this.#stillAt >= STILL_INTERVAL;
		if (stills) this.#stillAt = now;
		for (const [watcher, rate] of this.watchers) if (rate === "live" || stills) watcher.picture(this.stream_id, frame);
	}
}
