import type { PendingQuery, Sql, TransactionSql } from "postgres";
import type { Parameters } from "./parameters.ts";
import { transaction } from "./transaction.ts";

/**
 * Runs a list or count that is composed from the filters present. It is not prepared, on purpose: an unnamed one is
 * planned for its own values, while a prepared one may change over to a generic plan after five runs. The best way to
 * "the streams of this group" depends on whether it holds ten of them or half of all: among 500,000 streams the first page
 * of a group of 558 took 4 ms, and 46 ms from its sixth run on when prepared. What preparing saves is 0.2 ms of 1.2.
 * It also leaves no plan behind, so that the number of combinations of filters costs the server nothing.
 */
export async function query<Row extends object>(sql: Sql, text: string, parameters: Parameters): Promise<Row[]> {
	return await sql.unsafe<Row[]>(text, [...parameters.values], { prepare: false });
}

/** What a transaction may do without when it merges lists: every other way to join or to order them. */
const OTHER_WAYS = ["enable_nestloop", "enable_hashjoin", "enable_hashagg", "enable_sort"];

/** As `query`, and lists in it are merged, whatever the planner takes their lengths for; see `intersection`. */
export async function queryMerged<Row extends object>(sql: Sql, text: string, parameters: Parameters): Promise<Row[]> {
	const [, rows] = await transaction(sql, "", (within) =>
		Promise.all([otherWays(within, "off"), within.unsafe<Row[]>(text, [...parameters.values], { prepare: false })]),
	);
	return rows;
}

/** What follows in the transaction reads lists side by side, each in its order, and in no other way; or is planned freely again. */
export function otherWays(within: TransactionSql, are: "on" | "off"): PendingQuery<never[]> {
	const text = "SELECT set_config(setting, $1, true) FROM unnest($2::text[]) setting";
	return within.unsafe<never[]>(text, [are, OTHER_WAYS], { prepare: true });
}
