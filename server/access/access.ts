import type { Peer } from "../http/peers.ts";
import { anonymous, type Caller } from "./caller.ts";

/** Name of the cookie that holds a browser's session. */
export const SESSION_COOKIE = "perigee_session";

/** What a request or an upgrade says of who makes it: headers as they were sent, "" where absent. */
export interface Credentials {
	readonly authorization: string;
	readonly cookie: string;
	readonly origin: string;
	readonly host: string;
	/** Where it comes from. */
	readonly peer: Peer;
	/** It changes something or opens a socket: a cookie alone must not be enough, since browsers send it for any page. */
	readonly changes: boolean;
}

/** Tells who asks. */
export interface Access {
	/** Who everybody is, when access is not controlled: then nobody needs to be asked. */
	readonly everybody: Caller | null;
	/** Throws 39902 when it is not said, or not true; 39903 for a cookie that a foreign page sent. */
	authenticate(credentials: Credentials): Caller | Promise<Caller>;
	/**
	 * Calls back when a token was revoked or a session closed: who keeps a connection open asks again for each of them, and
	 * now and then besides, since tokens and sessions also expire. Returns the end of the subscription.
	 */
	onChange(listener: () => void): () => void;
}

/** No control: whoever can connect may do everything (AUTH.MODE none). */
export const openAccess: Access = {
	everybody: anonymous,
	authenticate: () => anonymous,
	onChange: () => () => undefined,
};
