import type { Sql } from "../database.ts";
import { tokenSelect } from "./select.ts";
import type { TokenRow, TokenToKeep } from "./token-row.ts";

const TEXT = `
	INSERT INTO tokens AS t (token_id, prefix, hash, name, role, accounts, groups, create_time, expire_time)
	VALUES ($1::uuid, $2::text, $3::bytea, $4::text, $5::text, $6::uuid[], $7::text[],
		date_trunc('milliseconds', statement_timestamp()), $8::text::timestamptz)
	RETURNING ${tokenSelect}`;

/** Keeps a token. */
export async function createToken(sql: Sql, token: TokenToKeep): Promise<TokenRow> {
	const { token_id, prefix, hash, name, role, accounts, groups, expire_time } = token;
	const [row] = await sql.unsafe<TokenRow[]>(
		TEXT,
		[token_id, prefix, hash, name, role, accounts && [...accounts], groups && [...groups], expire_time],
		{ prepare: true },
	);
	if (row === undefined) throw new Error("the token was not kept");
	return row;
}
