import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GuardedService, startGuarded } from "../access/access-fixture.ts";
import { ACCOUNT, OTHER_ACCOUNT, streamBody } from "../main-job/stream-bodies.ts";
import { eventually } from "../support/signals.ts";
import { PageSocket } from "./page-socket.ts";

let guarded: GuardedService;
const pages: PageSocket[] = [];

beforeAll(async () => {
	guarded = await startGuarded();
});
afterAll(async () => {
	for (const page of pages) page.close();
	await guarded[Symbol.asyncDispose]();
});

async function open(token: string): Promise<PageSocket> {
	const page = await PageSocket.open(guarded.service.url, { headers: { Authorization: `Bearer ${token}` } });
	pages.push(page);
	return page;
}

async function create(account_id: string, name: string): Promise<string> {
	const { status, body } = await guarded.ask(guarded.admin, "POST", "/1/streams", streamBody({ account_id, name }));
	expect(status).toBe(201);
	return body.stream_id;
}

describe("with access control", () => {
	test("nobody opens a socket without a token", async () => {
		const refused = new PageSocket(guarded.service.url);
		const { status, body } = await eventually(() => refused.refused ?? false);
		expect(status).toBe(401);
		expect(JSON.parse(body)).toMatchObject({ error_code: 39902 });
	});

	test("what is out of a page's scope does not exist: in views, changes, counters, the log, sets and details", async () => {
		const [own, foreign] = [await create(ACCOUNT, "own"), await create(OTHER_ACCOUNT, "foreign")];
		const { token } = await guarded.token({ role: "operator", accounts: [ACCOUNT] });
		const page = await open(token);
		page.say({ op: "streams", sub: 1, filter: {}, order: "oldest" });
		const snapshot = await page.next("snapshot");
		expect(snapshot).toMatchObject({ total: 1, rows: [{ stream_id: own }] });
		page.say({ op: "counts", sub: 2 });
		expect((await page.next("counts")).counts.pending).toBe(1);
		page.say({ op: "logs", sub: 3, filter: {}, since: 0 });
		expect((await page.next("logs")).records.map(({ stream_id }) => stream_id)).toEqual([own]);
		page.say({ op: "stream", sub: 4, stream_id: foreign });
		expect(await page.next("stream")).toMatchObject({ detail: null });
		page.say({ op: "nodes", sub: 5 });
		expect(await page.next("error")).toMatchObject({ sub: 5, error_code: 39903 });
		const set = await guarded.ask(token, "POST", "/console/sets", { stream_ids: [own, foreign] });
		expect(set.body).toMatchObject({ total: 1, names: ["own"] });
		expect((await guarded.ask(guarded.admin, "GET", `/console/sets/${set.body.set_id}`)).status).toBe(404);
		expect((await guarded.ask(token, "GET", `/console/streams/${foreign}`)).status).toBe(404);
		for (const id of [foreign, own]) await guarded.ask(guarded.admin, "PATCH", `/1/streams/${id}`, { status: "pause" });
		await page.next("changes", ({ subs }) => subs[0]!.rows.some(({ status }) => status === "pause"));
		expect(JSON.stringify(page.said)).not.toContain(foreign);
	});

	test("a viewer may look, and not act", async () => {
		const { token } = await guarded.token({ role: "viewer" });
		const set = await guarded.ask(token, "POST", "/console/sets", { filter: {} });
		const path = `/console/sets/${set.body.set_id}/actions`;
		expect((await guarded.ask(token, "POST", path, { action: "delete" })).status).toBe(403);
	});

	test("a page whose token is revoked is closed with a code", async () => {
		const { token, token_id } = await guarded.token({ role: "viewer" });
		const page = await open(token);
		await guarded.ask(guarded.admin, "DELETE", `/console/tokens/${token_id}`);
		expect(await page.ended()).toEqual({ code: 4004, reason: "unauthorized" });
	});
});
