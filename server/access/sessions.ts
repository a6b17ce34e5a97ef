import type { Database } from "../../persistence/database.ts";
import { closeSession } from "../../persistence/sessions/close.ts";
import { openSession } from "../../persistence/sessions/open.ts";
import type { Peer } from "../http/peers.ts";
import type { Caller } from "./caller.ts";
import { hashOf, newSessionText } from "./secret-text.ts";
import type { TokenAccess } from "./token-access.ts";

export interface SessionsOptions {
	database: Database;
	access: TokenAccess;
	/** Seconds, at most: a session never outlives what it was opened with. */
	lifetime: number;
}

/** Opens and closes the sessions of browsers. */
export class Sessions {
	readonly #options: SessionsOptions;

	constructor(options: SessionsOptions) {
		this.#options = options;
	}

	/** Opens a session for who shows a token or a JWT. Throws what `authenticate` throws. */
	async open(token: string, peer: Peer): Promise<{ caller: Caller; session: string; lifetime: number }> {
		const { database, access } = this.#options;
		const { caller, token_id, expires_in } = await access.identify(token, peer);
		const lifetime = Math.max(0, Math.min(this.#options.lifetime, expires_in ?? Number.POSITIVE_INFINITY));
		const session = newSessionText();
		const { id: subject, name, role, accounts, groups } = caller;
		const kept = { hash: hashOf(session), subject, token_id, name, role, accounts, groups, lifetime };
		await database.run("commands", (sql) => openSession(sql, kept));
		return { caller, session, lifetime };
	}

	/**
	 * Closes a session, or all sessions of whose it is, on every node. Answers whose it was; null for one that is not known,
	 * which is closed already, and for which nothing is written. Throws 39904 to who showed too many such.
	 */
	async close(session: string, everywhere: boolean, peer: Peer): Promise<Caller | null> {
		const { database, access } = this.#options;
		const holder = await access.holder(session, peer);
		if (holder === null) return null;
		const closed = await database.run("commands", (sql) => closeSession(sql, hashOf(session), everywhere));
		if (closed > 0) access.changed();
		return closed > 0 ? holder : null;
	}
}
