import type { Sql } from "postgres";
import type { Parameters } from "./parameters.ts";

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
