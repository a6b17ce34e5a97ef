import { beforeAll, expect, test } from "vitest";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { ownTime } from "../support/own-time.ts";

/** Records of the log, each of which takes a millisecond to come by: as if there were ten thousand times as many. */
const RECORDS = 10_000;

let service: RunningService;
beforeAll(async () => {
	service = await startService();
	return service.stop;
});

test("a page too deep for the statement's time limit is 39905, and holds up neither first pages nor feedback", async () => {
	const { api, sql } = service;
	await sql`
		INSERT INTO stream_logs (stream_id, account_id, log_time, status, version)
		SELECT gen_random_uuid(), gen_random_uuid(), now() - n * interval '1 second', 'done', 1
		FROM generate_series(1, ${RECORDS}) n`;
	await sql.unsafe(`
		ALTER TABLE stream_logs RENAME TO long_log;
		CREATE VIEW stream_logs AS SELECT * FROM long_log WHERE pg_sleep(0.001)::text = ''`);
	try {
		const begin = ownTime();
		const deep = api.ask("GET", "/1/streams/logs?page=9&page_size=1000");
		const { logs } = await api.expect<{ logs: unknown[] }>(200, "GET", "/1/streams/logs");
		expect(logs).toHaveLength(10);
		expect(ownTime() - begin).toBeLessThan(1_500);
		const answer = await deep;
		expect(answer).toMatchObject({ status: 503, body: { error_code: 39905 } });
		expect(answer.headers["retry-after"]).toMatch(/^\d+$/);
		expect(ownTime() - begin).toBeLessThan(6_000);
	} finally {
		await sql.unsafe("DROP VIEW stream_logs; ALTER TABLE long_log RENAME TO stream_logs");
	}
	await api.create(streamBody());
});

test("a page beyond the end, however far, is empty", async () => {
	const { api } = service;
	for (const path of ["/1/streams", "/1/streams/logs"]) {
		for (const filter of ["", "&statuses=pending,done", "&statuses=failure,cancel"]) {
			const answer = await api.ask("GET", `${path}?page=2147483647&page_size=1000${filter}`);
			expect(answer).toMatchObject({ status: 200, body: path.endsWith("logs") ? { logs: [] } : { streams: [] } });
		}
	}
});
