import type { NodeName } from "./node-name.ts";

/** What a node tells of how it does. Rates and times are those of the last few seconds. */
export interface NodeFigures {
	version: string;
	/** RFC 3339, by the node's own clock. */
	started_at: string;
	/** Shards that it watches, of 256. */
	shards: number;
	/** Streams whose actors are resident. */
	actors: number;
	requests_per_second: number;
	feedback_items_per_second: number;
	/** Statements that wrote changes or created streams. */
	commits_per_second: number;
	/** Milliseconds from sending such a statement to its answer; null: there was none. */
	commit_p50_ms: number | null;
	commit_p99_ms: number | null;
	/** Milliseconds by which the event loop was late. */
	event_loop_p99_ms: number;
	/** Consoles that are connected to this node. */
	console_sockets: number;
	/** Live pictures that are being relayed. */
	live_previews: number;
	rss_bytes: number;
}

/** What one node last told of itself. */
export interface NodeReport extends NodeName, NodeFigures {}

/** Characters of one report, at most: a usual one has about 400. */
export const LARGEST_REPORT = 2_048;

type Kind = "text" | "number" | "number or null";

const KINDS: Readonly<Record<keyof NodeReport, Kind>> = {
	node_id: "text",
	boot_id: "text",
	version: "text",
	started_at: "text",
	shards: "number",
	actors: "number",
	requests_per_second: "number",
	feedback_items_per_second: "number",
	commits_per_second: "number",
	commit_p50_ms: "number or null",
	commit_p99_ms: "number or null",
	event_loop_p99_ms: "number",
	console_sockets: "number",
	live_previews: "number",
	rss_bytes: "number",
};

/** A report as it is sent to others; null when it is larger than they read. */
export function writeReport(report: NodeReport): string | null {
	const text = JSON.stringify(report);
	return text.length > LARGEST_REPORT ? null : text;
}

/** The other way round; null for what is no report, as that of a node of another version may be. */
export function readReport(text: string): NodeReport | null {
	if (text.length > LARGEST_REPORT) return null;
	try {
		const value: unknown = JSON.parse(text);
		return isReport(value) ? value : null;
	} catch {
		// Not JSON: no report either.
		return null;
	}
}

function isReport(value: unknown): value is NodeReport {
	if (typeof value !== "object" || value === null) return false;
	const members = new Map<string, unknown>(Object.entries(value));
	return Object.entries(KINDS).every(([name, kind]) => {
		const member = members.get(name);
		if (kind === "text") return typeof member === "string";
		return typeof member === "number" || (kind === "number or null" && member === null);
	});
}
