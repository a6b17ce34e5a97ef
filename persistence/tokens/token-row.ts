import type { Scope } from "../scope.ts";

/** What the owner of a token is to the service. */
export type TokenRole = "viewer" | "operator" | "agent" | "admin";

/** A token as it is shown: everything but what it is made of. Times are RFC 3339 UTC with milliseconds. */
export interface TokenRow extends Scope {
	token_id: string;
	/** The beginning of its text. */
	prefix: string;
	name: string;
	role: TokenRole;
	create_time: string;
	expire_time: string | null;
	/** When it was last used, some seconds late. */
	use_time: string | null;
	revoke_time: string | null;
}

/** A token to be kept. */
export interface TokenToKeep extends Scope {
	token_id: string;
	prefix: string;
	/** SHA-256 of its text. */
	hash: Buffer;
	name: string;
	role: TokenRole;
	/** RFC 3339; null: never. */
	expire_time: string | null;
}

/** Somebody who was found by the hash of what they showed. */
export interface Found extends Scope {
	/** The token itself, or the one that the session was opened with; null for a session opened with a JWT. */
	token_id: string | null;
	/** Whose it is. */
	subject: string;
	/** The beginning of that token's text. */
	prefix: string | null;
	name: string;
	role: TokenRole;
	/** Seconds that it is good for, null without end; 0 or less: it has expired. */
	expires_in: number | null;
	revoked: boolean;
}
