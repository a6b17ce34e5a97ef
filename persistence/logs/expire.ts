import { timeText } from "../time-text.ts";
import { deleteLogsBefore, type Run } from "./delete.ts";

const TEXT = `SELECT ${timeText("now() - make_interval(secs => $1::float8)")} AS time`;

/**
 * Deletes the records older than so many seconds by the database's clock, as `deleteLogsBefore` does; for the retention
 * of logs (contract, section 9).
 *
 * @returns how many were deleted.
 */
export async function expireLogs(run: Run, ageSeconds: number, signal?: AbortSignal): Promise<number> {
	const [row] = await run((sql) => sql.unsafe<[{ time: string }]>(TEXT, [ageSeconds], { prepare: true }));
	return deleteLogsBefore(run, row.time, signal);
}
