import type { Sql, TransactionSql } from "postgres";
import type { Parameters } from "./parameters.ts";
import { otherWays } from "./query.ts";
import { isConnectionLoss } from "./sql-state.ts";
import { transaction } from "./transaction.ts";

/** A part of a question: its statement and what it carries. */
export interface Part {
	text: string;
	parameters: Parameters;
}

/** Lends a second connection of the pool: null when none is free, otherwise what gives it back. */
export type Spare = () => (() => void) | null;

export interface SharedReadingOptions {
	spare: Spare;
	/** When the statement that this is a part of began, on the monotonic clock: for the limit of its time. */
	began?: number;
}

const ONE_MOMENT = "ISOLATION LEVEL REPEATABLE READ READ ONLY";

/** The snapshot could not be put down for the other session to take up. */
class NoSnapshot extends Error {}

/**
 * Answers a question whose parts are asked by two sessions, who is done sooner taking the next one; by one, when no second is free. Both
 * see the database as it was at one moment. Lists in the parts are merged, as by `queryMerged`.
 *
 * Two sessions and not two processes of one session's statement: to start these took 10 ms of a count of 50, for each
 * statement anew.
 *
 * @returns the rows of all parts, in no order of theirs. All together may take as long as one statement of the session.
 */
export async function readShared<Row extends object>(
	sql: Sql,
	parts: readonly Part[],
	{ spare, began = performance.now() }: SharedReadingOptions,
): Promise<Row[]> {
	const giveBack = parts.length > 1 ? spare() : null;
	if (giveBack === null) return read(sql, parts, began, null);
	try {
		return await read(sql, parts, began, giveBack);
	} catch (error) {
		// It is a file on the server, whose disk may be full; or who asks may not.
		if (error instanceof NoSnapshot) return read(sql, parts, began, null);
		throw error;
	}
}

/** @param giveBack there is a second connection, which this gives back */
async function read<Row extends object>(
	sql: Sql,
	parts: readonly Part[],
	began: number,
	giveBack: (() => void) | null,
): Promise<Row[]> {
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
		transaction(sql, ONE_MOMENT, async (within) => {
			if (left.length === 0) return;
			await within.unsafe(`SET TRANSACTION SNAPSHOT '${snapshot}'`);
			helping = ask(within, limit);
			await helping;
		});
	let helper: Promise<void> | null = null;
	try {
		await transaction(sql, ONE_MOMENT, async (within) => {
			const [{ limit }] = await within<[{ limit: number }]>`SELECT
				(1000 * extract(epoch FROM current_setting('statement_timeout')::interval))::float8 AS limit`;
			if (giveBack !== null) {
				const snapshot = await exported(within);
				// What goes wrong before it has begun to help is nobody's loss, what goes wrong later is told below.
				helper = help(snapshot, limit)
					.catch(() => undefined)
					.finally(giveBack);
			}
			await ask(within, limit);
		});
		// A snapshot that was taken up lives on by itself.
		await helping;
	} finally {
		left.length = 0;
		if (helper === null) giveBack?.();
	}
	return rows;
}

async function exported(within: TransactionSql): Promise<string> {
	try {
		const [{ snapshot }] = await within<[{ snapshot: string }]>`SELECT pg_export_snapshot() AS snapshot`;
		return snapshot;
	} catch (error) {
		throw isConnectionLoss(error) ? error : new NoSnapshot();
	}
}
