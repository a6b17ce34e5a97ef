import type postgres from "postgres";
import { takeStreams } from "../../persistence/streams/take.ts";
import { QUEUE_FILTERS, shown } from "./reads.ts";
import type { Report } from "./report.ts";

const AGENT = "scale";
const TAKES = 200_000;
const BATCH = 1_000;

/** Takes of ten with each filter, then again when 200,000 streams were taken and nothing has been vacuumed since. */
export async function measureTakes(sql: postgres.Sql, name: string, report: Report): Promise<void> {
	const started = await now(sql);
	for (const filters of QUEUE_FILTERS) {
		await report.measure(`${name}: take 10 ${shown(filters)}`, 50, async () => (await take(sql, filters, 10)).length);
	}
	await giveBack(sql);
	await sql`ALTER TABLE stream_states SET (autovacuum_enabled = false)`;
	try {
		let milliseconds = 0;
		for (let taken = 0; taken < TAKES; ) {
			const begin = performance.now();
			const streams = await take(sql, {}, BATCH);
			milliseconds += performance.now() - begin;
			taken += streams.length;
			if (streams.length < BATCH) await giveBack(sql);
		}
		await giveBack(sql);
		const mean = milliseconds / (TAKES / BATCH);
		report.add({ query: `${name}: take 1,000, the mean of 200`, rows: BATCH, milliseconds: mean, bar: null });
		for (const filters of [{}, { group_names: ["half"] }, { names: [""] }]) {
			await report.measure(`${name}: take 10 ${shown(filters)} after 200,000 without vacuum`, 50, async () => {
				return (await take(sql, filters, 10)).length;
			});
		}
	} finally {
		await giveBack(sql);
		await sql`ALTER TABLE stream_states RESET (autovacuum_enabled)`;
		await sql`DELETE FROM stream_logs WHERE log_time >= ${started}::text::timestamptz`;
		for (const table of ["stream_states", "stream_logs"]) await sql.unsafe(`VACUUM (ANALYZE) ${table}`);
	}
}

async function take(sql: postgres.Sql, filters: object, limit: number) {
	return (await takeStreams(sql, filters, [{ limit, agent_id: AGENT }])).flat();
}

async function giveBack(sql: postgres.Sql): Promise<void> {
	await sql`UPDATE stream_states SET status = 'pending', agent_id = NULL, feedback_time = NULL WHERE agent_id = ${AGENT}`;
}

export async function now(sql: postgres.Sql): Promise<string> {
	const [row] = await sql<[{ now: string }]>`SELECT clock_timestamp()::text AS now`;
	return row.now;
}
