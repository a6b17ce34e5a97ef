import type { Clock } from "../../actors/clock.ts";
import type { Access } from "../access/access.ts";
import type { Caller } from "../access/caller.ts";
import type { StandingCallers } from "../access/standing.ts";
import type { AuditSink } from "../audit/trail.ts";
import type { Peer, Peers } from "./peers.ts";
import type { App } from "./uws.ts";

/** What the server needs of a logger; pino has it. */
export interface HttpLogger {
	debug(members: object, message: string): void;
	info(members: object, message: string): void;
	warn(members: object, message: string): void;
	error(members: object, message: string): void;
	/** Whether lines of this level are written at all; without it all are. */
	isLevelEnabled?(level: "debug"): boolean;
}

/** One answered request, for metrics and monitoring. */
export interface RequestMetrics {
	method: string;
	/** The pattern of the route, or "" when there was none. */
	route: string;
	status: number;
	/** From the request's head to the answer handed over whole. */
	seconds: number;
	requestId: string;
	/** Of the catalogue, 0 for none. */
	errorCode: number;
}

/** What one client may cost. */
export interface RequestLimits {
	/** A request begins. Throws 39904 when its address has too many under way, 39905 when all together have. */
	enter(peer: Peer): void;
	/** A request that began is at its end. */
	leave(peer: Peer): void;
	/** Bytes of a body that has not come whole are held. Throws 39905 when those of all are too many, 39904 those of its address. */
	holdBody(peer: Peer, bytes: number): void;
	/** They are not held any more. */
	releaseBody(peer: Peer, bytes: number): void;
	/** Bytes of an answer that its client has not taken are held. False when those of all are too many, or those of its address. */
	holdAnswer(peer: Peer, bytes: number): boolean;
	/** They are not held any more. */
	releaseAnswer(peer: Peer, bytes: number): void;
	/** Counts a request whose caller is known by a token or as a user. Throws 39904. */
	byCaller(caller: Caller): void;
	/** Counts a request of which nothing is known but its address. Throws 39904. */
	byAddress(peer: Peer): void;
}

export interface HttpOptions {
	host: string;
	/** 0 takes any free port. */
	port: number;
	/** Lets other processes listen on the same port, which must say so as well; not on one of the system's choice. */
	sharePort?: boolean;
	/** A path below which everything is served as well, or "". */
	prefix: string;
	/** Names in the Host header besides loopback and `host`. */
	allowedHosts: readonly string[];
	/** Tells who asks. */
	access: Access;
	/** Keeps what lasts no longer than its caller may have it. Absent: it is not asked again. */
	standing?: Pick<StandingCallers, "keep">;
	/** Where it is recorded who did what; null or absent: nowhere. */
	audit?: AuditSink | null;
	/** Tells clients by their addresses. */
	peers: Peers;
	/** Absent: clients may cost what they like. */
	limits?: RequestLimits;
	/** Origins that browsers may call from; none by default. */
	corsOrigins?: readonly string[];
	/** Bytes of a request's body. */
	requestMaxSize: number;
	logger: HttpLogger;
	clock: Clock;
	/** Called after every answer. */
	onRequest?: (metrics: RequestMetrics) => void;
	/** Called at each start, before the routes are registered: the place for WebSockets. `prefixes` are "" and PREFIX, if any. */
	attach?: (app: App, prefixes: readonly string[]) => void;
	/** How long a stop lets requests under way finish before it closes their connections, ms. */
	stopDeadline?: number;
}
