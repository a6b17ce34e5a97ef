import type postgres from "postgres";

export interface StoredRecord {
	stream_id: string;
	status: string;
	code: number | null;
}

/** Every record of the log with its error's code, by stream, oldest first. */
export async function storedLogs(sql: postgres.Sql): Promise<Map<string, StoredRecord[]>> {
	const logs = new Map<string, StoredRecord[]>();
	const records = await sql<StoredRecord[]>`
		SELECT stream_id, status, (error->>'error_code')::int AS code FROM stream_logs ORDER BY record_number`;
	for (const record of records) {
		const log = logs.get(record.stream_id);
		if (log) log.push(record);
		else logs.set(record.stream_id, [record]);
	}
	return logs;
}

/** How many streams stand at each status. */
export async function statuses(sql: postgres.Sql): Promise<Record<string, number>> {
	const rows = await sql<{ status: string; count: number }[]>`
		SELECT status, count(*)::int AS count FROM stream_states GROUP BY status`;
	return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}
