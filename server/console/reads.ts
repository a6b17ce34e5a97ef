import type { AgentFigures } from "../../persistence/console/agents.ts";
import { agentFigures } from "../../persistence/console/agents.ts";
import { countStatuses } from "../../persistence/console/count-statuses.ts";
import { describeSet, type SetDescription } from "../../persistence/console/describe-set.ts";
import { type ConsoleLogRecord, recordsAfter } from "../../persistence/console/follow-logs.ts";
import { type IdsFound, listConsoleIds } from "../../persistence/console/list-ids.ts";
import { newestRecord } from "../../persistence/console/newest-record.ts";
import { databaseNow } from "../../persistence/console/now.ts";
import { type QueueFigures, queueFigures } from "../../persistence/console/queue-figures.ts";
import { consoleStreams } from "../../persistence/console/streams.ts";
import { readTelemetry, type StreamTelemetry } from "../../persistence/console/telemetry.ts";
import { deleteView } from "../../persistence/console/views/delete.ts";
import { type SavedView, savedViews } from "../../persistence/console/views/list.ts";
import { saveView } from "../../persistence/console/views/save.ts";
import type { Database } from "../../persistence/database.ts";
import { unavailable } from "../../persistence/fault.ts";
import { Gate } from "../../persistence/gate.ts";
import type { Scope } from "../../persistence/scope.ts";
import type { StreamStatus } from "../../persistence/stream-row.ts";
import { scopeText } from "../access/scope.ts";
import { LoadedStream } from "./row.ts";
import type { Question } from "./view.ts";

/** Searches that may run at once, and wait: the others of the lists' connections are left to the API. */
const SEARCHES = 2;
const WAITING_SEARCHES = 500;
/** Readings of single streams that pages cause, at once, and that wait: the other connections of the commands are left to feedback. */
const PAGE_READS = 2;
const WAITING_PAGE_READS = 500;
/** Streams beyond which a reading is a wide one. Of these there is one at a time: it keeps the processor for some 10 ms. */
const WIDE = 100;
/** Views that may be saved. */
const MOST_SAVED = { ofScope: 200, all: 20_000 };

/**
 * What the console asks the database. Rows by their ids go with the commands, since every page waits for them and they
 * are read at once; those that pages ask for a few at a time, so that they cannot hold up feedback. Whatever looks at many
 * goes with the lists, where a statement may take four seconds and then is 39905.
 */
export class ConsoleReads {
	readonly #database: Database;
	readonly #searches = new Gate("search", SEARCHES, WAITING_SEARCHES);
	readonly #wide = new Gate("reading for pages", 1, WAITING_PAGE_READS);
	/** Of what pages have missed of the log, thousands of records in one reading: one at a time, too. */
	readonly #missed = new Gate("reading for pages", 1, WAITING_PAGE_READS);
	readonly #pages = new Gate("reading for pages", PAGE_READS, WAITING_PAGE_READS);

	constructor(database: Database) {
		this.#database = database;
	}

	/**
	 * Streams as they are now, in no particular order; those that do not exist are left out. At once: for what the service
	 * itself does. What a page asks for goes through `rows` or `forPage`.
	 */
	async streams(stream_ids: readonly string[]): Promise<LoadedStream[]> {
		if (stream_ids.length === 0) return [];
		const rows = await this.#database.run("commands", (sql) => consoleStreams(sql, stream_ids));
		return rows.map((row) => new LoadedStream(row));
	}

	/** `streams` for a page of this owner: in its turn, 39905 when too many wait. */
	async rows(owner: string, stream_ids: readonly string[]): Promise<LoadedStream[]> {
		if (stream_ids.length === 0) return [];
		const read = () => this.forPage(owner, () => this.streams(stream_ids));
		return stream_ids.length > WIDE ? this.#wide.through(read, owner) : read();
	}

	/** Reads single streams for a page of this owner: in its turn, 39905 when too many wait. */
	forPage<T>(owner: string, work: () => Promise<T>): Promise<T> {
		return this.#pages.through(work, owner);
	}

	/**
	 * The ids that match, in order, and how many there are; for a page of this owner, in its turn.
	 * @param wanted asked when its turn comes: a search that nobody waits for any more is 39905 without being made
	 */
	list(owner: string, question: Question, limit: number, wanted = () => true): Promise<IdsFound> {
		return this.#searches.through(async () => {
			if (!wanted()) throw unavailable("search");
			return this.#database.run("lists", (sql) => listConsoleIds(sql, question, limit), owner);
		}, owner);
	}

	/** In this owner's turn. */
	describe(owner: string, stream_ids: readonly string[]): Promise<SetDescription> {
		return this.#database.run("lists", (sql) => describeSet(sql, stream_ids), owner);
	}

	telemetry(stream_ids: readonly string[]): Promise<StreamTelemetry[]> {
		return this.#database.run("lists", (sql) => readTelemetry(sql, stream_ids));
	}

	count(scope: Scope): Promise<Map<StreamStatus, number>> {
		return this.#database.run("lists", (sql) => countStatuses(sql, scope));
	}

	queue(scope: Scope, limit: number): Promise<QueueFigures> {
		return this.#database.run("lists", (sql) => queueFigures(sql, scope, limit));
	}

	agents(scope: Scope, limit: number): Promise<AgentFigures[]> {
		return this.#database.run("lists", (sql) => agentFigures(sql, scope, limit));
	}

	/** Log records with numbers above `after`, and those of some lower numbers. At once: one reading serves all pages. */
	records(after: number, limit: number, lower: readonly number[]): Promise<ConsoleLogRecord[]> {
		return this.#database.run("lists", (sql) => recordsAfter(sql, after, limit, lower));
	}

	/**
	 * The same for a page of this owner, which has missed them: in its turn, 39905 when too many wait.
	 * @param wanted asked when its turn comes: what nobody waits for any more is 39905 without being read
	 */
	missedRecords(owner: string, after: number, limit: number, wanted: () => boolean): Promise<ConsoleLogRecord[]> {
		return this.#missed.through(async () => {
			if (!wanted()) throw unavailable("reading for pages");
			return this.#database.run("lists", (sql) => recordsAfter(sql, after, limit, []), owner);
		}, owner);
	}

	/** The number of the newest log record; for a page of this owner, in its turn. */
	newestRecord(owner: string): Promise<number> {
		return this.#missed.through(() => this.#database.run("lists", newestRecord, owner), owner);
	}

	/** Those of the same scope; in this owner's turn. */
	savedViews(owner: string, scope: Scope): Promise<SavedView[]> {
		return this.#database.run("lists", (sql) => savedViews(sql, scopeText(scope)), owner);
	}

	/** null: there are as many as there may be. */
	saveView(view: SavedView, scope: Scope): Promise<SavedView | null> {
		return this.#database.run("commands", (sql) => saveView(sql, view, scopeText(scope), MOST_SAVED));
	}

	/** Answers whether there was one. */
	deleteView(view_id: string, scope: Scope): Promise<boolean> {
		return this.#database.run("commands", (sql) => deleteView(sql, view_id, scopeText(scope)));
	}

	/** The database's clock, ms since 1970. */
	now(): Promise<number> {
		return this.#database.run("commands", databaseNow);
	}
}
