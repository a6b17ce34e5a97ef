import { LRUCache } from "lru-cache";
import type { BusMessage } from "../../actors/cluster/cluster.ts";
import { unavailable } from "../../persistence/fault.ts";
import { covers, isWhole } from "../access/scope.ts";
import type { MessageOf } from "../schemas/console/messages.ts";
import type { Change } from "./feed.ts";
import { type PictureParts, PictureSource, type PictureWatcher } from "./picture-source.ts";
import type { ConsoleReads } from "./reads.ts";
import type { Session } from "./session.ts";
import { Shares } from "./shares.ts";

/** Streams of which a node fetches pictures for its pages; those of one caller may have half of them. */
const MOST_SOURCES = 2_000;
/** Bytes of their newest pictures that are kept; beyond them the oldest is not, and whoever comes then waits for the next. */
const MOST_NEWEST = 128 * 1_048_576;
/** Bytes of pictures that wait in the sockets of pages that are behind; beyond them pages are sent none until some catch up or go. */
const MOST_WAITING = 128 * 1_048_576;

type Wanted = MessageOf<"pictures">["streams"];

interface PictureCounts {
	sent: number;
	/** Pictures that were left out because their page was behind, or all pages together were too much so. */
	skipped: number;
}

/** The pictures that wait in the sockets of pages which are behind: one at most for each. */
class WaitingPictures {
	readonly #most: number;
	readonly #bytes = new Map<Session, number>();
	#sum = 0;

	constructor(most: number) {
		this.#most = most;
	}

	fits(frame: Buffer): boolean {
		return this.#sum + frame.byteLength <= this.#most;
	}

	add(session: Session, frame: Buffer): void {
		this.delete(session);
		this.#bytes.set(session, frame.byteLength);
		this.#sum += frame.byteLength;
	}

	delete(session: Session): void {
		this.#sum -= this.#bytes.get(session) ?? 0;
		this.#bytes.delete(session);
	}
}

/** A page that wants pictures. */
class Viewer implements PictureWatcher {
	readonly session: Session;
	/** What it could not take: the newest of each follows when it has caught up. */
	readonly missed = new Set<string>();
	readonly #counts: PictureCounts;
	readonly #waiting: WaitingPictures;

	constructor(session: Session, counts: PictureCounts, waiting: WaitingPictures) {
		this.session = session;
		this.#counts = counts;
		this.#waiting = waiting;
	}

	picture(stream_id: string, frame: Buffer): void {
		if (this.session.behind || !this.#waiting.fits(frame)) {
			this.missed.add(stream_id);
			this.#counts.skipped++;
			return;
		}
		this.missed.delete(stream_id);
		this.#counts.sent++;
		this.session.sendBytes(frame);
		if (this.session.behind) this.#waiting.add(this.session, frame);
	}
}

/** The pictures that pages want: each stream is fetched once, however many watch, and only while somebody does. */
export class Pictures implements PictureCounts {
	readonly #parts: PictureParts;
	readonly #reads: Pick<ConsoleReads, "rows">;
	readonly #sources = new Map<string, PictureSource>();
	readonly #shares = new Shares({ all: MOST_SOURCES, ofOwner: MOST_SOURCES / 2 });
	readonly #newest: LRUCache<string, Buffer>;
	readonly #waiting: WaitingPictures;
	readonly #viewers = new Map<Session, Viewer>();
	/** The newest list of each page: one that is overtaken while it is looked up counts for nothing. */
	readonly #wanted = new Map<Session, Wanted>();
	sent = 0;
	skipped = 0;

	/**
	 * @param most bytes of newest pictures that are kept, and of pictures that wait for pages.
	 */
	constructor(
		parts: PictureParts,
		reads: Pick<ConsoleReads, "rows">,
		most = { newest: MOST_NEWEST, waiting: MOST_WAITING },
	) {
		this.#parts = parts;
		this.#reads = reads;
		this.#newest = new LRUCache({ maxSize: most.newest, sizeCalculation: (frame) => frame.byteLength });
		this.#waiting = new WaitingPictures(most.waiting);
	}

	/** Streams that pictures are wanted of. */
	get size(): number {
		return this.#sources.size;
	}

	/** Bytes of the newest pictures that are kept. */
	get newestBytes(): number {
		return this.#newest.calculatedSize;
	}

	/** Replaces what a page wants. @throws {Fault} 39905 at the bound of the node or of the caller: then it gets some of them */
	async want(session: Session, wanted: Wanted): Promise<void> {
		if (wanted.length === 0) return this.leave(session);
		this.#wanted.set(session, wanted);
		const rows = await this.#reads.rows(session.owner, [...new Set(wanted.map(({ stream_id }) => stream_id))]);
		if (this.#wanted.get(session) !== wanted || !session.open) return;
		const visible = new Set(rows.filter(({ source }) => covers(session.caller, source)).map((row) => row.stream_id));
		const viewer = this.#viewers.get(session) ?? new Viewer(session, this, this.#waiting);
		this.#viewers.set(session, viewer);
		const rates = new Map(wanted.flatMap(({ stream_id, rate }) => (visible.has(stream_id) ? [[stream_id, rate]] : [])));
		for (const source of this.#sources.values()) {
			if (!rates.has(source.stream_id)) this.#unwatch(source, viewer);
		}
		this.#sweep();
		const now = performance.now();
		for (const [stream_id, rate] of rates) {
			const source = this.#source(stream_id, viewer);
			if (source.newest !== null && !source.watchers.has(viewer)) viewer.picture(stream_id, source.newest);
			source.watchers.set(viewer, rate);
			source.tick(now);
		}
	}

	/** A page wants none any more, or is gone. */
	leave(session: Session): void {
		this.#wanted.delete(session);
		// What waits for a page that only wants no more waits all the same.
		if (!session.open) this.#waiting.delete(session);
		const viewer = this.#viewers.get(session);
		if (viewer === undefined) return;
		this.#viewers.delete(session);
		for (const source of this.#sources.values()) this.#unwatch(source, viewer);
		this.#sweep();
	}

	/** A page takes what it is sent again. */
	caughtUp(session: Session): void {
		this.#waiting.delete(session);
		const viewer = this.#viewers.get(session);
		if (viewer === undefined) return;
		const missed = [...viewer.missed];
		viewer.missed.clear();
		for (const stream_id of missed) {
			const source = this.#sources.get(stream_id);
			const newest = source?.watchers.has(viewer) ? source.newest : null;
			if (newest !== null) viewer.picture(stream_id, newest);
		}
	}

	/** Streams changed: what their agents offer may be other now. */
	hear({ events }: BusMessage): void {
		for (const { stream_id } of events) this.#sources.get(stream_id)?.changed();
	}

	/** Streams changed, and so may have who sees them: whoever does not any more gets no further picture, others do again. */
	judge(changes: readonly Change[]): void {
		if (this.#wanted.size === 0) return;
		const changed = new Map(changes.map(({ stream_id, stream }) => [stream_id, stream]));
		for (const [session, wanted] of this.#wanted) {
			if (isWhole(session.caller)) continue;
			const viewer = this.#viewers.get(session);
			const other = wanted.filter(({ stream_id }) => {
				const stream = changed.get(stream_id);
				if (stream === undefined || stream === null) return false;
				const source = this.#sources.get(stream_id);
				const watches = viewer !== undefined && source?.watchers.has(viewer) === true;
				const sees = covers(session.caller, stream.source);
				if (watches && !sees) this.#unwatch(source, viewer);
				return watches !== sees;
			});
			if (other.length > 0) this.#wantAgain(session, wanted);
		}
		this.#sweep();
	}

	/** What a page sees may be other for all streams: it gets no picture before that is known. */
	judgeAll(session: Session): void {
		const wanted = this.#wanted.get(session);
		if (wanted === undefined || isWhole(session.caller)) return;
		this.leave(session);
		this.#wantAgain(session, wanted);
	}

	#wantAgain(session: Session, wanted: Wanted): void {
		// Another list, so that a question under way for the same one counts for nothing.
		this.want(session, [...wanted]).catch((error) => {
			this.leave(session);
			session.sendError(error);
		});
	}

	tick(now: number): void {
		for (const source of this.#sources.values()) source.tick(now);
	}

	clear(): void {
		for (const source of this.#sources.values()) source.stop();
		this.#sources.clear();
		this.#shares.clear();
		this.#viewers.clear();
		this.#wanted.clear();
	}

	/** The pictures of a stream, of which one more is about to be a watcher. */
	#source(stream_id: string, viewer: Viewer): PictureSource {
		const { owner } = viewer.session;
		const known = this.#sources.get(stream_id);
		if (known?.watchers.has(viewer)) return known;
		if (!this.#shares.admits(owner, [stream_id])) throw unavailable("room for more pictures");
		this.#shares.hold(owner, stream_id);
		if (known !== undefined) return known;
		const source = new PictureSource(stream_id, this.#parts, this.#newest);
		this.#sources.set(stream_id, source);
		return source;
	}

	#unwatch(source: PictureSource, viewer: Viewer): void {
		if (source.watchers.delete(viewer)) this.#shares.release(viewer.session.owner, source.stream_id);
	}

	/** What nobody wants any more is not fetched any longer. */
	#sweep(): void {
		for (const [id, source] of this.#sources) {
			if (source.watchers.size > 0) continue;
			source.stop();
			this.#sources.delete(id);
		}
	}
}
