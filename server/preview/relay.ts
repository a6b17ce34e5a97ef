import { type Clock, systemClock } from "../../actors/clock.ts";
import { type PreviewMarks, urlMark } from "../../actors/preview-marks.ts";
import { unavailable } from "../../persistence/fault.ts";
import { RunningPart } from "../../persistence/service.ts";
import { shareOf } from "../limits/owner.ts";
import { parseNetworks } from "./address-rules.ts";
import { type Asker, anybody } from "./asker.ts";
import { ByteBudget } from "./byte-budget.ts";
import { type Resolve, systemResolve } from "./host-lookups.ts";
import { LastFrames } from "./last-frames.ts";
import { LiveSession, type LiveSettings, type PictureSink } from "./live-session.ts";
import type { LiveView } from "./live-viewer.ts";
import { Pace } from "./pace.ts";
import type { Picture } from "./picture.ts";
import { refused } from "./refusal.ts";
import { readStill } from "./still.ts";
import { type AskedFor, askedFor, type RelayLogger, Upstreams } from "./upstream.ts";

/** The section LUNA_STREAMS_PREVIEW (contract, section 12), and the bounds of what previews may take. */
export interface PreviewRelayOptions {
	/** CACHE_TTL: seconds that a last frame stays good; 0 keeps none. */
	readonly cacheTtl: number;
	/** TIMEOUT: seconds for connecting and headers, for a whole last frame, and between two live pictures. */
	readonly timeout: number;
	/** MAX_FRAME_SIZE: bytes of one picture. */
	readonly maxFrameSize: number;
	/** ALLOWED_NETWORKS, in CIDR form. */
	readonly allowedNetworks: readonly string[];
	readonly logger: RelayLogger;
	/** Streams watched at the same time, each with one connection; default 256. */
	readonly maxLiveStreams?: number;
	/** Live answers at the same time; default 1,000. */
	readonly maxViewers?: number;
	/** Last frames fetched at the same time; default 64. */
	readonly maxFetches?: number;
	/**
	 * What is arriving of all pictures, and the newest of each live stream, in bytes. At the bound whatever takes most ends,
	 * 39905. Default 512 MiB, or four times `maxFrameSize` where that is more.
	 */
	readonly maxArrivingBytes?: number;
	/** Last frames kept, in bytes; default 64 MiB. */
	readonly maxCacheBytes?: number;
	/** Last frames kept; default 1,000. */
	readonly maxCacheEntries?: number;
	/** Seconds after which a live client that takes nothing is given up; default 30. */
	readonly patience?: number;
	readonly clock?: Clock;
	readonly resolve?: Resolve;
}

/**
 * Relays the pictures that agents offer (contract, section 11). Whoever asks has made sure that the stream is in progress and
 * has such a url, and tells the relay when that changes, by `forget` or `keep`.
 */
export interface Previews {
	/**
	 * The picture at a stream's last_frame url, at most CACHE_TTL old.
	 * @param signal aborted when the client is gone.
	 * @param asker for whom: one owner may have half of what there is for all.
	 * @throws {Fault} 39010, or 39905 at a bound and while it does not run.
	 */
	lastFrame(streamId: string, url: string, signal: AbortSignal, asker?: Asker): Promise<Picture>;
	/**
	 * The pictures at a stream's live url; resolves when the first is there. The view is then piped or closed.
	 * @param signal aborted when the client is gone, before the answer or during it.
	 * @param asker for whom: one owner may have half of what there is for all.
	 * @throws {Fault} 39010, or 39905 at a bound and while it does not run.
	 */
	watch(streamId: string, url: string, signal: AbortSignal, asker?: Asker): Promise<LiveView>;
	/**
	 * The pictures at a stream's live url, whole and one by one, until the upstream ends. Who watches by `watch` shares its
	 * connection. Returns the leaving.
	 * @throws {Fault} 39905 at a bound and while it does not run.
	 */
	follow(streamId: string, url: string, sink: PictureSink): () => void;
	/** The stream is no longer in progress, or is gone: its live answers end, its last frame is forgotten. */
	forget(streamId: string): void;
	/** These are the marks of the stream's urls now: what is relayed from others ends and is forgotten. */
	keep(streamId: string, marks: PreviewMarks): void;
}

/** The one implementation. A stopped relay can be started again. */
export class PreviewRelay extends RunningPart implements Previews {
	readonly name = "preview relay";
	readonly #options: PreviewRelayOptions;
	readonly #live: LiveSettings;
	readonly #memory: ByteBudget;
	readonly #upstreams: Upstreams;
	readonly #lastFrames: LastFrames;
	/** The session that newcomers join, by stream. */
	readonly #sessions = new Map<string, LiveSession>();
	/** Sessions whose connections are not closed yet. */
	readonly #open = new Set<LiveSession>();

	/** @throws {Error} when one of `allowedNetworks` is no network. */
	constructor(options: PreviewRelayOptions) {
		super();
		this.#options = options;
		const clock = options.clock ?? systemClock;
		const timeout = options.timeout * 1_000;
		const { maxFrameSize, logger } = options;
		this.#memory = new ByteBudget(options.maxArrivingBytes ?? Math.max(512 * 1_024 * 1_024, 4 * maxFrameSize));
		this.#live = { timeout, maxFrameSize, clock, patience: (options.patience ?? 30) * 1_000, memory: this.#memory };
		this.#upstreams = new Upstreams({
			timeout,
			networks: parseNetworks(options.allowedNetworks),
			resolve: options.resolve ?? systemResolve,
			logger,
		});
		this.#lastFrames = new LastFrames(
			{
				cacheTtl: options.cacheTtl * 1_000,
				timeout,
				maxCacheBytes: options.maxCacheBytes ?? 64 * 1_024 * 1_024,
				maxCacheEntries: options.maxCacheEntries ?? 1_000,
				maxFetches: options.maxFetches ?? 64,
				clock,
			},
			(url, signal, asking) => this.#fetch(url, signal, asking),
		);
	}

	/** Upstream connections that are open or being opened. */
	get connections(): number {
		return this.#upstreams.open;
	}

	/** Bytes of what is arriving, and of the newest pictures of live streams. */
	get held(): number {
		return this.#memory.used;
	}

	/** Requests to agents so far, and those that failed. */
	get counts(): { requests: number; failures: number } {
		const { requests, failures } = this.#upstreams;
		return { requests, failures };
	}

	/** Live answers, those that wait for their first picture included. */
	get viewers(): number {
		let viewers = 0;
		for (const session of this.#open) viewers += session.viewers;
		return viewers;
	}

	async lastFrame(streamId: string, url: string, signal: AbortSignal, asker = anybody): Promise<Picture> {
		if (!this.running) throw unavailable("preview");
		return this.#lastFrames.get(streamId, url, signal, asker);
	}

	async watch(streamId: string, url: string, signal: AbortSignal, asker = anybody): Promise<LiveView> {
		return this.#session(streamId, url, asker).join(signal, asker.owner);
	}

	follow(streamId: string, url: string, sink: PictureSink): () => void {
		return this.#session(streamId, url, anybody).follow(sink);
	}

	/** The session of a stream's url, for one more viewer. */
	#session(streamId: string, url: string, { owner, requestId }: Asker): LiveSession {
		const { maxViewers = 1_000, maxLiveStreams = 256 } = this.#options;
		if (!this.running || this.viewers >= maxViewers) throw unavailable("preview");
		const own = this.#watchedBy(owner);
		if (own.viewers >= shareOf(maxViewers)) throw unavailable("preview");
		const current = this.#sessions.get(streamId);
		if (current?.url === url) return current;
		current?.end(refused("the stream's preview has changed"));
		if (this.#open.size >= maxLiveStreams || own.streams >= shareOf(maxLiveStreams)) throw unavailable("preview");
		return this.#begin(streamId, url, askedFor(streamId, requestId));
	}

	/** Live answers of one owner, and of how many streams. */
	#watchedBy(owner: string | null): { viewers: number; streams: number } {
		const own = { viewers: 0, streams: 0 };
		if (owner === null) return own;
		for (const session of this.#open) {
			const viewers = session.viewersOf(owner);
			own.viewers += viewers;
			if (viewers > 0) own.streams++;
		}
		return own;
	}

	forget(streamId: string): void {
		const gone = () => refused("the stream is no longer in progress");
		this.#sessions.get(streamId)?.end(gone());
		this.#lastFrames.forget(streamId, gone);
	}

	keep(streamId: string, marks: PreviewMarks): void {
		const changed = () => refused("the stream's preview has changed");
		const session = this.#sessions.get(streamId);
		if (session !== undefined && urlMark(session.url) !== marks.live) session.end(changed());
		this.#lastFrames.keep(streamId, marks.last_frame, changed);
	}

	protected override onStart(): Promise<void> {
		return Promise.resolve();
	}

	protected override async onStop(): Promise<void> {
		const fault = unavailable("preview");
		const open = [...this.#open];
		for (const session of open) session.end(fault);
		await this.#lastFrames.close(fault);
		await Promise.all(open.map((session) => session.ended));
		await this.#upstreams.close();
	}

	#begin(streamId: string, url: string, asking: AskedFor): LiveSession {
		const session = new LiveSession(
			url,
			(target, signal) => this.#upstreams.request(target, signal, asking),
			this.#live,
			(ending) => {
				if (this.#sessions.get(streamId) === ending) this.#sessions.delete(streamId);
			},
		);
		this.#sessions.set(streamId, session);
		this.#open.add(session);
		void session.ended.then(() => this.#open.delete(session));
		return session;
	}

	async #fetch(url: string, signal: AbortSignal, asking: AskedFor): Promise<Picture> {
		const { maxFrameSize } = this.#options;
		const upstream = await this.#upstreams.request(url, signal, asking);
		let letGo = false;
		const holding = this.#memory.share(() => {
			letGo = true;
			upstream.close();
		});
		try {
			const pace = new Pace(maxFrameSize, this.#live.clock, signal);
			return await readStill(upstream, { maxFrameSize, pace, holding });
		} catch (error) {
			// The connection breaks when the fetch is given up or let go: then that is the reason.
			if (letGo) throw unavailable("preview");
			throw signal.aborted ? signal.reason : error;
		} finally {
			holding.release();
			upstream.close();
		}
	}
}
