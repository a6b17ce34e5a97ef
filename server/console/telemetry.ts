import type { StreamTelemetry } from "../../persistence/console/telemetry.ts";
import { Fault, unavailable } from "../../persistence/fault.ts";
import { covers, isWhole } from "../access/scope.ts";
import type { HttpLogger } from "../http/options.ts";
import type { Change } from "./feed.ts";
import type { Session } from "./session.ts";
import { Shares } from "./shares.ts";

/** Streams of one statement, of which the pages of one caller may have half; and of one page. */
const LARGEST = 20_000;
const OF_PAGE = 1_000;

export interface TelemetryOptions {
	read: (stream_ids: readonly string[]) => Promise<StreamTelemetry[]>;
	log: HttpLogger;
}

interface Watcher {
	session: Session;
	sub: number;
	ids: Set<string>;
	/** What it was not told yet, though it may not change: newly watched, or missed while the page was behind. */
	owed: Set<string>;
}

/**
 * What moves without a change of status, once a second: one statement reads the telemetry of all streams that somebody
 * looks at, and each page is told of those of its own that are other than before.
 */
export class Telemetry {
	readonly #options: TelemetryOptions;
	readonly #watchers = new Map<Session, Map<number, Watcher>>();
	/** What is looked at, and by whom. */
	readonly #watched = new Shares({ all: LARGEST, ofOwner: LARGEST / 2 });
	#last = new Map<string, string>();
	#telling = false;

	constructor(options: TelemetryOptions) {
		this.#options = options;
	}

	/** How many streams are looked at. */
	get size(): number {
		return this.#watched.size;
	}

	/**
	 * Replaces what a subscription looks at; an empty list ends it.
	 * @throws {Fault} 39905 at the bounds of the node, of a caller and of a page: then it looks at nothing
	 */
	watch(session: Session, sub: number, stream_ids: readonly string[]): void {
		const subs = this.#watchers.get(session) ?? new Map<number, Watcher>();
		const before = subs.get(sub)?.ids ?? new Set();
		this.#release(session, before);
		subs.delete(sub);
		let others = 0;
		for (const watcher of subs.values()) others += watcher.ids.size;
		const fits = others + stream_ids.length <= OF_PAGE && this.#watched.admits(session.owner, stream_ids);
		const ids = new Set(fits ? stream_ids : []);
		for (const id of ids) this.#watched.hold(session.owner, id);
		if (ids.size > 0) subs.set(sub, { session, sub, ids, owed: new Set([...ids].filter((id) => !before.has(id))) });
		if (subs.size === 0) this.#watchers.delete(session);
		else this.#watchers.set(session, subs);
		if (!fits) throw unavailable("room for more telemetry");
	}

	/** Streams changed: whoever may not see one any more is told nothing further of it. */
	forbid(changes: readonly Change[]): void {
		for (const [session, subs] of this.#watchers) {
			const { caller } = session;
			if (isWhole(caller)) continue;
			for (const { stream_id, stream } of changes) {
				if (stream === null || covers(caller, stream.source)) continue;
				for (const { ids, owed } of subs.values()) {
					owed.delete(stream_id);
					if (ids.delete(stream_id)) this.#release(session, [stream_id]);
				}
			}
		}
	}

	async #tell(): Promise<void> {
		if (this.#watched.size === 0) {
			this.#last.clear();
			return;
		}
		const rows = await this.#options.read([...this.#watched.keys()]);
		const texts = new Map(rows.map((row) => [row.stream_id, JSON.stringify(row)]));
		const changed = new Set([...texts].flatMap(([id, text]) => (this.#last.get(id) === text ? [] : [id])));
		this.#last = texts;
		for (const subs of this.#watchers.values()) for (const watcher of subs.values()) tellOne(watcher, texts, changed);
	}

	/**
	 * One round, unless the one before is still under way. One that was not possible says so, unless it is the database that
	 * is away.
	 */
	async round(): Promise<void> {
		if (this.#telling) return;
		this.#telling = true;
		try {
			await this.#tell();
		} catch (error) {
			if (!(error instanceof Fault)) this.#options.log.error({ err: error }, "telemetry for the console failed");
		}
		this.#telling = false;
	}

	#release({ owner }: Session, ids: Iterable<string>): void {
		for (const id of ids) this.#watched.release(owner, id);
	}
}

function tellOne(watcher: Watcher, texts: ReadonlyMap<string, string>, changed: ReadonlySet<string>): void {
	const { session, sub, ids, owed } = watcher;
	for (const id of ids) if (changed.has(id)) owed.add(id);
	if (session.behind || owed.size === 0) return;
	const rows = [...owed].flatMap((id) => texts.get(id) ?? []);
	owed.clear();
	if (rows.length > 0) session.sendText(`{"type":"telemetry","sub":${sub},"rows":[${rows.join(",")}]}`);
}
