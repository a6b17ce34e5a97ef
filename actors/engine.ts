import type { Scope } from "../persistence/scope.ts";
import type {
	GroupFilters,
	GroupRow,
	LogFilters,
	LogRow,
	Page,
	QueueFilters,
	StreamFilters,
	StreamRow,
	StreamStatus,
	WrittenStream,
} from "../persistence/stream-row.ts";
import type { KnownRow } from "./known-rows.ts";
import type { Reported } from "./reported.ts";

/**
 * What the engine does for whoever speaks to the outside: the only door of `actors/` for `server/`. Every method may
 * throw a `Fault`; 39905 from any of them when the database is away or the engine is at one of its bounds.
 * `account_id`, where given, restricts: an object of another account is "not found". So is what is out of `scope`; what
 * would leave it is 39903. What may be slow takes turns by its `owner`: whose question it is.
 */
export interface Engine {
	/** Faults: 39007 (no such group), 39903. */
	create(stream: WrittenStream, scope: Scope): Promise<{ stream_id: string; version: number }>;
	/** PUT. Faults: 39001, 39007, 39903. */
	recreate(
		stream_id: string,
		stream: WrittenStream,
		account_id: string | null,
		scope: Scope,
	): Promise<{ stream_id: string; version: number }>;
	/** PATCH, all or nothing. Faults: 39001, 39003, 39004, 39005. */
	patch(stream_id: string, patch: StreamPatch, account_id: string | null, scope: Scope): Promise<void>;
	/** Faults: 39001. */
	remove(stream_id: string, account_id: string | null, scope: Scope): Promise<void>;
	/**
	 * Deletes what matches one of the ids or one of the names; `account_id` narrows both. `onRemoved` is told of each batch
	 * that is gone, and waited for.
	 */
	removeMany(
		which: StreamsToRemove,
		scope: Scope,
		onRemoved?: (stream_ids: readonly string[]) => Promise<void>,
	): Promise<void>;
	/** Faults: 39001. */
	get(stream_id: string, account_id: string | null, scope: Scope): Promise<StreamRow>;
	/**
	 * The stream as this node knows it without asking the database, as new as `get` would give it; undefined when it must be
	 * asked. It is the same object until the stream changes. Only a lone node knows any.
	 */
	known(stream_id: string): KnownRow | undefined;
	/** Oldest first. Without an owner: for the service itself. */
	list(filters: StreamFilters, page: Page, scope: Scope, owner?: string): Promise<StreamRow[]>;
	count(filters: StreamFilters, scope: Scope, owner: string): Promise<number>;

	/** What waits in the queue, oldest first; takes nothing. `limit` is cut to MAX_LOOK. */
	look(filters: QueueFilters, limit: number, scope: Scope, owner: string): Promise<StreamRow[]>;
	/** Takes from the queue; with `wait` > 0 it resolves when something was taken, the time is over, or the engine stops. */
	take(request: TakeRequest, scope: Scope): Promise<StreamRow[]>;
	/** Gives taken streams back because nobody received the answer (handler_lost, restart, pending). Never throws. */
	giveBack(taken: readonly StreamRow[]): Promise<void>;
	/** Items in their order; every item is answered once: at once when they are plain signs of life of streams that are known here. */
	feedback(
		items: readonly FeedbackItem[],
		agent_id: string | null,
		scope: Scope,
	): FeedbackAnswer | Promise<FeedbackAnswer>;

	/** Newest first. */
	listLogs(filters: LogFilters, page: Page, scope: Scope, owner: string): Promise<LogRow[]>;
	/** Deletes what is older, but never an existing stream's newest record. Answers how many. */
	deleteLogs(log_time__lt: string, owner: string): Promise<number>;

	/** Faults: 39006, 39903. */
	createGroup(group: GroupToCreate, scope: Scope): Promise<{ group_id: string; group_name: string }>;
	listGroups(filters: GroupFilters, page: Page, scope: Scope, owner: string): Promise<GroupRow[]>;
	countGroups(filters: GroupFilters, scope: Scope, owner: string): Promise<number>;
	/** Faults: 39008. */
	getGroup(group_id: string, account_id: string | null, scope: Scope): Promise<GroupRow>;
	/** Faults: 39008. */
	patchGroup(group_id: string, description: string, account_id: string | null, scope: Scope): Promise<void>;
	/** Unlinks its streams and keeps them. Faults: 39008. */
	removeGroup(group_id: string, account_id: string | null, scope: Scope): Promise<void>;
	/**
	 * Attaches or detaches, idempotent, all or nothing; answers which streams it changed. Faults: 39008, 39001 (naming the first
	 * unknown stream).
	 */
	link(request: LinkRequest, scope: Scope): Promise<readonly string[]>;

	/** What the preview relay needs to know of a stream. Faults: 39001. */
	preview(stream_id: string, scope: Scope): Promise<PreviewSource>;
	/** Fails with 39905 when the database does not answer within a second, or the node drains. */
	checkHealth(): Promise<void>;
}

export interface StreamsToRemove {
	stream_ids: string[];
	names: string[];
	account_id: string | null;
}

export interface GroupToCreate {
	account_id: string;
	group_name: string;
	description: string;
}

export interface StreamPatch {
	description?: string;
	status?: "pending" | "pause" | "cancel";
}

export interface TakeRequest {
	filters: QueueFilters;
	/** Cut to MAX_TAKE. */
	limit: number;
	/** Seconds, 0 = answer at once. */
	wait: number;
	agent_id: string | null;
	/** Aborted when the connection is gone. */
	signal: AbortSignal;
}

export interface StreamError {
	error_code: number;
	desc: string;
	detail: string;
}

export interface FeedbackItem {
	stream_id: string;
	version: number;
	/** Any status of the reference page; one that is not in_progress, done, failure or handler_lost changes nothing. */
	status: string;
	/** Absent: nothing to say. null: clears last_error. */
	error?: StreamError | null;
	/** Absent or null: nothing to say. */
	video_info?: Reported | null;
	preview?: Reported | null;
}

export interface FeedbackAnswer {
	modified: FeedbackState[];
	unmodified: FeedbackState[];
}

/** The server's present idea of a stream, as feedback answers show it. */
export interface FeedbackState {
	stream_id: string;
	status: StreamStatus | "not_found";
	version: number;
}

export interface LinkRequest {
	action: "attach" | "detach";
	stream_ids: string[];
	group_id: string;
	account_id: string | null;
}

export interface PreviewSource {
	status: StreamStatus;
	/** The agent's urls, null where it gave none. */
	live: string | null;
	last_frame: string | null;
}
