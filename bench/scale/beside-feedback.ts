import type postgres from "postgres";
import { expireLogs } from "../../persistence/logs/expire.ts";
import { now } from "./queue.ts";
import { quantile, type Report } from "./report.ts";
import type { MeasuredService } from "./service.ts";

const STREAMS = 200;
const ITEMS = 10;
/** Requests under way at a time, and milliseconds between two of one sender: a steady load, far from the limit. */
const SENDERS = 4;
const PAUSE = 15;
const OLD_RECORDS = 1_000_000;
/** Long before everything else, so that deleting them leaves the data as they were. */
const OLD = "2020-01-01T00:00:00Z";
const OLD_END = "2021-01-01T00:00:00Z";
const ALONE_MS = 8_000;

/**
 * How long status-changing feedback takes, alone and beside what deletes millions of rows. What it makes it removes
 * again. No bar is set on the percentiles: they are there to be compared.
 */
export async function measureBesideFeedback(
	sql: postgres.Sql,
	service: MeasuredService,
	report: Report,
): Promise<void> {
	const started = await now(sql);
	const name = `scale-${Date.now()}`;
	const ids: string[] = [];
	for (let n = 0; n < STREAMS; n++) ids.push(await create(service, name));
	await service.ask("POST", "/1/streams/processing/queue", { filters: { names: [name] }, limit: STREAMS });
	const told = (title: string, during: () => Promise<unknown>) => measure(service, ids, title, report, during);

	const alone = () => told("alone", () => new Promise((resolve) => setTimeout(resolve, ALONE_MS)));
	// Between the others, too: the machine may have become busier or quieter.
	await alone();
	await oldRecords(sql);
	await told(`beside DELETE /1/streams/logs of ${OLD_RECORDS} records`, () =>
		service.ask("DELETE", `/1/streams/logs?log_time__lt=${OLD_END}`),
	);
	await oldRecords(sql);
	await told(`beside the expiry of ${OLD_RECORDS} records`, () =>
		expireLogs((statement) => statement(sql), (Date.now() - Date.parse(OLD_END)) / 1000),
	);
	await alone();
	const group_id = await largeGroup(sql);
	await told("beside the sweep of a deleted group's 1,000,000 links", async () => {
		const begin = performance.now();
		await service.ask("DELETE", `/1/groups/${group_id}`);
		const milliseconds = performance.now() - begin;
		report.add({ query: "DELETE a group of 1,000,000", rows: 1_000_000, milliseconds, bar: 1_000 });
		while ((await sql`SELECT FROM stream_groups WHERE group_id = ${group_id} LIMIT 1`).length > 0) {
			await new Promise((resolve) => setTimeout(resolve, 500));
		}
	});

	await service.ask("DELETE", "/1/streams", { names: [name] });
	await sql`DELETE FROM stream_logs WHERE log_time >= ${started}::text::timestamptz`;
	for (const table of ["stream_logs", "stream_groups"]) await sql.unsafe(`VACUUM (ANALYZE) ${table}`);
}

/** Feedback whose error is another each time, so that each item is a committed change with a record, until `during` ends. */
async function measure(
	service: MeasuredService,
	ids: readonly string[],
	title: string,
	report: Report,
	during: () => Promise<unknown>,
): Promise<void> {
	const times: number[] = [];
	let ended = false;
	const sender = async (place: number) => {
		for (let round = 0; !ended; round++) {
			const first = (round * ITEMS) % (STREAMS / SENDERS);
			const own = ids.slice((place * STREAMS) / SENDERS).slice(first, first + ITEMS);
			const error = { error_code: 1 + (times.length % 2_000_000), desc: "no signal", detail: "" };
			const begin = performance.now();
			const answer = (await service.ask("POST", "/1/streams/processing/feedback", {
				streams: own.map((stream_id) => ({ stream_id, version: 1, status: "in_progress", error })),
			})) as { streams: { modified: unknown[] } };
			times.push(performance.now() - begin);
			if (answer.streams.modified.length !== own.length) throw new Error("feedback was not applied");
			await new Promise((resolve) => setTimeout(resolve, PAUSE));
		}
	};
	const senders = Array.from({ length: SENDERS }, (_, place) => sender(place));
	const begin = performance.now();
	await during();
	const seconds = (performance.now() - begin) / 1000;
	ended = true;
	await Promise.all(senders);
	const text = `feedback ${title} (${seconds.toFixed(1)} s, ${times.length} requests)`;
	for (const [part, label] of [
		[0.5, "p50"],
		[0.99, "p99"],
		[1, "longest"],
	] as const) {
		report.add({ query: `${text}: ${label}`, rows: ITEMS, milliseconds: quantile(times, part), bar: null });
	}
}

async function create({ ask }: MeasuredService, name: string): Promise<string> {
	const body = {
		account_id: "00000000-0000-4000-8000-000000000001",
		name,
		data: { type: "tcp", reference: "rtsp://10.0.0.3/1" },
		event_handler: {
			api_version: 6,
			origin: "http://127.0.0.1:5000",
			bestshot_handler: { handler_id: "00000000-0000-4000-8000-000000000001" },
		},
	};
	return ((await ask("POST", "/1/streams", body)) as { stream_id: string }).stream_id;
}

/** Records of existing and of unknown streams, of which all but nothing may go: each existing stream has newer ones. */
async function oldRecords(sql: postgres.Sql): Promise<void> {
	await sql.unsafe(`
		INSERT INTO stream_logs (stream_id, account_id, log_time, status, version)
		SELECT stream_id, account_id, timestamptz '${OLD}' + number * interval '10 seconds', 'pending', 1
		FROM streams WHERE number <= ${OLD_RECORDS} ORDER BY number`);
}

async function largeGroup(sql: postgres.Sql): Promise<string> {
	const [group] = await sql<[{ group_id: string }]>`
		INSERT INTO groups (group_id, create_time, account_id, group_name, description)
		VALUES (gen_random_uuid(), now(), gen_random_uuid(), ${`doomed-${Date.now()}`}, '') RETURNING group_id`;
	await sql`
		INSERT INTO stream_groups (stream_id, group_id, create_time, number, account_id, name)
		SELECT stream_id, ${group.group_id}, create_time, number, account_id, name FROM streams WHERE number <= 1000000`;
	return group.group_id;
}
