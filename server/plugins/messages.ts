import type { StreamStatus } from "../../persistence/stream-row.ts";

/** A committed change of a stream, as the hook of a plugin sees it. */
export interface StatusChange {
	stream_id: string;
	account_id: string;
	version: number;
	/** Where the stream stands after the change. */
	status: StreamStatus | "deleted";
	/** What the change left in the stream's log, in order: an autorestart leaves `restart`, `pending`. Never empty. */
	records: readonly string[];
	/** RFC 3339, UTC. */
	time: string;
}

/** What an ES module exports to be a plugin: any of these, at least one. Each may answer with a promise. */
export interface PluginModule {
	/** Called once, before anything else. */
	start?(): unknown;
	/** Called for one change after the other, in the order of their commits; the next one waits for its promise. */
	onStatusChange?(change: StatusChange): unknown;
	/** Called once, when the service stops. */
	stop?(): unknown;
}

/** What went wrong in a plugin, as text: an error itself may hold what cannot be sent. */
export interface PluginError {
	/** What was under way: `import`, `start`, `onStatusChange`, `stop`. */
	where: string;
	name: string;
	message: string;
	stack: string;
}

/** To the plugin's thread. */
export type ToPlugin = { kind: "changes"; changes: readonly StatusChange[] } | { kind: "stop" };

/** From the plugin's thread. Every message is a sign of life. */
export type FromPlugin =
	| { kind: "started" }
	/** A long batch is under way, and not stuck. */
	| { kind: "alive" }
	/** The last batch is through. */
	| { kind: "ready" }
	| { kind: "stopped" }
	| { kind: "failed"; error: PluginError };
