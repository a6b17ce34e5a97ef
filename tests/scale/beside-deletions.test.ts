import { beforeAll, expect, test } from "vitest";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { eventually } from "../support/signals.ts";

const MANY = 50_000;
/** Milliseconds; on an idle machine it takes 2 to 5, on a busy one seconds. A lock held for all of a deletion would be held longer. */
const LONGEST = 4_000;

let service: RunningService;
let stream_id: string;

beforeAll(async () => {
	service = await startService();
	stream_id = await service.api.create(streamBody({ name: "live" }));
	await service.api.take(1, { stream_ids: [stream_id] });
	return service.stop;
});

/** Sends feedback that changes the error, a commit each, until `during` ends; the longest answer in milliseconds. */
async function longestBeside(during: Promise<unknown>): Promise<number> {
	let ended = false;
	const end = during.finally(() => {
		ended = true;
	});
	let longest = 0;
	for (let code = 1; !ended; code++) {
		const error = { error_code: code, desc: "no signal", detail: "" };
		const begin = performance.now();
		const { modified } = await service.api.feedback([{ stream_id, version: 1, status: "in_progress", error }]);
		longest = Math.max(longest, performance.now() - begin);
		expect(modified).toHaveLength(1);
	}
	await end;
	return longest;
}

test(`deleting ${MANY} records never blocks feedback, not even of the stream whose records go`, async () => {
	const { sql, api } = service;
	await sql`
		INSERT INTO stream_logs (stream_id, account_id, log_time, status, version)
		SELECT ${stream_id}::uuid, gen_random_uuid(), timestamptz '2020-01-01Z' + n * interval '1 second', 'in_progress', 1
		FROM generate_series(1, ${MANY}) n`;
	const deletion = api.expect(200, "DELETE", "/1/streams/logs?log_time__lt=2021-01-01T00:00:00Z");
	expect(await longestBeside(deletion)).toBeLessThan(LONGEST);
	expect(await deletion).toEqual({ deleted_count: MANY });
});

test(`deleting a group of ${MANY} streams answers within a second, and the sweep of its links blocks no feedback`, async () => {
	const { sql, api } = service;
	const { group_id } = await api.expect<{ group_id: string }>(201, "POST", "/1/groups", {
		account_id: "557d54ec-29ad-4f3c-93b4-c9092ef12515",
		group_name: "large",
	});
	await sql`
		INSERT INTO stream_groups (stream_id, group_id, create_time, number, account_id, name)
		SELECT gen_random_uuid(), ${group_id}, now(), n, gen_random_uuid(), '' FROM generate_series(1, ${MANY}) n`;
	await api.expect(204, "POST", "/1/linker", { action: "attach", stream_ids: [stream_id], group_id });
	const begin = performance.now();
	await api.expect(204, "DELETE", `/1/groups/${group_id}`);
	expect(performance.now() - begin).toBeLessThan(1_000);
	expect((await api.get(stream_id)).groups).toEqual([]);
	const swept = eventually(async () => (await sql`SELECT FROM stream_groups LIMIT 1`).length === 0, {
		timeoutMs: 20_000,
	});
	expect(await longestBeside(swept)).toBeLessThan(LONGEST);
});
