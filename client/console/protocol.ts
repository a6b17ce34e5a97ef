/**
 * The wire between the console's page and the service: one WebSocket at `/console/socket`, text frames of JSON, one message
 * a frame, and binary frames for pictures. The service checks what comes in against schemas of the same shape; a test
 * holds both together.
 *
 * A subscription has a number of the page's choosing (`sub`); saying it again with another question replaces it. The
 * service subscribes first and reads the snapshot after, so nothing is missed in between; every row carries the stream's
 * revision, and a row older than the one that is known is dropped, deletions included. A position is the node's boot id and
 * a number that counts the rounds of changes; after a break the page says where it stood.
 */

export type Status = "pending" | "in_progress" | "done" | "pause" | "cancel" | "failure";
export type RecordStatus = Status | "restart" | "handler_lost" | "deleted";
export type DataType = "tcp" | "udp" | "videofile" | "images";

/** What a search line means: different members combine with AND, values inside one with OR. Absent or empty: no filter. */
export interface ConsoleFilter {
	statuses?: Status[];
	/** Names of groups, exact. */
	groups?: string[];
	/** Parts of names, any case. */
	names?: string[];
	/** Parts of references, any case; what may be hidden of them is not looked at. */
	references?: string[];
	types?: DataType[];
	account_ids?: string[];
	stream_ids?: string[];
	/** Agents that process them now, by the beginnings of their names. */
	agents?: string[];
	error_codes?: number[];
	autorestart?: ("disabled" | "enabled" | "in_progress" | "failed" | "denied")[];
	/** Free words: each stands in the name, the description, the reference or at the beginning of the id. All of them must. */
	words?: string[];
}

/** `problems`: failed ones first, then held-back and lost ones, then the rest, each by age. */
export type ConsoleOrder = "oldest" | "newest" | "problems";

/** A stream as tables and tiles show it. Times are ms since 1970 by the database's clock; secrets are hidden. */
export interface ConsoleRow {
	stream_id: string;
	revision: number;
	version: number;
	status: Status;
	name: string;
	account_id: string;
	type: DataType;
	/** Credentials hidden. */
	reference: string;
	groups: string[];
	create_time: number;
	/** Of the present run's last feedback; null when it does not run. */
	feedback_time: number | null;
	agent_id: string | null;
	/** 0..1, or null. */
	progress: number | null;
	frame_rate: number | null;
	width: number | null;
	height: number | null;
	restart: {
		on: boolean;
		status: "disabled" | "enabled" | "in_progress" | "failed" | "denied";
		current_attempt: number;
		attempt_count: number;
		/** When a failed stream restarts by itself. */
		due_time: number | null;
		last_attempt_time: number | null;
	};
	/** How often the handler was lost without a healthy period in between. */
	lost_count: number;
	/** Until when a pending stream is held back after losing its handler too often. */
	takeable_time: number | null;
	error: { error_code: number; desc: string; detail: string } | null;
	/** Which pictures its agent offers. */
	pictures: { live: boolean; still: boolean };
}

/** What moves without a change of status. */
export type ConsoleTelemetry = Pick<
	ConsoleRow,
	"stream_id" | "feedback_time" | "progress" | "frame_rate" | "width" | "height"
>;

export type StatusCounts = Record<Status, number>;

export interface Position {
	boot_id: string;
	number: number;
}

/** What the page says. */
export type ClientMessage =
	/**
	 * A view: the streams that match now, in a fixed order (at most 100,000). Answered by a `snapshot`, or, with `since`, by
	 * the `changes` missed when the service still knows the view and the position.
	 */
	| { op: "streams"; sub: number; filter: ConsoleFilter; order: ConsoleOrder; since?: Position & { view_id: string } }
	/** Rows `from` (0-based) to `from + count - 1` of the view; `count` 1..500. Answered by `rows`. */
	| { op: "rows"; sub: number; from: number; count: number }
	/** Which rows are on screen (at most 500): their telemetry is sent once a second. Replaces the earlier list. */
	| { op: "watch"; sub: number; stream_ids: string[] }
	/** One stream, whole; answered by `stream`, again at every change of it, with telemetry in between. */
	| { op: "stream"; sub: number; stream_id: string }
	/** Counters per status with the last minutes; answered by `counts` at once and then as they change, at most once a second. */
	| { op: "counts"; sub: number }
	/** New log records that match, as they are written. `since`: the newest record that the page has. */
	| { op: "logs"; sub: number; filter: LogFilter; since?: number }
	/** Members, and this node's series; answered by `nodes` every second. */
	| { op: "nodes"; sub: number }
	/** What waits, how many take, and which agents are seen; answered by `queue` at once and then as it changes, at most once a second. */
	| { op: "queue"; sub: number }
	/** How far a bulk action is; answered by `action` until it is at its end. */
	| { op: "action"; sub: number; action_id: string }
	/** Which pictures are wanted (at most 100): replaces the earlier list; an empty one stops them. */
	| { op: "pictures"; streams: { stream_id: string; rate: "still" | "live" }[] }
	| { op: "end"; sub: number };

export interface LogFilter {
	account_id?: string;
	stream_ids?: string[];
	statuses?: RecordStatus[];
}

export interface LogRecord {
	record_number: number;
	stream_id: string;
	/** Of the stream as it is now; "" when it is gone, or out of what the page sees. */
	name: string;
	account_id: string;
	log_time: number;
	status: RecordStatus;
	version: number;
	error: { error_code: number; desc: string; detail: string } | null;
}

/** One stream for its own page. `stream` is what `GET /1/streams/{id}` shows, with its secrets as `********`. */
export interface StreamDetail {
	row: ConsoleRow;
	stream: Record<string, unknown>;
}

export interface NodeFigures {
	node_id: string;
	boot_id: string;
	/** The node that the socket is connected to. */
	self: boolean;
	version: string;
	started_at: number;
	shards: number;
	actors: number;
	requests_per_s: number;
	feedback_per_s: number;
	commits_per_s: number;
	commit_p50_ms: number;
	commit_p99_ms: number;
	loop_p99_ms: number;
	console_sockets: number;
	live_previews: number;
	rss_bytes: number;
}

export interface AgentFigures {
	agent_id: string;
	streams: number;
	/** Of the one that was heard of longest ago. */
	oldest_feedback_time: number | null;
	newest_feedback_time: number | null;
}

/** What the service says. */
export type ServerMessage =
	/** The first message of every connection. `now`: ms since 1970 by the database's clock, for countdowns. */
	| {
			type: "hello";
			position: Position;
			node_id: string;
			version: string;
			now: number;
			caller: { name: string; role: "viewer" | "operator" | "agent" | "admin" };
	  }
	/** `total`: how many match; `listed`: how many of them the view holds. */
	| {
			type: "snapshot";
			sub: number;
			view_id: string;
			position: Position;
			total: number;
			listed: number;
			/** The first rows of the view, at most 100. */
			rows: ConsoleRow[];
	  }
	/** Null stands for a stream that is gone since. */
	| { type: "rows"; sub: number; from: number; rows: (ConsoleRow | null)[] }
	/**
	 * At most 20 a second. `rows`: streams of the view, as they are now, those that do not match any more too
	 * (`left`: their ids); `gone`: deleted; `appeared`: how many match now that are not in the view.
	 */
	| {
			type: "changes";
			number: number;
			subs: { sub: number; rows: ConsoleRow[]; left: string[]; gone: string[]; appeared: number }[];
	  }
	| { type: "telemetry"; sub: number; rows: ConsoleTelemetry[] }
	| { type: "stream"; sub: number; detail: StreamDetail | null }
	/** `history`: per status, one count every 5 s, oldest first, the last 10 minutes. */
	| { type: "counts"; sub: number; counts: StatusCounts; history: Record<Status, number[]> }
	/** Newest last. `skipped`: there were more than could be told. */
	| { type: "logs"; sub: number; records: LogRecord[]; skipped: boolean }
	| { type: "nodes"; sub: number; nodes: NodeFigures[]; redis: "off" | "connected" | "away" }
	| {
			type: "queue";
			sub: number;
			pending: number;
			held_back: number;
			/** Takers that wait on this node; of a caller who does not see everything those that wait for what it sees alone. */
			waiters: number;
			/** The first 100 in queue order. */
			first: ConsoleRow[];
			agents: AgentFigures[];
			/** Of what the caller sees. */
			taken_per_minute: number;
	  }
	| { type: "action"; sub: number; progress: ActionProgress | null }
	/** Something about groups changed: lists of them are to be asked for again. */
	| { type: "groups" }
	/** A request that could not be met, by the catalogue. Without `sub`: the message itself was wrong. */
	| { type: "error"; sub?: number; error_code: number; desc: string; detail: string };

/**
 * A picture, as a binary frame: byte 0 is 1 (the form), byte 1 the type (0 jpeg, 1 png, 2 gif, 3 webp, 4 avif, 5 bmp), bytes
 * 2 to 17 the stream's id, bytes 18 to 25 when it was received (ms since 1970, big-endian float64), then the picture.
 */
export const PICTURE_HEADER = 26;
export const PICTURE_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp"] as const;

/** Codes with which the service closes a socket; one whose page is behind is closed without any. */
export const CLOSE_CODES = {
	/** The node goes; connect again. */
	leaving: 4001,
	/** The page did not take what it was sent for too long. */
	slow: 4002,
	/** A message was too large or there were too many. */
	abuse: 4003,
	/** The session is over: log in again. */
	unauthorized: 4004,
} as const;

export type BulkAction = "pause" | "resume" | "cancel" | "delete" | "attach" | "detach";

/** `POST /console/sets` answers with one: the ids that match, frozen for 5 minutes. */
export interface StreamSet {
	set_id: string;
	total: number;
	/** More matched than a set holds (100,000). */
	capped: boolean;
	counts: StatusCounts;
	/** Names of the first ten. */
	names: string[];
	/** Seconds. */
	expires_in: number;
}

/** `POST /console/reference-tests` answers with one: whether an agent can read a source. */
export interface ReferenceTest {
	/** silent: an agent took it and told nothing in time; interrupted: somebody paused, cancelled or deleted the test. */
	outcome: "works" | "failed" | "not_taken" | "silent" | "interrupted";
	agent_id: string | null;
	/** The source's picture, before it is turned. */
	video: { width: number; height: number; frame_rate: number | null } | null;
	error: { error_code: number; desc: string; detail: string } | null;
	/** The whole frame, turned. */
	picture: { type: string; base64: string } | null;
}

/** How far a bulk action is: `POST /console/sets/{set_id}/actions`, then `GET /console/actions/{action_id}`. */
export interface ActionProgress {
	action_id: string;
	action: BulkAction;
	total: number;
	done: number;
	/** Applied, unchanged (nothing to do), refused (the action does not apply any more, or is not allowed) and failed (could not be carried out). */
	outcomes: { applied: number; unchanged: number; refused: number; failed: number };
	/** The first 1,000 that were not applied, with the reason. */
	problems: { stream_id: string; name: string; error_code: number; desc: string; detail: string }[];
	finished: boolean;
}
