import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PageSocket } from "../console-gateway/page-socket.ts";
import { type GuardedService, startGuarded } from "./access-fixture.ts";

const a = "557d54ec-29ad-4f3c-93b4-c9092ef12515";
const b = "16fd2706-8baf-433b-82eb-8c7fada847da";
const c = "b5d6fd45-fcca-453d-ac05-3e594054b813";
const handler = {
	api_version: 6,
	bestshot_handler: { handler_id: "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b" },
	authorization: { token: "handler-s3cret" },
};

let own: GuardedService;
/** Streams by account and group: `a hall`, `a`, `b hall`, … */
const ids: Record<string, string> = {};
const groupIds: Record<string, string> = {};
const body = (account_id: string, name: string, group_name?: string) => ({
	account_id,
	name,
	data: { type: "tcp", reference: "rtsp://user:pa55word@camera/1" },
	event_handler: handler,
	...(group_name && { group_name }),
});

beforeAll(async () => {
	own = await startGuarded();
	for (const [name, account_id] of [
		["hall", a],
		["yard", b],
		["roof", c],
	] as const) {
		groupIds[name] = (await own.ask(own.admin, "POST", "/1/groups", { account_id, group_name: name })).body.group_id;
	}
	for (const [account, account_id] of [
		["a", a],
		["b", b],
		["c", c],
	] as const) {
		for (const group of ["hall", "yard", "roof", ""]) {
			const name = `${account} ${group}`.trim();
			const made = await own.ask(own.admin, "POST", "/1/streams", body(account_id, name, group || undefined));
			ids[name] = made.body.stream_id;
		}
	}
	// In two groups: it is one stream all the same.
	const both = { action: "attach", stream_ids: [ids["a hall"]], group_id: groupIds["yard"] };
	await own.ask(own.admin, "POST", "/1/linker", both);
});
afterAll(() => own?.service.stop());

/** What a token sees in a list, by name. */
async function seen(token: string, path: string): Promise<string[]> {
	const { body: answer } = await own.ask(token, "GET", path);
	return answer.streams.map(({ name }: { name: string }) => name);
}

const scopes: [string, { accounts?: string[]; groups?: string[] }, string[]][] = [
	["an account", { accounts: [a] }, ["a hall", "a yard", "a roof", "a"]],
	["two accounts", { accounts: [a, c] }, ["a hall", "a yard", "a roof", "a", "c hall", "c yard", "c roof", "c"]],
	["a group", { groups: ["yard"] }, ["a hall", "a yard", "b yard", "c yard"]],
	["two groups", { groups: ["hall", "yard"] }, ["a hall", "a yard", "b hall", "b yard", "c hall", "c yard"]],
	["accounts and groups", { accounts: [a, b], groups: ["hall", "yard"] }, ["a hall", "a yard", "b hall", "b yard"]],
	["a group that there is not", { groups: ["cellar"] }, []],
	["no account", { accounts: [] }, []],
];

describe.each(scopes)("a token for %s", (_, scope, names) => {
	let token: string;
	beforeAll(async () => {
		token = (await own.token({ role: "operator", ...scope })).token;
	});

	test("lists, counts and finds what is in its scope, in order and page by page", async () => {
		expect(await seen(token, "/1/streams?page_size=100")).toEqual(names);
		expect((await own.ask(token, "GET", "/1/streams/count")).body).toEqual({ streams_count: names.length });
		const pages: string[] = [];
		for (let page = 1; page <= 4; page++) pages.push(...(await seen(token, `/1/streams?page=${page}&page_size=3`)));
		expect(pages).toEqual(names);
		for (const [name, id] of Object.entries(ids)) {
			const { status } = await own.ask(token, "GET", `/1/streams/${id}`);
			expect(status, name).toBe(names.includes(name) ? 200 : 404);
		}
	});

	test("combines every filter with its scope", async () => {
		const having = (account: string) => names.filter((name) => name.startsWith(account));
		expect(await seen(token, `/1/streams?page_size=100&account_id=${a}`)).toEqual(having("a"));
		expect((await own.ask(token, "GET", `/1/streams/count?account_id=${b}`)).body.streams_count).toBe(
			having("b").length,
		);
		expect(await seen(token, "/1/streams?page_size=100&statuses=pending,done")).toEqual(names);
		expect(await seen(token, `/1/streams?page_size=100&stream_ids=${Object.values(ids)}`)).toEqual(names);
		const named = ["a hall", "b yard", "c"];
		const wanted = names.filter((name) => named.includes(name));
		expect(await seen(token, `/1/streams?page_size=100&names=${named.map(encodeURIComponent)}`)).toEqual(wanted);
		// It is a group of b: to whoever does not see that there is no such group.
		const there = (scope.accounts?.includes(b) ?? true) && (scope.groups?.includes("yard") ?? true);
		const yard = there ? names.filter((name) => name.endsWith("yard") || name === "a hall") : [];
		expect(await seen(token, "/1/streams?page_size=100&group_name=yard")).toEqual(yard);
		expect((await own.ask(token, "GET", "/1/streams/count?group_name=yard&statuses=pending")).body.streams_count).toBe(
			yard.length,
		);
	});

	test("looks into its part of the queue, and reads its part of the log", async () => {
		expect(await seen(token, "/1/streams/processing/queue?limit=100")).toEqual(names);
		expect(await seen(token, `/1/streams/processing/queue?limit=100&names=${encodeURIComponent("b yard")}`)).toEqual(
			names.filter((name) => name === "b yard"),
		);
		const logged = async (query: string) => {
			const { body: answer } = await own.ask(token, "GET", `/1/streams/logs?page_size=100&${query}`);
			return answer.logs.map(({ stream_id }: { stream_id: string }) => stream_id).reverse();
		};
		const own_ids = names.map((name) => ids[name]);
		expect(await logged("")).toEqual(own_ids);
		expect(await logged("statuses=pending")).toEqual(own_ids);
		expect(await logged("statuses=failure,done")).toEqual([]);
		expect(await logged(`stream_ids=${Object.values(ids)}`)).toEqual(own_ids);
	});
});

test("a token's groups are those that its accounts have and that it names", async () => {
	const listed = async (scope: object) => {
		const { token } = await own.token(scope);
		const { body: groups } = await own.ask(token, "GET", "/1/groups");
		const { body: count } = await own.ask(token, "GET", "/1/groups/count");
		expect(count.groups_count).toBe(groups.length);
		return groups.map(({ group_name }: { group_name: string }) => group_name);
	};
	expect(await listed({ accounts: [a, b] })).toEqual(["hall", "yard"]);
	expect(await listed({ groups: ["yard", "roof"] })).toEqual(["yard", "roof"]);
	expect(await listed({ accounts: [a], groups: ["yard"] })).toEqual([]);
});

test("an operator writes within its accounts and groups only", async () => {
	const { token } = await own.token({ role: "operator", accounts: [a], groups: ["hall"] });
	const create = (account: string, group?: string) => own.ask(token, "POST", "/1/streams", body(account, "new", group));
	expect((await create(b, "hall")).body).toMatchObject({
		error_code: 39903,
		detail: "The token is not for this account",
	});
	expect((await create(a)).body).toMatchObject({ error_code: 39903 });
	expect((await create(a, "yard")).body).toMatchObject({ error_code: 39007 });
	const made = await create(a, "hall");
	expect(made.status).toBe(201);
	const path = `/1/streams/${made.body.stream_id}`;
	expect((await own.ask(token, "PUT", path, body(b, "moved"))).body).toMatchObject({ error_code: 39903 });
	expect((await own.ask(token, "PUT", path, body(a, "moved"))).status).toBe(200);
	expect((await own.ask(token, "PATCH", path, { status: "pause" })).status).toBe(204);
	const group = { account_id: a, group_name: "stairs" };
	expect((await own.ask(token, "POST", "/1/groups", group)).body).toMatchObject({ error_code: 39903 });
	const accountOnly = await own.token({ role: "operator", accounts: [a] });
	const foreignGroup = await own.ask(accountOnly.token, "POST", "/1/streams", body(a, "new", "yard"));
	expect(foreignGroup.body).toMatchObject({ error_code: 39007 });
	expect((await own.ask(token, "DELETE", "/1/streams", { names: ["moved", "b hall", "a yard"] })).status).toBe(204);
	expect((await own.ask(own.admin, "GET", "/1/streams/count?names=moved")).body.streams_count).toBe(0);
	expect((await own.ask(own.admin, "GET", "/1/streams/count?names=b%20hall,a%20yard")).body.streams_count).toBe(2);
});

test("an agent takes and reports within its accounts and groups only, also when it waits", async () => {
	const agent = await own.token({ role: "agent", accounts: [b], groups: ["roof", "yard"] });
	const take = (token: string, wait = 0, filters = {}) =>
		own.ask(token, "POST", `/1/streams/processing/queue?wait=${wait}`, { filters, limit: 10 });
	const taken = (await take(agent.token)).body.streams;
	expect(taken.map(({ name }: { name: string }) => name)).toEqual(["b yard", "b roof"]);
	// As it was written: an agent needs it.
	expect(taken[0].event_handler.authorization).toEqual({ token: "handler-s3cret" });
	expect(taken[0].data.reference).toBe("rtsp://user:pa55word@camera/1");
	const waiting = take(agent.token, 20);
	await own.ask(own.admin, "POST", "/1/streams", body(a, "not its account", "yard"));
	await own.ask(own.admin, "POST", "/1/streams", body(b, "not its group", "hall"));
	await own.ask(own.admin, "POST", "/1/streams", body(b, "its own", "yard"));
	expect((await waiting).body.streams.map(({ name }: { name: string }) => name)).toEqual(["its own"]);
	const item = (name: string) => ({ stream_id: ids[name], version: 1, status: "in_progress" });
	const report = async (token: string, names: string[]) =>
		(await own.ask(token, "POST", "/1/streams/processing/feedback", { streams: names.map(item) })).body.streams;
	const answer = await report(agent.token, ["b yard", "b hall", "a yard", "b roof"]);
	expect(answer.modified.map(({ stream_id }: { stream_id: string }) => stream_id)).toEqual([
		ids["b yard"],
		ids["b roof"],
	]);
	expect(answer.unmodified).toEqual([
		{ stream_id: ids["b hall"], status: "not_found", version: 1 },
		{ stream_id: ids["a yard"], status: "not_found", version: 1 },
	]);
	const other = await own.token({ role: "agent", accounts: [a] });
	expect((await report(other.token, ["b yard"])).unmodified).toMatchObject([{ status: "not_found" }]);
});

test("viewers and operators read no password and no token of a stream", async () => {
	for (const role of ["viewer", "operator", "agent", "admin"] as const) {
		const { token } = await own.token({ role });
		const hidden = role === "viewer" || role === "operator";
		for (const path of [
			`/1/streams/${ids["c"]}`,
			"/1/streams?names=c",
			"/1/streams/processing/queue?limit=50&names=c",
		]) {
			const text = JSON.stringify((await own.ask(token, "GET", path)).body);
			expect(text.includes("pa55word"), `${role} ${path}`).toBe(!hidden);
			expect(text.includes("handler-s3cret"), `${role} ${path}`).toBe(!hidden);
			if (hidden) expect(text).toContain("rtsp://user:********@camera/1");
		}
	}
});

test("viewers and operators do not find a stream by its password, and find it by a reference without one", async () => {
	const open = { ...body(a, "open"), data: { type: "tcp", reference: "rtsp://camera/open" } };
	const made = (await own.ask(own.admin, "POST", "/1/streams", open)).body;
	for (const role of ["viewer", "operator", "agent", "admin"] as const) {
		const { token } = await own.token({ role });
		const count = async (reference: string) =>
			(await own.ask(token, "GET", `/1/streams/count?reference=${encodeURIComponent(reference)}`)).body.streams_count;
		const hidden = role === "viewer" || role === "operator";
		expect((await count("rtsp://user:pa55word@camera/1")) > 0, role).toBe(!hidden);
		expect(await count("rtsp://camera/open"), role).toBe(1);
	}
	await own.ask(own.admin, "DELETE", `/1/streams/${made.stream_id}`);
});

describe("an operator who writes a stream", () => {
	const reference = "rtsp://user:pa55word@camera/1?k=k3y";
	let stream_id: string;
	let operator: string;
	beforeAll(async () => {
		const written = { ...body(a, "kept"), data: { type: "tcp", reference } };
		({ stream_id } = (await own.ask(own.admin, "POST", "/1/streams", written)).body);
		operator = (await own.token({ role: "operator", accounts: [a] })).token;
	});
	const path = () => `/1/streams/${stream_id}`;
	const stored = async () => (await own.ask(own.admin, "GET", path())).body;

	test("as it was read keeps its secrets", async () => {
		const { account_id, name, data, event_handler } = (await own.ask(operator, "GET", path())).body;
		expect(JSON.stringify([data, event_handler])).not.toMatch(/pa55word|k3y|s3cret/);
		const anew = { account_id, name, description: "written back", data, event_handler };
		expect(await own.ask(operator, "PUT", path(), anew)).toMatchObject({ status: 200 });
		expect(await stored()).toMatchObject({
			description: "written back",
			data: { reference },
			event_handler: { authorization: { token: "handler-s3cret" } },
		});
	});

	test.each(["rtsp://camera/********", "rtsp://camera/1?id=********", "rtsp://********:x@camera/1"])(
		"with ******** elsewhere, as %s, has to give the secret again, over the API and over the console's",
		async (reference) => {
			const anew = { ...body(a, "kept"), data: { type: "tcp", reference } };
			const before = await stored();
			for (const each of [path(), `/console/streams/${stream_id}`])
				expect(await own.ask(operator, "PUT", each, anew)).toMatchObject({ status: 400, body: { error_code: 12022 } });
			const asked = { account_id: a, stream_id, data: anew.data };
			const tested = await own.ask(operator, "POST", "/console/reference-tests?wait=1", asked);
			expect(tested).toMatchObject({ status: 400, body: { error_code: 12022 } });
			expect(await stored()).toEqual(before);
		},
	);

	test("that is new has no secret that ******** could stand for", async () => {
		const made = { ...body(a, "new"), data: { type: "tcp", reference: "rtsp://user:********@camera/1" } };
		expect(await own.ask(operator, "POST", "/1/streams", made)).toMatchObject({
			status: 400,
			body: { error_code: 12022 },
		});
	});

	test("writes out of its scope what does not exist, whatever stands in it", async () => {
		const foreign = { ...body(b, "kept"), data: { type: "tcp", reference: "rtsp://user:********@camera/1" } };
		const answer = await own.ask(operator, "PUT", `/1/streams/${ids["b hall"]}`, foreign);
		expect(answer).toMatchObject({ status: 404, body: { error_code: 39001 } });
	});
});

describe("groups that are out of scope", () => {
	const scopes: [string, { accounts?: string[]; groups?: string[] }, string[]][] = [
		["an account", { accounts: [a] }, ["hall"]],
		["a group", { groups: ["yard"] }, ["yard"]],
		["both", { accounts: [a], groups: ["hall", "yard"] }, ["hall"]],
		["everything", {}, ["hall", "yard"]],
	];

	test.each(scopes)("are not named by a stream that is in them, to a token for %s", async (_, scope, groups) => {
		const { token } = await own.token({ role: "agent", ...scope });
		const path = `/1/streams/${ids["a hall"]}`;
		expect((await own.ask(token, "GET", path)).body.groups).toEqual(groups);
		const [listed] = (await own.ask(token, "GET", `/1/streams?stream_ids=${ids["a hall"]}`)).body.streams;
		expect(listed.groups).toEqual(groups);
		const looked = await own.ask(token, "GET", `/1/streams/processing/queue?limit=9&stream_ids=${ids["a hall"]}`);
		expect(looked.body.streams.map((each: { groups: string[] }) => each.groups)).toEqual([groups]);
	});

	test.each(scopes)("are not named in the console, to a token for %s", async (_, scope, groups) => {
		const stream_id = ids["a hall"]!;
		const { token } = await own.token({ role: "viewer", ...scope });
		const filter = { stream_ids: [stream_id] };
		const { body: found } = await own.ask(token, "POST", "/console/streams/search", { filter });
		expect(found.rows).toMatchObject([{ groups }]);
		const { body: detail } = await own.ask(token, "GET", `/console/streams/${stream_id}`);
		expect([detail.row.groups, detail.stream.groups]).toEqual([groups, groups]);
		const page = await PageSocket.open(own.service.url, { headers: { Authorization: `Bearer ${token}` } });
		try {
			page.say({ op: "streams", sub: 1, filter, order: "oldest" });
			expect((await page.next("snapshot")).rows).toMatchObject([{ groups }]);
			page.say({ op: "stream", sub: 2, stream_id });
			expect(await page.next("stream")).toMatchObject({ detail: { row: { groups }, stream: { groups } } });
			for (const status of ["pause", "pending"]) {
				await own.ask(own.admin, "PATCH", `/1/streams/${stream_id}`, { status });
				const { subs } = await page.next("changes", (said) => said.subs[0]!.rows.some((row) => row.status === status));
				expect(subs[0]!.rows).toMatchObject([{ groups }]);
			}
		} finally {
			page.close();
		}
	});

	test.each(scopes)("find nothing as a filter, with a token for %s", async (_, scope, groups) => {
		const { token } = await own.token({ role: "agent", ...scope });
		for (const name of ["hall", "yard"]) {
			const found = groups.includes(name);
			const count = await own.ask(token, "GET", `/1/streams/count?group_name=${name}&names=a%20hall`);
			expect(count.body.streams_count, `count ${name}`).toBe(found ? 1 : 0);
			for (const filter of [`group_names=${name}`, `group_ids=${groupIds[name]}`]) {
				const looked = await own.ask(token, "GET", `/1/streams/processing/queue?limit=9&${filter}&names=a%20hall`);
				expect(looked.body.streams.length, filter).toBe(found ? 1 : 0);
			}
		}
		const viewer = await own.token({ ...scope });
		for (const name of ["hall", "yard"]) {
			const filter = { groups: [name], names: ["a hall"] };
			const { body: answer } = await own.ask(viewer.token, "POST", "/console/streams/search", { filter });
			expect(answer.total, `search ${name}`).toBe(groups.includes(name) ? 1 : 0);
		}
	});

	test("are not named to an agent that takes a stream in them", async () => {
		const made = body(a, "taken", "hall");
		const { stream_id } = (await own.ask(own.admin, "POST", "/1/streams", made)).body;
		await own.ask(own.admin, "POST", "/1/linker", {
			action: "attach",
			stream_ids: [stream_id],
			group_id: groupIds["yard"],
		});
		const { token } = await own.token({ role: "agent", accounts: [a] });
		const taken = await own.ask(token, "POST", "/1/streams/processing/queue", {
			filters: { names: ["taken"] },
			limit: 1,
		});
		expect(taken.body.streams).toMatchObject([{ stream_id, groups: ["hall"] }]);
		await own.ask(own.admin, "DELETE", `/1/streams/${stream_id}`);
	});
});
