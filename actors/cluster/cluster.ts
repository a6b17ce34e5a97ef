import type { Service } from "../../persistence/service.ts";
import type { StreamStatus } from "../../persistence/stream-row.ts";
import type { PreviewMarks } from "../preview-marks.ts";
import type { NodeName } from "./node-name.ts";
import type { NodeFigures, NodeReport } from "./node-report.ts";

/** One committed change of a stream, as it is told to whoever listens. Newer is what has the higher revision. */
export interface StreamEvent {
	stream_id: string;
	account_id: string;
	revision: number;
	version: number;
	/** `deleted`: it is gone. */
	status: StreamStatus | "deleted";
	/** Of its preview's urls, when the change set it: what is relayed from elsewhere is old. */
	preview?: PreviewMarks;
	/** An agent took it from the queue. */
	taken?: true;
	/** The statuses that the change left in the log, in order. */
	records: readonly string[];
	/** Database or node time is not needed to order events; this one is for showing, in ms since 1970. */
	at: number;
}

/** What goes over the bus: the events of one commit batch, or that something became takeable without a change of status. */
export interface BusMessage {
	events: readonly StreamEvent[];
	/** Streams were linked to a group: takers who wait for it should look. */
	linked?: boolean;
	/** Something about groups changed: one came, went or was described, or streams were linked or unlinked. */
	groups?: boolean;
	/** A group is gone, and whatever was in it has left it. */
	dissolved?: boolean;
	/** Streams whose groups changed, without a change of their revision. */
	relinked?: readonly string[];
	/** Tokens or sessions changed: what is remembered of callers does not count any more. */
	access?: boolean;
}

/** Tells every node what was committed. A hint: whoever missed a message is set right by the guard of the next write. */
export interface Bus extends Service {
	/** Never waits and never fails: what cannot be sent is dropped, and told by `connected`. */
	publish(message: BusMessage): void;
	/** `local`: it was published on this node. Returns the end of the subscription. */
	subscribe(listener: (message: BusMessage, local: boolean) => void): () => void;
	/** Calls back after each (re)subscription to other nodes: messages may have been missed. */
	onGap(listener: () => void): () => void;
	/** False while messages of other nodes may be missed. */
	readonly connected: boolean;
}

/** Who is there. */
export interface Membership extends Service {
	readonly self: NodeName;
	/** Every live node, this one included. */
	members(): readonly NodeName[];
	/**
	 * From now on this node tells the others how it does: `figures` is asked with each sign of life, so it must be quick
	 * and never throw.
	 */
	reportBy(figures: () => NodeFigures): void;
	/** What the live nodes last told, this one's first; those that have told nothing are left out. */
	reports(): readonly NodeReport[];
}

/** How many shards streams hash into. */
export const SHARDS = 256;

/** Which shards this node watches. A shard may for a moment be watched by two or by nobody; writes are guarded anyway. */
export interface Leases extends Service {
	held(): readonly number[];
	/** False while it cannot be known which shards are this node's: then `held()` is empty. */
	readonly available: boolean;
	/** Calls back with each change of `available`. Returns the end of the subscription. */
	onChange(listener: (available: boolean) => void): () => void;
}

/** What is watched now: the shards held; while leases are not available, all of them, on one node. */
export interface Watch extends Service {
	/** @throws Fault 39905 when the leases and the database are both away */
	shards(): Promise<readonly number[]>;
}

export interface Cluster {
	readonly bus: Bus;
	readonly membership: Membership;
	readonly leases: Leases;
	readonly watch: Watch;
}

export const EVERY_SHARD: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);
