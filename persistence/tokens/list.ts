import type { Sql } from "../database.ts";
import type { Page } from "../stream-row.ts";
import { tokenSelect } from "./select.ts";
import type { TokenRow } from "./token-row.ts";

const TEXT = `
	SELECT ${tokenSelect} FROM tokens t
	ORDER BY t.create_time, t.token_id
	LIMIT $1::bigint OFFSET $2::bigint`;

/** A page of the tokens, oldest first, those that are over included. */
export async function listTokens(sql: Sql, { page, page_size }: Page): Promise<TokenRow[]> {
	return sql.unsafe<TokenRow[]>(TEXT, [page_size, (page - 1) * page_size], { prepare: true });
}
