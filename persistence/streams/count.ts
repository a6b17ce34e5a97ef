import type { Sql } from "postgres";
import { Parameters } from "../parameters.ts";
import { query } from "../query.ts";
import type { StreamFilters } from "../stream-row.ts";
import { byIds } from "./by-ids.ts";
import { readyFilters } from "./filter.ts";
import { intersection } from "./ordered-list.ts";

/**
 * How many streams match; contract, sections 2 and 3. Counted, not kept: a kept number would be a row that every
 * create and every change of status of the whole service waits for, and counting a million takes 60 ms.
 */
export async function countStreams(sql: Sql, filters: StreamFilters): Promise<number> {
	const ready = await readyFilters(sql, filters);
	if (ready === null) return 0;
	const parameters = new Parameters();
	const from =
		ready.stream_ids === undefined
			? intersection(ready.lists, ready.span, parameters)
			: byIds(ready.stream_ids, ready, parameters);
	const [row] = await query<{ count: string }>(sql, `SELECT count(*) ${from}`, parameters);
	return Number(row?.count);
}
