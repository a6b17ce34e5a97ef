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

	test("saved views belong to those who see the same accounts and groups", async () => {
		const save = (token: string, query: string) =>
			guarded.ask(token, "POST", "/console/views", { name: "Night", place: "streams", query });
		const list = async (token: string) =>
			(await guarded.ask(token, "GET", "/console/views")).body.views as { view_id: string; query: string }[];
		const of = (accounts: string[]) => guarded.token({ role: "operator", accounts });
		const [anna, ben, other] = [
			await of([ACCOUNT, OTHER_ACCOUNT]),
			await of([OTHER_ACCOUNT, ACCOUNT]),
			await of([OTHER_ACCOUNT]),
		];
		await save(guarded.admin, "q=all");
		await save(anna.token, "q=both");
		await save(other.token, "q=other");
		await save(ben.token, "q=again");
		expect((await list(guarded.admin)).map(({ query }) => query)).toEqual(["q=all"]);
		expect((await list(anna.token)).map(({ query }) => query)).toEqual(["q=again"]);
		const [theirs] = await list(other.token);
		expect(theirs?.query).toBe("q=other");
		const path = `/console/views/${theirs?.view_id}`;
		expect((await guarded.ask(anna.token, "DELETE", path)).status).toBe(404);
		expect((await guarded.ask(other.token, "DELETE", path)).status).toBe(204);
	});

	test("a bulk action goes no further than its maker sees, when a stream leaves the scope meanwhile", async () => {
		const groups = ["bulk-scope"];
		await guarded.ask(guarded.admin, "POST", "/1/groups", { account_id: ACCOUNT, group_name: groups[0] });
		const { token } = await guarded.token({ role: "operator", groups });
		const body = streamBody({ account_id: ACCOUNT, name: "leaves", group_name: groups[0] });
		const { stream_id } = (await guarded.ask(guarded.admin, "POST", "/1/streams", body)).body;
		const set = await guarded.ask(token, "POST", "/console/sets", { stream_ids: [stream_id] });
		expect(set.body.total).toBe(1);
		const { group_id } = (await guarded.ask(guarded.admin, "GET", `/1/groups?group_names=${groups[0]}`)).body[0];
		const link = { action: "detach", stream_ids: [stream_id], group_id };
		expect((await guarded.ask(guarded.admin, "PATCH", "/1/linker", link)).status).toBeLessThan(300);
		const path = `/console/sets/${set.body.set_id}/actions`;
		const { action_id } = (await guarded.ask(token, "POST", path, { action: "cancel" })).body;
		const progress = await eventually(async () => {
			const { body } = await guarded.ask(token, "GET", `/console/actions/${action_id}`);
			return body.finished && body;
		});
		expect(progress.outcomes).toEqual({ applied: 0, unchanged: 0, refused: 1, failed: 0 });
		expect(progress.problems).toMatchObject([{ stream_id, error_code: 39001 }]);
		const { body: after } = await guarded.ask(guarded.admin, "GET", `/1/streams/${stream_id}`);
		expect(after.status).toBe("pending");
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
