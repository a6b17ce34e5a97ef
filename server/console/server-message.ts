import type { AgentFigures } from "../../persistence/console/agents.ts";
import type { StreamTelemetry } from "../../persistence/console/telemetry.ts";
import type { RecordStatus, StreamStatus } from "../../persistence/stream-row.ts";
import type { Role } from "../access/caller.ts";
import type { ErrorBody } from "../http/catalogue.ts";
import type { ConsoleRow } from "../schemas/console/row.ts";
import type { ActionProgress, StatusCounts } from "../schemas/console/sets.ts";

/** Where a page stands: which life of which node, and how many rounds of changes it has seen. */
export interface Position {
	boot_id: string;
	number: number;
}

export interface StreamDetail {
	row: ConsoleRow;
	/** What `GET /1/streams/{id}` shows, with its secrets as `********`. */
	stream: Record<string, unknown>;
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
	error: ErrorBody | null;
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

/** What the service says over the console's socket, but for `changes`, which are put together from shared parts. */
export type ServerMessage =
	| {
			type: "hello";
			position: Position;
			node_id: string;
			version: string;
			now: number;
			caller: { name: string; role: Role };
	  }
	| {
			type: "snapshot";
			sub: number;
			view_id: string;
			position: Position;
			total: number;
			listed: number;
			rows: ConsoleRow[];
	  }
	| { type: "rows"; sub: number; from: number; rows: (ConsoleRow | null)[] }
	| {
			type: "changes";
			number: number;
			subs: { sub: number; rows: ConsoleRow[]; left: string[]; gone: string[]; appeared: number }[];
	  }
	| { type: "telemetry"; sub: number; rows: StreamTelemetry[] }
	| { type: "stream"; sub: number; detail: StreamDetail | null }
	| { type: "counts"; sub: number; counts: StatusCounts; history: Record<StreamStatus, number[]> }
	| { type: "logs"; sub: number; records: LogRecord[]; skipped: boolean }
	| { type: "nodes"; sub: number; nodes: NodeFigures[]; redis: "off" | "connected" | "away" }
	| {
			type: "queue";
			sub: number;
			pending: number;
			held_back: number;
			waiters: number;
			first: ConsoleRow[];
			agents: AgentFigures[];
			taken_per_minute: number;
	  }
	| { type: "action"; sub: number; progress: ActionProgress | null }
	| { type: "groups" }
	| ({ type: "error"; sub?: number } & ErrorBody);

/** Codes with which the service closes a socket; one whose page is behind is closed without any. */
export const CLOSE_CODES = { leaving: 4001, slow: 4002, abuse: 4003, unauthorized: 4004 } as const;
export type CloseReason = keyof typeof CLOSE_CODES;
