import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { PageSocket } from "./page-socket.ts";

let service: RunningService;
let page: PageSocket;
const pages: PageSocket[] = [];

beforeAll(async () => {
	service = await startService();
});
afterAll(() => service.stop());

beforeEach(async () => {
	await service.sql`TRUNCATE streams, stream_states, stream_logs, groups, stream_groups`;
	page = await open();
});
afterEach(() => {
	for (const each of pages.splice(0)) each.close();
});

async function open(): Promise<PageSocket> {
	const opened = await PageSocket.open(service.url);
	pages.push(opened);
	return opened;
}

function create(members: object = {}): Promise<string> {
	return service.api.create(streamBody(members));
}

describe("a page's socket", () => {
	test("is greeted with where it stands and who it is", () => {
		expect(page.said[0]).toMatchObject({
			type: "hello",
			position: { boot_id: expect.any(String), number: expect.any(Number) },
			caller: { name: "anonymous", role: "admin" },
		});
	});

	test("gets a snapshot of what matches, in order, and then what changes", async () => {
		const ids = [await create({ name: "a" }), await create({ name: "b" })];
		page.say({ op: "streams", sub: 1, filter: {}, order: "oldest" });
		const snapshot = await page.next("snapshot");
		expect(snapshot).toMatchObject({ sub: 1, total: 2, listed: 2 });
		expect(snapshot.rows.map((row) => row.stream_id)).toEqual(ids);
		await service.api.expect(204, "PATCH", `/1/streams/${ids[1]}`, { status: "pause" });
		const { subs } = await page.next("changes", ({ subs }) => subs[0]!.rows.some(({ status }) => status === "pause"));
		expect(subs[0]).toMatchObject({ sub: 1, left: [], gone: [], appeared: 0 });
		expect(subs[0]!.rows).toContainEqual(expect.objectContaining({ stream_id: ids[1], status: "pause" }));
	});
});
