import type { TObject, TSchema } from "typebox";
import type { AuditAction } from "../../persistence/audit/audit-record.ts";
import type { FaultCode } from "../../persistence/fault.ts";
import type { Credentials } from "../access/access.ts";
import type { Permission } from "../access/actions.ts";
import type { Caller } from "../access/caller.ts";
import type { Trail } from "../audit/trail.ts";
import type { Peer } from "./peers.ts";
import type { Reply } from "./reply.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A request as a handler sees it: routed, read and checked. */
export interface Request<Body = unknown, Query = unknown> {
	readonly method: Method;
	/** The pattern of the route, for logs and metrics. */
	readonly route: string;
	/** What stood for the `{name}`s of the pattern; `*` is the rest of a path that matched `/*`. */
	readonly parameters: Readonly<Record<string, string>>;
	readonly query: Query;
	readonly body: Body;
	readonly requestId: string;
	/** Who asks; its scope is how far the request may see. Of a public route: `nobody`, unless everybody may do everything. */
	readonly caller: Caller;
	/** What it showed, of a route that `lasts`; null where access is not controlled. */
	readonly credentials: Credentials | null;
	/** Where it comes from. */
	readonly peer: Peer;
	/** Whose turn it takes where owners take turns: the token's or user's, else the address's. */
	readonly owner: string;
	/** What the audit will tell of the request; of a route without `audit` nothing. */
	readonly trail: Trail;
	/** The configured PREFIX when the request came below it, else "". */
	readonly prefix: string;
	/** The Accept header, or "". */
	readonly accept: string;
	/** Aborted when the connection is gone, or the caller of a route that `lasts` may not go on. Made at the first look. */
	readonly signal: AbortSignal;
	/** A header that the route declared, by its lower-case name; "" when it is absent, U+FFFD when it cannot be read. */
	header(name: string): string;
}

/** Checks a value and gives it with its defaults filled in. Throws 12022. */
export interface BodyCheck<T> {
	readonly schema: TSchema;
	read(value: unknown): T;
}

/** Reads the known parameters of a query string. Throws 12012 and 12014. */
export interface QueryCheck<T> {
	readonly schema: TObject;
	read(query: string): T;
}

/** One answer of a route, for the API's description. */
export interface AnswerNote {
	status: number;
	description: string;
	/** Of a JSON body. */
	schema?: TSchema;
	/** Media type of a body that is not JSON. */
	type?: string;
	headers?: Readonly<Record<string, string>>;
}

/** Everything about one verb of one path: what serves it, and what its description is made from. */
export interface Route<Body = unknown, Query = unknown> {
	method: Method;
	/** `/1/streams/{stream_id}`: a name in braces stands for a uuid; a pattern may end in `/*`. */
	pattern: string;
	/** Who may use it. */
	access: Permission;
	/**
	 * Given: the answer may take long, or go on and on, and ends when the caller may not have it any more. It is asked now and then
	 * what else must still hold for a caller who does not see everything: throws, or rejects with, what does not.
	 */
	lasts?(request: Request<Body, Query>): Promise<unknown>;
	/** What it does, for the audit; without it nothing is recorded. */
	audit?: AuditAction;
	summary: string;
	description?: string;
	/** The noun that the description groups it under. */
	tag: string;
	body?: BodyCheck<Body>;
	/** Bytes of its body at most, where they are fewer than of any other. */
	maxBody?: number;
	query?: QueryCheck<Query>;
	/** Request headers that the handler looks at, lower case. */
	headers?: readonly string[];
	answers: readonly AnswerNote[];
	/** Codes besides those that any request may get. */
	faults: readonly FaultCode[];
	/** Not a part of the API: left out of its description. */
	internal?: boolean;
	/** A method, so that a route of particular types is a `Route`. Throws `Fault`s; anything else becomes code 1. */
	handle(request: Request<Body, Query>): Reply | Promise<Reply>;
}

/** Writes a route down with the types of its body and query tied to its handler. */
export function route<Body = undefined, Query = undefined>(definition: Route<Body, Query>): Route {
	return definition;
}
