import { randomUUID } from "node:crypto";
import type { Database } from "../../persistence/database.ts";
import type { Scope } from "../../persistence/scope.ts";
import type { Page } from "../../persistence/stream-row.ts";
import { createToken } from "../../persistence/tokens/create.ts";
import { listTokens } from "../../persistence/tokens/list.ts";
import { revokeToken } from "../../persistence/tokens/revoke.ts";
import type { TokenRow } from "../../persistence/tokens/token-row.ts";
import type { Role } from "./caller.ts";
import { newToken } from "./secret-text.ts";

/** What a token is to be. */
export interface TokenToMake extends Scope {
	name: string;
	role: Role;
	/** RFC 3339, UTC; null: it does not expire. */
	expire_time: string | null;
}

export interface TokensOptions {
	database: Database;
	/** Tells every node that callers are not what they were. */
	onChange: () => void;
}

/** Makes, lists and revokes tokens. */
export class Tokens {
	readonly #options: TokensOptions;

	constructor(options: TokensOptions) {
		this.#options = options;
	}

	/** Makes a token. Its text is nowhere but in this answer. */
	async create(token: TokenToMake): Promise<{ token: string; row: TokenRow }> {
		const { text, prefix, hash } = newToken();
		const kept = { ...token, token_id: randomUUID(), prefix, hash };
		const row = await this.#options.database.run("commands", (sql) => createToken(sql, kept));
		return { token: text, row };
	}

	/** Oldest first, those that are over included; in the turn of whose question it is. */
	list(page: Page, owner?: string): Promise<TokenRow[]> {
		return this.#options.database.run("lists", (sql) => listTokens(sql, page), owner);
	}

	/** Revokes a token, and the sessions that it opened, on every node. False when there is no such token. */
	async revoke(token_id: string): Promise<boolean> {
		const name = await this.#options.database.run("commands", (sql) => revokeToken(sql, token_id));
		this.#options.onChange();
		return name !== null;
	}
}
