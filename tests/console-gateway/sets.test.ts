import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ActionProgress, StreamDetail, StreamSet } from "../../client/console/protocol.ts";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { ACCOUNT, streamBody, UNKNOWN } from "../main-job/stream-bodies.ts";
import { eventually } from "../support/signals.ts";

let service: RunningService;

beforeAll(async () => {
	service = await startService();
});
afterAll(() => service.stop());
beforeEach(() => service.sql`TRUNCATE streams, stream_states, stream_logs, groups, stream_groups`);

function create(members: object = {}): Promise<string> {
	return service.api.create(streamBody(members));
}

function makeSet(body: object): Promise<StreamSet> {
	return service.api.expect(201, "POST", "/console/sets", body);
}

async function act(set_id: string, body: object): Promise<ActionProgress> {
	const started = await service.api.expect<ActionProgress>(202, "POST", `/console/sets/${set_id}/actions`, body);
	return eventually(async () => {
		const progress = await service.api.expect<ActionProgress>(200, "GET", `/console/actions/${started.action_id}`);
		return progress.finished && progress;
	});
}

describe("a set", () => {
	test("holds what matches now, and not what comes to match later", async () => {
		await create({ name: "North 1" });
		await create({ name: "north 2", status: "pause" });
		await create({ name: "south" });
		const set = await makeSet({ filter: { names: ["NORTH"] } });
		await create({ name: "north 3" });
		expect(set).toMatchObject({
			total: 2,
			capped: false,
			names: ["North 1", "north 2"],
			counts: { pending: 1, pause: 1, done: 0 },
			expires_in: 300,
		});
		const { rows } = await service.api.expect<{ rows: { name: string }[] }>(200, "GET", `/console/sets/${set.set_id}`);
		expect(rows.map(({ name }) => name)).toEqual(["North 1", "north 2"]);
	});

	test("needs a filter or a list, and not both", async () => {
		for (const body of [{}, { filter: {}, stream_ids: [UNKNOWN] }])
			expect((await service.api.ask("POST", "/console/sets", body)).status).toBe(400);
		expect((await service.api.ask("GET", `/console/sets/${UNKNOWN}`)).status).toBe(404);
	});
});

describe("a bulk action", () => {
	test("pauses, and tells what was applied, what was paused already and what is gone", async () => {
		const ids = [await create(), await create({ status: "pause" }), await create()];
		const set = await makeSet({ stream_ids: ids });
		await service.api.expect(204, "DELETE", `/1/streams/${ids[2]}`);
		const progress = await act(set.set_id, { action: "pause" });
		expect(progress).toMatchObject({
			total: 3,
			done: 3,
			outcomes: { applied: 1, unchanged: 1, refused: 1, failed: 0 },
			problems: [{ stream_id: ids[2], error_code: 39001 }],
		});
		expect((await service.api.get(ids[0]!)).status).toBe("pause");
	});

	test("does not force what does not apply any more", async () => {
		const id = await create();
		const set = await makeSet({ filter: {} });
		await service.api.take(1);
		const progress = await act(set.set_id, { action: "resume" });
		expect(progress.outcomes).toEqual({ applied: 0, unchanged: 0, refused: 1, failed: 0 });
		expect(progress.problems).toEqual([expect.objectContaining({ stream_id: id, error_code: 39004 })]);
	});

	test("attaches and detaches, deletes, and finds nothing to do the second time", async () => {
		const group = { account_id: ACCOUNT, group_name: "hall" };
		const { group_id } = await service.api.expect<{ group_id: string }>(201, "POST", "/1/groups", group);
		for (let at = 0; at < 3; at++) await create();
		const { set_id } = await makeSet({ filter: {} });
		const outcomes = async (body: object) => (await act(set_id, body)).outcomes;
		const [all, none] = [
			{ applied: 3, unchanged: 0, refused: 0, failed: 0 },
			{ applied: 0, unchanged: 3, refused: 0, failed: 0 },
		];
		expect(await outcomes({ action: "attach", group_id })).toEqual(all);
		expect(await outcomes({ action: "attach", group_id })).toEqual(none);
		expect(await service.api.count("group_name=hall")).toBe(3);
		expect(await outcomes({ action: "detach", group_id })).toEqual(all);
		expect(await outcomes({ action: "detach", group_id })).toEqual(none);
		expect(await outcomes({ action: "delete" })).toEqual(all);
		expect(await outcomes({ action: "delete" })).toEqual(none);
		expect(await service.api.count()).toBe(0);
		const unknown = await service.api.ask("POST", `/console/sets/${set_id}/actions`, {
			action: "attach",
			group_id: UNKNOWN,
		});
		expect(unknown.status).toBe(404);
	});
});

describe("a stream without its secrets", () => {
	const secret = streamBody({
		data: { type: "tcp", reference: "rtsp://admin:h4lf-moon@camera.test:554/cam?channel=1&pwd=tide" },
		event_handler: {
			api_version: 6,
			origin: "http://events:n1ght@luna.test/api",
			bestshot_handler: { handler_id: UNKNOWN },
			authorization: { token: "s3cret-token" },
		},
	});

	test("shows ******** for them", async () => {
		const id = await service.api.create(secret);
		const detail = await service.api.expect<StreamDetail>(200, "GET", `/console/streams/${id}`);
		expect(JSON.stringify(detail)).not.toMatch(/h4lf|tide|n1ght|s3cret/);
		expect(detail.stream).toMatchObject({
			stream_id: id,
			data: { reference: "rtsp://admin:********@camera.test:554/cam?channel=1&pwd=********" },
			event_handler: { authorization: { token: "********" } },
		});
	});

	test("written anew with ******** keeps what is stored", async () => {
		const id = await service.api.create(secret);
		const { stream } = await service.api.expect<StreamDetail>(200, "GET", `/console/streams/${id}`);
		const { account_id, event_handler } = stream;
		const body = {
			account_id,
			event_handler,
			data: { type: "tcp", reference: "rtsp://admin:********@camera.test:554/other?channel=2&pwd=********" },
		};
		expect(await service.api.expect(200, "PUT", `/console/streams/${id}`, body)).toEqual({ stream_id: id, version: 2 });
		const stored = await service.api.expect(200, "GET", `/1/streams/${id}`);
		expect(stored).toMatchObject({
			data: { reference: "rtsp://admin:h4lf-moon@camera.test:554/other?channel=2&pwd=tide" },
			event_handler: { origin: "http://events:n1ght@luna.test/api", authorization: { token: "s3cret-token" } },
		});
	});

	test("sends no kept secret to another host", async () => {
		const id = await service.api.create(secret);
		const { stream } = await service.api.expect<StreamDetail>(200, "GET", `/console/streams/${id}`);
		const handler = stream["event_handler"] as object;
		const data = stream["data"] as object;
		const { account_id } = stream;
		for (const body of [
			{ account_id, event_handler: handler, data: { ...data, reference: "rtsp://admin:********@elsewhere.test/cam" } },
			{ account_id, event_handler: { ...handler, origin: "http://elsewhere.test" }, data },
			{ account_id, event_handler: { ...handler, frame_store: "http://elsewhere.test" }, data },
		]) {
			const answer = await service.api.ask("PUT", `/console/streams/${id}`, body);
			expect(answer).toMatchObject({ status: 400, body: { error_code: 12022 } });
		}
		expect(await service.api.expect(200, "GET", `/1/streams/${id}`)).toMatchObject({ version: 1 });
	});
});
