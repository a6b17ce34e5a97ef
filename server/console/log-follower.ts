import type { ConsoleLogRecord } from "../../persistence/console/follow-logs.ts";
import { Fault, unavailable } from "../../persistence/fault.ts";
import { covers } from "../access/scope.ts";
import type { HttpLogger } from "../http/options.ts";
import type { LogFilterBody } from "../schemas/console/filter.ts";
import type { ConsoleReads } from "./reads.ts";
import { shownError } from "./row.ts";
import type { LogRecord } from "./server-message.ts";
import type { Session, Subscription } from "./session.ts";

/** Records of one reading, and of one message. */
const READ = 2_000;
const TOLD = 300;
/** Milliseconds that a number which is not there yet is waited for: its record may be on its way to its commit. */
const GAP_PATIENCE = 5_000;
/** Numbers that may be waited for at once. */
const MOST_GAPS = 1_000;
/** Logs that one page may follow: each filter is held against every record. */
const MOST_FOLLOWED = 4;

interface Follower extends Subscription {
	session: Session;
	sub: number;
	matches: (record: ConsoleLogRecord) => boolean;
	/** The first reading, of what it missed, is on its way: what comes meanwhile is kept, the newest of it. */
	kept: ConsoleLogRecord[] | null;
	skipped: boolean;
}

/**
 * Tells pages of new log records: one statement reads for all of them. Numbers are given before the commit, so one may
 * come after a higher one: those that were passed over are looked for again, for a while.
 */
export class LogFollower {
	readonly #reads: ConsoleReads;
	readonly #log: HttpLogger;
	/** Those that were made and have not ended. */
	readonly #all = new WeakSet<Subscription>();
	readonly #followers = new Set<Follower>();
	/** The highest number that was seen; null: nobody follows. */
	#newest: number | null = null;
	/** Numbers below it that were not seen, and since when. */
	readonly #gaps = new Map<number, number>();
	/** The end of what each page began last. */
	readonly #begun = new WeakMap<Session, Promise<void>>();
	#stale = false;
	#reading = false;

	constructor(reads: ConsoleReads, log: HttpLogger) {
		this.#reads = reads;
		this.#log = log;
	}

	/** Something may have been logged. */
	touch(): void {
		this.#stale = true;
	}

	/** Whether anybody follows; else nothing is read. */
	get followed(): boolean {
		return this.#newest !== null;
	}

	/**
	 * Follows from now on, or from the newest record that the page has. Rejects with 39905 when that cannot be read: then
	 * the follower is to be ended.
	 */
	begin(follower: Follower, since: number | undefined): Promise<void> {
		this.#followers.add(follower);
		const { session } = follower;
		// One of a page after the other, and nothing for those that ended meanwhile: who begins all the time waits for itself.
		const begun = (this.#begun.get(session) ?? Promise.resolve()).then(() => this.#begin(follower, since));
		this.#begun.set(
			session,
			begun.catch(() => undefined),
		);
		return begun;
	}

	async #begin(follower: Follower, since: number | undefined): Promise<void> {
		if (!this.#followers.has(follower)) return;
		const newest = this.#newest ?? (await this.#reads.newestRecord(follower.session.owner));
		// Ended meanwhile: perhaps nobody follows any more.
		if (!this.#followers.has(follower)) return;
		this.#newest ??= newest;
		const missed = since === undefined ? [] : await this.#missed(follower, since, this.#newest);
		if (!this.#followers.has(follower)) return;
		const seen = new Set(missed.map(({ record_number }) => record_number));
		const later = (follower.kept ?? []).filter(({ record_number }) => !seen.has(record_number));
		follower.kept = null;
		tell(follower, [...missed, ...later], true);
	}

	/** The records after the page's newest, as far as they can be told. */
	async #missed(follower: Follower, since: number, newest: number): Promise<ConsoleLogRecord[]> {
		const after = Math.max(since, newest - READ);
		if (after > since) follower.skipped = true;
		const wanted = () => this.#followers.has(follower);
		return (await this.#reads.missedRecords(follower.session.owner, after, READ, wanted)).filter(follower.matches);
	}

	/** @throws {Fault} 39905 when the page follows as many as it may. */
	follower(session: Session, sub: number, filter: LogFilterBody): Follower {
		let others = 0;
		for (const [number, each] of session.subscriptions) if (number !== sub && this.#all.has(each)) others++;
		if (others >= MOST_FOLLOWED) throw unavailable("room for another log");
		const follower: Follower = {
			session,
			sub,
			matches: matching(filter, session),
			kept: [],
			skipped: false,
			end: () => {
				this.#all.delete(follower);
				this.#followers.delete(follower);
				if (this.#followers.size > 0) return;
				this.#newest = null;
				this.#gaps.clear();
			},
		};
		this.#all.add(follower);
		return follower;
	}

	/** Reads what is new, several times a second. */
	async tick(): Promise<void> {
		if (this.#reading || !this.#stale || this.#newest === null) return;
		this.#reading = true;
		this.#stale = false;
		try {
			await this.#read(this.#newest);
		} catch (error) {
			this.#stale = true;
			if (!(error instanceof Fault)) this.#log.error({ err: error }, "the log for the console could not be read");
		}
		this.#reading = false;
	}

	async #read(newest: number): Promise<void> {
		const now = performance.now();
		for (const [number, since] of this.#gaps) if (now - since > GAP_PATIENCE) this.#gaps.delete(number);
		const records = await this.#reads.records(newest, READ, [...this.#gaps.keys()]);
		if (this.#newest === null) return;
		const fresh = records.filter(({ record_number }) => record_number > newest || this.#gaps.delete(record_number));
		let highest = newest;
		for (const { record_number } of fresh) {
			const until = Math.min(record_number, highest + MOST_GAPS);
			for (let gap = highest + 1; gap < until && this.#gaps.size < MOST_GAPS; gap++) this.#gaps.set(gap, now);
			if (record_number > highest) highest = record_number;
		}
		this.#newest = Math.max(this.#newest, highest);
		if (records.length === READ || this.#gaps.size > 0) this.#stale = true;
		for (const follower of this.#followers) {
			const matching = fresh.filter(follower.matches);
			if (follower.kept !== null) keep(follower, follower.kept, matching);
			else tell(follower, matching, false);
		}
	}
}

/** The newest of what comes before the first reading is there. */
function keep(follower: Follower, kept: ConsoleLogRecord[], records: readonly ConsoleLogRecord[]): void {
	kept.push(...records.slice(-TOLD));
	if (records.length > TOLD || kept.length > TOLD) follower.skipped = true;
	kept.splice(0, kept.length - TOLD);
}

/** At most so many in one message, the newest; a page that is behind misses them and is told so. */
function tell(follower: Follower, records: readonly ConsoleLogRecord[], always: boolean): void {
	if (records.length > TOLD) follower.skipped = true;
	if (follower.session.behind) {
		if (records.length > 0) follower.skipped = true;
		return;
	}
	if (records.length === 0 && !always) return;
	const { session, sub, skipped } = follower;
	follower.skipped = false;
	session.send({ type: "logs", sub, records: records.slice(-TOLD).map((record) => shown(record, session)), skipped });
}

function matching({ account_id, stream_ids, statuses }: LogFilterBody, { caller }: Session) {
	const ids = stream_ids === undefined || stream_ids.length === 0 ? null : new Set(stream_ids);
	const kinds: ReadonlySet<string> | null = statuses === undefined || statuses.length === 0 ? null : new Set(statuses);
	return (record: ConsoleLogRecord): boolean =>
		(account_id === undefined || record.account_id === account_id) &&
		(ids === null || ids.has(record.stream_id)) &&
		(kinds === null || kinds.has(record.status)) &&
		covers(caller, record);
}

/** A record is told to many: what hides the secrets in it takes longer than all else. */
const errors = new WeakMap<ConsoleLogRecord, LogRecord["error"]>();

function errorOf(record: ConsoleLogRecord): LogRecord["error"] {
	let error = errors.get(record);
	if (error === undefined) {
		error = shownError(record.error);
		errors.set(record, error);
	}
	return error;
}

/** A record may belong to what the page sees, and the stream be elsewhere by now: then its name does not. */
function shown(whole: ConsoleLogRecord, { caller }: Session): LogRecord {
	const { groups, present_account_id, name, error: _, ...record } = whole;
	const there = present_account_id !== null && covers(caller, { account_id: present_account_id, groups });
	return { ...record, name: there ? name : "", error: errorOf(whole) };
}
