import type { Sql, TransactionSql } from "postgres";
import type { Parameters } from "./parameters.ts";
import { otherWays } from "./query.ts";

/** A part of a question: its statement and what it carries. */
export interface Part {
	text: string;
	parameters: Parameters;
}

const SNAPSHOT = "ISOLATION LEVEL REPEATABLE READ READ ONLY";

/**
 * Answers a question whose parts are asked by two sessions of the pool, who is done sooner taking the next one. Both see the
 * database as it was at one moment. When the pool has no second session to spare, the first asks all of them. Lists in the parts are
 * merged, as by `queryMerged`.
 *
 * Two sessions and not two processes of one session's statement: to start these took 10 ms of a count of 50, for each
 * statement anew.
 *
 * @returns the rows of all parts, in no order of theirs. All together may take as long as one statement of the session.
 */
export async function readShared<Row extends object>(sql: Sql, parts: readonly Part[]): Promise<Row[]> {
	const began = performance.now();
	const left = [...parts];
	const rows: Row[] = [];
	/** Asks part after part while there is one. `limit`: milliseconds for all of them, 0 for as long as they take. */
	const ask = async (within: TransactionSql, limit: number): Promise<void> => {
		await otherWays(within, "off");
		for (let part = left.shift(); part !== undefined; part = left.shift()) {
			const rest = limit === 0 ? 0 : Math.max(1, Math.ceil(limit - (performance.now() - began)));
			const [, found] = await Promise.all([
				within`SELECT set_config('statement_timeout', ${String(rest)}, true),
					set_config('max_parallel_workers_per_gather', '0', true)`,
				within.unsafe<Row[]>(part.text, [...part.parameters.values], { prepare: false }),
			]);
			rows.push(...found);
		}
	};
	let helping: Promise<void> | null = null;
	const help = (snapshot: string, limit: number): Promise<void> =>
		sql.begin(SNAPSHOT, async (within) => {
			// It may have waited for a session until there was nothing left to do, and the moment is gone.
			if (left.length === 0) return;
			helping = within.unsafe(`SET TRANSACTION SNAPSHOT '${snapshot}'`).then(() => ask(within, limit));
			await helping;
		});
	try {
		await sql.begin(SNAPSHOT, async (within) => {
			const [{ snapshot, limit }] = await within<[{ snapshot: string; limit: number }]>`
				SELECT pg_export_snapshot() AS snapshot,
					(1000 * extract(epoch FROM current_setting('statement_timeout')::interval))::float8 AS limit`;
			// What goes wrong before it has begun to help is nobody's loss, what goes wrong later is waited for below.
			if (left.length > 1) help(snapshot, limit).catch(() => undefined);
			await ask(within, limit);
			await helping;
		});
	} finally {
		left.length = 0;
	}
	return rows;
}
