import type { Clock } from "../../actors/clock.ts";
import { type Fault, unavailable } from "../../persistence/fault.ts";
import type { ByteBudget, Holding } from "./byte-budget.ts";
import { multipartType } from "./content-type.ts";
import { type LiveView, LiveViewer } from "./live-viewer.ts";
import { MultipartReader } from "./multipart-reader.ts";
import { Pace } from "./pace.ts";
import { PartEncoder } from "./part-encoder.ts";
import type { Picture } from "./picture.ts";
import { refusalOf, refused } from "./refusal.ts";
import { readStill } from "./still.ts";
import type { Upstream } from "./upstream.ts";

export interface LiveSettings {
	/** Milliseconds that may pass without a whole picture. */
	readonly timeout: number;
	/** Bytes. */
	readonly maxFrameSize: number;
	/** Milliseconds after which a client that takes nothing is given up. */
	readonly patience: number;
	readonly clock: Clock;
	/** What all sessions hold together, of what arrives and of their newest pictures. */
	readonly memory: ByteBudget;
}

/** Takes whole pictures, as they come. */
export interface PictureSink {
	/** The bytes may change after the call. */
	picture(picture: Picture): void;
	/** The upstream is at its end, or did not come to a picture; nothing follows. */
	ended(fault: Fault): void;
}

/**
 * One live url of one stream while somebody watches it: one upstream connection, any number of viewers. It runs from its
 * making until the upstream ends, the last viewer leaves, it holds most when all hold too much, or `end` is called, and
 * then for good.
 */
export class LiveSession {
	readonly url: string;
	/** Resolves when it has ended and its connection was closed. Never rejects. */
	readonly ended: Promise<void>;
	readonly #settings: LiveSettings;
	readonly #encoder = new PartEncoder();
	/** With whose share they take. */
	readonly #viewers = new Map<LiveViewer, string | null>();
	readonly #sinks = new Set<PictureSink>();
	readonly #giveUp = new AbortController();
	readonly #onEnd: (session: LiveSession) => void;
	/** The newest picture as a part, for those who join. */
	#newest: Uint8Array | null = null;
	/** Bytes that wait for the rest of their picture. */
	#arriving = 0;
	readonly #holding: Holding;
	#over = false;

	/**
	 * @param request opens the upstream.
	 * @param onEnd called once, before the viewers hear of the end, so that whoever comes back then meets a new session.
	 */
	constructor(
		url: string,
		request: (url: string, signal: AbortSignal) => Promise<Upstream>,
		settings: LiveSettings,
		onEnd: (session: LiveSession) => void,
	) {
		this.url = url;
		this.#settings = settings;
		this.#onEnd = onEnd;
		this.#holding = settings.memory.share(() => this.end(unavailable("preview")));
		this.ended = this.#run(request);
	}

	get viewers(): number {
		return this.#viewers.size + this.#sinks.size;
	}

	/** How many viewers take of somebody's share. */
	viewersOf(owner: string): number {
		let viewers = 0;
		for (const whose of this.#viewers.values()) if (whose === owner) viewers++;
		return viewers;
	}

	/**
	 * Adds a viewer. The promise is its view, when there is a picture to show.
	 * @param owner whose share it takes; null: nobody's.
	 * @param signal leaves, before or after that.
	 * @throws {Fault} 39010 when the upstream does not come to a first picture.
	 */
	join(signal: AbortSignal, owner: string | null): Promise<LiveView> {
		const { clock, patience } = this.#settings;
		const onAbort = () => viewer.close();
		const viewer = new LiveViewer(this.#encoder, clock, patience, (leaving) => {
			signal.removeEventListener("abort", onAbort);
			this.#viewers.delete(leaving);
			this.#endUnwatched();
		});
		this.#viewers.set(viewer, owner);
		signal.addEventListener("abort", onAbort, { once: true });
		if (this.#newest !== null) viewer.offer(this.#newest);
		if (signal.aborted) viewer.close();
		return viewer.ready;
	}

	/** Adds one that takes whole pictures, from the next one on. Returns its leaving, after which it hears nothing more. */
	follow(sink: PictureSink): () => void {
		this.#sinks.add(sink);
		return () => {
			if (this.#sinks.delete(sink)) this.#endUnwatched();
		};
	}

	#endUnwatched(): void {
		if (this.viewers === 0) this.end(refused("nobody watches"));
	}

	/** Ends the answers of all viewers and closes the connection; those without a picture so far are answered `fault`. */
	end(fault: Fault): void {
		if (this.#over) return;
		this.#over = true;
		this.#giveUp.abort(fault);
		this.#onEnd(this);
		this.#newest = null;
		this.#holding.release();
		for (const viewer of this.#viewers.keys()) viewer.end(fault);
		this.#viewers.clear();
		const sinks = [...this.#sinks];
		this.#sinks.clear();
		for (const sink of sinks) sink.ended(fault);
	}

	async #run(request: (url: string, signal: AbortSignal) => Promise<Upstream>): Promise<void> {
		try {
			const upstream = await request(this.url, this.#giveUp.signal);
			try {
				await this.#relay(upstream);
			} finally {
				upstream.close();
			}
			this.end(refused("the upstream ended before its first picture"));
		} catch (error) {
			this.end(refusalOf(error));
		}
	}

	async #relay(upstream: Upstream): Promise<void> {
		const { timeout, maxFrameSize, clock } = this.#settings;
		const { type, boundary } = upstream.contentType;
		const timer = setTimeout(() => this.end(refused("the upstream sent no picture in time")), timeout);
		const pace = new Pace(maxFrameSize, clock, this.#giveUp.signal);
		try {
			if (type !== multipartType)
				return this.#show(await readStill(upstream, { maxFrameSize, pace, holding: this.#holding }));
			if (boundary === null) throw refused("the upstream's content type has no boundary");
			const reader = new MultipartReader(boundary, maxFrameSize);
			for await (const chunk of upstream.body) {
				reader.push(chunk);
				this.#arriving = reader.room;
				this.#hold();
				for (let picture = reader.next(); picture !== null && !this.#over; picture = reader.next()) {
					timer.refresh();
					this.#show(picture);
					await pace.picture();
				}
				if (reader.over || this.#over) return;
				await pace.bytes(chunk.byteLength, upstream.takePieces());
			}
		} finally {
			clearTimeout(timer);
		}
	}

	/** Says what it holds; at the bound of all sessions that may be its end. */
	#hold(): void {
		this.#holding.hold(this.#arriving + (this.#newest?.byteLength ?? 0));
	}

	#show(picture: Picture): void {
		if (this.#over) return;
		for (const sink of this.#sinks) sink.picture(picture);
		if (this.#over) return;
		const part = this.#encoder.encode(picture);
		this.#newest = part;
		this.#hold();
		if (this.#over) return;
		for (const viewer of this.#viewers.keys()) viewer.offer(part);
	}
}
