import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../actors/clock.ts";
import { inProcessCluster } from "../../actors/cluster/in-process.ts";
import { AUDIT_ACTIONS } from "../../persistence/audit/audit-record.ts";
import { Database } from "../../persistence/database.ts";
import { describedRoutes } from "../../scripts/described-api.ts";
import { anonymous, type Caller, nobody } from "../../server/access/caller.ts";
import { Audit } from "../../server/audit/audit.ts";
import { entriesOf } from "../../server/audit/trail.ts";
import type { AuditPage } from "../../server/schemas/audit.ts";
import { startService } from "../main-job/service-fixture.ts";
import { ACCOUNT, OTHER_ACCOUNT, streamBody, UNKNOWN } from "../main-job/stream-bodies.ts";
import { freshDatabase } from "../support/database.ts";
import { waitForLocks } from "../support/lock-wait.ts";
import { deferred, eventually } from "../support/signals.ts";
import { type Answered, type GuardedService, startGuarded } from "./access-fixture.ts";

type Record = AuditPage["records"][number] & { details: { [name: string]: string } };

let own: GuardedService;
let operator: { token: string; token_id: string };
let viewer: string;
beforeAll(async () => {
	own = await startGuarded();
	operator = await own.token({ role: "operator", name: "night shift" });
	viewer = (await own.token({ role: "viewer" })).token;
});
afterAll(() => own?.service.stop());

async function page(query = ""): Promise<{ records: Record[]; next: string | null }> {
	const { status, body } = await own.ask(own.admin, "GET", `/console/audit?page_size=1000${query}`);
	expect(status).toBe(200);
	return body;
}

/** Asks under a request id of its own; gives the answer and the records that the request left, oldest first. */
async function asked(
	token: string,
	method: string,
	path: string,
	body?: unknown,
	headers: { [name: string]: string } = {},
): Promise<Answered & { records: Record[] }> {
	const id = `1700000000,${randomUUID()}`;
	const answer = await own.ask(token, method, path, body, { "Luna-Request-Id": id, ...headers });
	return { ...answer, records: await recordsOf(id) };
}

/** The same for what is refused, whose record nobody waits for but this. */
async function refused(token: string, method: string, path: string, body?: unknown) {
	const id = `1700000000,${randomUUID()}`;
	const answer = await own.ask(token, method, path, body, { "Luna-Request-Id": id });
	const records = await eventually(async () => {
		const found = await recordsOf(id);
		return found.length > 0 && found;
	});
	return { ...answer, records };
}

async function recordsOf(id: string): Promise<Record[]> {
	const { records } = await page();
	return records.filter(({ request_id }) => request_id === id).reverse();
}

const by = () => ({
	subject: `token ${operator.token_id}`,
	name: "night shift",
	role: "operator",
	token_prefix: operator.token.slice(0, 16),
	address: "127.0.0.1",
});
const name = () => `group-${randomUUID()}`;

async function stream(members: object = {}): Promise<string> {
	return (await own.ask(operator.token, "POST", "/1/streams", streamBody(members))).body.stream_id;
}

async function group(): Promise<string> {
	const made = await own.ask(operator.token, "POST", "/1/groups", { account_id: ACCOUNT, group_name: name() });
	return made.body.group_id;
}

describe("a change leaves one record, which is there when the change is answered", () => {
	test("of a stream that is created", async () => {
		const before = Date.now();
		const { body, records } = await asked(operator.token, "POST", "/1/streams", streamBody({ name: "Front door" }));
		expect(records).toEqual([
			{
				record_number: expect.any(Number),
				audit_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
				action: "create",
				stream_id: body.stream_id,
				group_id: null,
				status: 201,
				error_code: null,
				...by(),
				request_id: expect.stringMatching(/^1700000000,/),
				details: { name: "Front door", reference: "rtsp://camera.test/1" },
			},
		]);
		expect(Math.abs(Date.parse(records[0]!.audit_time) - before)).toBeLessThan(10_000);
	});

	test.each([
		[
			"put",
			"PUT",
			"/1/streams/",
			streamBody({ name: "anew" }),
			200,
			{ name: "anew", reference: "rtsp://camera.test/1" },
		],
		["put", "PUT", "/console/streams/", streamBody(), 200, { name: "", reference: "rtsp://camera.test/1" }],
		["patch", "PATCH", "/1/streams/", { description: "what it says" }, 204, { members: "description" }],
		["pause", "PATCH", "/1/streams/", { status: "pause", description: "" }, 204, { members: "description" }],
		["cancel", "PATCH", "/1/streams/", { status: "cancel" }, 204, {}],
		["resume", "PATCH", "/1/streams/", { status: "pending" }, 204, {}],
		["delete", "DELETE", "/1/streams/", undefined, 204, {}],
	])("of a stream: %s by %s %s", async (action, method, path, body, status, details) => {
		const stream_id = await stream();
		const { records } = await asked(operator.token, method, path + stream_id, body);
		expect(records).toMatchObject([{ action, stream_id, group_id: null, status, error_code: null, ...by(), details }]);
		expect(Object.keys(records[0]!.details)).toEqual(Object.keys(details));
	});

	test("of each stream that is deleted together, by id or by name; one of a request that found none", async () => {
		const called = name();
		const ids = [await stream(), await stream({ name: called }), await stream({ name: called })];
		const body = { stream_ids: [ids[0], UNKNOWN], names: [called] };
		const { records } = await asked(operator.token, "DELETE", "/1/streams", body);
		expect(records.map((each) => each.stream_id).sort()).toEqual(ids.sort());
		for (const each of records) expect(each).toMatchObject({ action: "delete", status: 204, ...by() });
		const none = await asked(operator.token, "DELETE", "/1/streams", { names: [called] });
		expect(none.records).toMatchObject([
			{ action: "delete", stream_id: null, status: 204, details: { asked: called } },
		]);
		const many = { stream_ids: Array(5).fill(UNKNOWN), names: [called, "more"] };
		const first = await asked(operator.token, "DELETE", "/1/streams", many);
		expect(first.records[0]!.details).toEqual({ asked: `${Array(5).fill(UNKNOWN).join(", ")} and 2 more` });
	});

	test("of a group, and of each stream that is linked to it", async () => {
		const group_name = name();
		const made = await asked(operator.token, "POST", "/1/groups", { account_id: ACCOUNT, group_name });
		const { group_id } = made.body;
		const of = { group_id, stream_id: null, error_code: null, ...by() };
		expect(made.records).toMatchObject([{ action: "create_group", ...of, status: 201, details: { group_name } }]);
		const patched = await asked(operator.token, "PATCH", `/1/groups/${group_id}`, { description: "the hall" });
		expect(patched.records).toMatchObject([{ action: "patch_group", ...of, status: 204 }]);
		const stream_ids = [await stream(), await stream()];
		for (const [method, action] of [
			["POST", "attach"],
			["PATCH", "detach"],
		] as const) {
			const { records } = await asked(operator.token, method, "/1/linker", { action, stream_ids, group_id });
			expect(records).toMatchObject(stream_ids.map((stream_id) => ({ ...of, action, stream_id, status: 204 })));
			expect(records.length).toBe(2);
		}
		const gone = await asked(operator.token, "DELETE", `/1/groups/${group_id}`);
		expect(gone.records).toMatchObject([{ action: "delete_group", ...of, status: 204 }]);
	});

	test("of a bulk action that begins and is ended, and of each stream that it acted upon or was refused", async () => {
		const [one, two, done] = [await stream(), await stream(), await stream()];
		await own.ask(own.admin, "POST", "/1/streams/processing/queue", { filters: { stream_ids: [done] }, limit: 1 });
		const state = { stream_id: done, version: 1, status: "done" };
		await own.ask(own.admin, "POST", "/1/streams/processing/feedback", { streams: [state] });
		const set = await own.ask(operator.token, "POST", "/console/sets", { stream_ids: [one, two, done] });
		const begun = await asked(operator.token, "POST", `/console/sets/${set.body.set_id}/actions`, { action: "cancel" });
		const { action_id } = begun.body;
		const records = await eventually(async () => {
			const all = (await page()).records.filter(
				({ request_id }) => request_id === begun.headers.get("luna-request-id"),
			);
			return all.length === 4 && all;
		});
		expect(
			records.map(({ action, stream_id, status, error_code, details }) => ({
				action,
				stream_id,
				status,
				error_code,
				details,
			})),
		).toEqual(
			expect.arrayContaining([
				{
					action: "start_action",
					stream_id: null,
					status: 202,
					error_code: null,
					details: { action: "cancel", action_id, total: "3" },
				},
				{ action: "cancel", stream_id: one, status: 204, error_code: null, details: { action_id } },
				{ action: "cancel", stream_id: two, status: 204, error_code: null, details: { action_id } },
				{ action: "cancel", stream_id: done, status: 409, error_code: 39005, details: { action_id } },
			]),
		);
		for (const each of records) expect(each).toMatchObject(by());
		const ended = await asked(operator.token, "DELETE", `/console/actions/${action_id}`);
		expect(ended.records).toMatchObject([{ action: "end_action", status: 200, details: { action_id } }]);
	});

	test("of a stream that two bulk actions delete: of the one that did, and the other tells that it was not it", async () => {
		const ids: string[] = [];
		for (let at = 0; at < 60; at++) ids.push(await stream());
		const sets: string[] = [];
		for (let at = 0; at < 2; at++)
			sets.push((await own.ask(operator.token, "POST", "/console/sets", { stream_ids: ids })).body.set_id);
		const begun: string[] = [];
		await own.service.sql.begin(async (sql) => {
			// Both find all of them, and delete none before the other has found them too.
			await sql`SELECT FROM stream_states WHERE stream_id = ANY(${ids}::uuid[]) FOR UPDATE`;
			for (const set of sets) {
				const action = await own.ask(operator.token, "POST", `/console/sets/${set}/actions`, { action: "delete" });
				begun.push(action.body.action_id);
			}
			await waitForLocks(own.service.sql, 2);
		});
		const outcomes = await eventually(async () => {
			const all = await Promise.all(begun.map((id) => own.ask(operator.token, "GET", `/console/actions/${id}`)));
			return all.every(({ body }) => body.finished) && all.map(({ body }) => body.outcomes);
		});
		expect(outcomes[0].applied + outcomes[1].applied).toBe(60);
		for (const { applied, ...rest } of outcomes)
			expect(rest).toEqual({ unchanged: 60 - applied, refused: 0, failed: 0 });
		const records = (await page("&actions=delete")).records.filter(({ details }) =>
			begun.includes(details["action_id"] ?? ""),
		);
		expect(records.map(({ stream_id }) => stream_id).sort()).toEqual(ids.sort());
		for (const each of records) expect(each).toMatchObject({ status: 204, error_code: null, ...by() });
	});

	test("of tokens, deleted logs and saved views", async () => {
		const made = await asked(own.admin, "POST", "/console/tokens", { name: "wall", role: "viewer" });
		const { token_id, prefix, token } = made.body;
		expect(made.records).toMatchObject([
			{
				action: "create_token",
				status: 201,
				role: "admin",
				details: { name: "wall", role: "viewer", token_id, prefix },
			},
		]);
		const revoked = await asked(own.admin, "DELETE", `/console/tokens/${token_id}`);
		expect(revoked.records).toMatchObject([{ action: "revoke_token", status: 204, details: { token_id } }]);
		expect(JSON.stringify([made.records, revoked.records])).not.toContain(token.slice(16));
		const log_time__lt = "2000-01-01T00:00:00Z";
		const deleted = await asked(own.admin, "DELETE", `/1/streams/logs?log_time__lt=${log_time__lt}`);
		expect(deleted.records).toMatchObject([{ action: "delete_logs", status: 200, details: { deleted_count: "0" } }]);
		const saved = await asked(operator.token, "POST", "/console/views", { name: name(), place: "streams", query: "" });
		expect(saved.records).toMatchObject([{ action: "save_view", status: 201, details: { place: "streams" }, ...by() }]);
		const { view_id } = saved.body;
		const dropped = await asked(operator.token, "DELETE", `/console/views/${view_id}`);
		expect(dropped.records).toMatchObject([{ action: "delete_view", status: 204, details: { view_id } }]);
	});

	test("of a login, what is done in its session, and its logout", async () => {
		const entered = await asked("", "POST", "/console/login", { token: operator.token });
		expect(entered.records).toMatchObject([{ action: "login", status: 200, ...by() }]);
		const [Cookie = ""] = (entered.headers.get("set-cookie") ?? "").split(";");
		const session = { Cookie, Origin: own.service.url };
		const created = await asked("", "POST", "/1/streams", streamBody(), session);
		expect(created.records).toMatchObject([{ action: "create", status: 201, ...by() }]);
		const left = await asked("", "POST", "/console/logout?everywhere=1", undefined, session);
		expect(left.records).toMatchObject([{ action: "logout", status: 204, ...by(), details: { everywhere: "1" } }]);
		expect((await asked("", "POST", "/console/logout", undefined, session)).records).toEqual([]);
	});

	test("whatever route it came by: each that changes something says what it does, and each action is some route's", async () => {
		const routes = await describedRoutes();
		const silent = routes.filter(
			({ method, access, audit }) =>
				method !== "GET" && (access === "operate" || access === "administer") && audit === undefined,
		);
		expect(silent.map(({ method, pattern }) => `${method} ${pattern}`)).toEqual([]);
		const said = new Set(routes.flatMap(({ audit }) => audit ?? []));
		for (const byStatus of ["pause", "resume", "cancel", "detach"] as const) said.add(byStatus);
		expect([...said].sort()).toEqual([...AUDIT_ACTIONS].sort());
	});
});

describe("what is refused leaves a record as well", () => {
	test.each([
		["of a role that may not", "viewer", "POST", "/1/streams", streamBody(), "create", 403, 39903],
		["of nobody who is known", "nobody", "POST", "/1/streams", streamBody(), "create", 401, 39902],
		["of what there is not", "operator", "DELETE", `/1/streams/${UNKNOWN}`, undefined, "delete", 404, 39001],
		["of what cannot be read", "operator", "PATCH", `/1/streams/${UNKNOWN}`, { name: 1 }, "patch", 400, 12022],
	] as const)("%s", async (_, who, method, path, body, action, status, error_code) => {
		const token = { viewer, nobody: "", operator: operator.token }[who];
		const { records } = await refused(token, method, path, body);
		expect(records).toMatchObject([
			{ action, status, error_code, stream_id: path.endsWith(UNKNOWN) ? UNKNOWN : null, address: "127.0.0.1" },
		]);
		if (who === "nobody") expect(records).toMatchObject([{ subject: "", name: "", role: null, token_prefix: null }]);
		else if (who === "viewer") expect(records).toMatchObject([{ name: "made", role: "viewer" }]);
		else expect(records).toMatchObject([by()]);
	});

	test("of a login with what opens nothing", async () => {
		const wrong = `perigee_${"x".repeat(51)}`;
		const { status, records } = await refused("", "POST", "/console/login", { token: wrong });
		expect(status).toBe(401);
		expect(records).toMatchObject([{ action: "login", status: 401, error_code: 39902, subject: "", role: null }]);
		expect(JSON.stringify(records)).not.toContain("xxxx");
	});

	test("of a link that names a stream which there is not: one, with the group", async () => {
		const group_id = await group();
		const body = { action: "attach", stream_ids: [await stream(), UNKNOWN], group_id };
		const { records } = await refused(operator.token, "POST", "/1/linker", body);
		expect(records).toMatchObject([{ action: "attach", group_id, stream_id: null, status: 404, error_code: 39001 }]);
	});
});

test("what agents do all day leaves none, nor does what only reads", async () => {
	const stream_id = await stream();
	const { token } = await own.token({ role: "agent" });
	const take = { filters: { stream_ids: [stream_id] }, limit: 1 };
	expect((await asked(token, "POST", "/1/streams/processing/queue", take)).records).toEqual([]);
	const state = { stream_id, version: 1, status: "done" };
	expect((await asked(token, "POST", "/1/streams/processing/feedback", { streams: [state] })).records).toEqual([]);
	for (const path of ["/1/streams", "/console/audit", "/console/me", "/config"])
		expect((await asked(own.admin, "GET", path)).records).toEqual([]);
	expect((await asked(own.admin, "POST", "/console/streams/search", { filter: {} })).records).toEqual([]);
	expect((await asked("", "GET", "/1/streams")).records).toEqual([]);
});

test("no record holds a secret: addresses are masked, of tokens there is the beginning", async () => {
	const secret = `S3cret${randomUUID().slice(0, 8)}`;
	const reference = `rtsp://user:${secret}@camera.test/1?token=${secret}&k=${secret}`;
	const event_handler = {
		api_version: 6,
		origin: `http://user:${secret}@luna.test`,
		bestshot_handler: { handler_id: ACCOUNT },
		authorization: { token: secret },
	};
	const body = streamBody({ data: { type: "tcp", reference }, event_handler });
	const { body: made, records } = await asked(operator.token, "POST", "/1/streams", body);
	expect(records[0]!.details["reference"]).toBe("rtsp://user:********@camera.test/1?token=********&k=********");
	await asked(operator.token, "PUT", `/1/streams/${made.stream_id}`, body);
	await asked(operator.token, "PUT", `/console/streams/${made.stream_id}`, body);
	await asked(operator.token, "PATCH", `/1/streams/${made.stream_id}`, { description: secret });
	const fresh = await own.ask(own.admin, "POST", "/console/tokens", { name: "fresh", role: "viewer" });
	await own.ask("", "POST", "/console/login", { token: fresh.body.token });
	const rows = await own.service.sql<{ whole: string }[]>`SELECT a::text AS whole FROM audit a`;
	expect(rows.length).toBeGreaterThan(5);
	for (const { whole } of rows) {
		expect(whole).not.toContain(secret);
		for (const token of [own.admin, operator.token, fresh.body.token]) expect(whole).not.toContain(token.slice(16, 40));
	}
});

describe("the audit is read", () => {
	test("by administrators of the whole service only", async () => {
		const some = await own.token({ role: "admin", accounts: [ACCOUNT, OTHER_ACCOUNT] });
		for (const token of [some.token, operator.token, (await own.token({ role: "viewer" })).token])
			expect((await own.ask(token, "GET", "/console/audit")).body).toMatchObject({ error_code: 39903 });
	});

	test("by stream, group, actor, action and time, alone and together", async () => {
		const [stream_id, group_id] = [await stream(), await group()];
		await own.ask(operator.token, "POST", "/1/linker", { action: "attach", stream_ids: [stream_id], group_id });
		await own.ask(own.admin, "PATCH", `/1/streams/${stream_id}`, { status: "pause" });
		const actions = async (query: string) => (await page(query)).records.map(({ action }) => action);
		expect(await actions(`&stream_id=${stream_id}`)).toEqual(["pause", "attach", "create"]);
		expect(await actions(`&group_id=${group_id}`)).toEqual(["attach", "create_group"]);
		expect(await actions(`&stream_id=${stream_id}&actor=first`)).toEqual(["pause"]);
		expect(await actions(`&stream_id=${stream_id}&actor=token%20${operator.token_id}`)).toEqual(["attach", "create"]);
		expect(await actions(`&stream_id=${stream_id}&actor=night%20shift&actions=create,pause`)).toEqual(["create"]);
		expect(new Set(await actions("&actions=create_token,login"))).toEqual(new Set(["create_token", "login"]));
		expect(await actions("&actor=nobody")).toEqual([]);
		const [pause, , create] = (await page(`&stream_id=${stream_id}`)).records;
		const from = `audit_time__gte=${pause!.audit_time}`;
		expect(await actions(`&stream_id=${stream_id}&${from}`)).toContain("pause");
		expect(await actions(`&stream_id=${stream_id}&audit_time__lt=${create!.audit_time}`)).toEqual([]);
	});

	test("in pages that go on where the one before ended, whatever comes meanwhile", async () => {
		const { records: all } = await page("&actor=night%20shift");
		expect(all.length).toBeGreaterThan(10);
		const seen: Record[] = [];
		let next: string | null = "";
		while (next !== null) {
			const before = next === "" ? "" : `&before=${next}`;
			const answer: Answered = await own.ask(
				own.admin,
				"GET",
				`/console/audit?page_size=7&actor=night%20shift${before}`,
			);
			seen.push(...answer.body.records);
			next = answer.body.next;
			await stream();
		}
		expect(seen).toEqual(all);
	});

	test.each([
		"before=1",
		"before=2026-13-01T00:00:00.000Z_1",
		"actions=feedback",
		"stream_id=1",
		"page_size=1001",
		"actor=",
	])("not with %s", async (query) => {
		expect((await own.ask(own.admin, "GET", `/console/audit?${query}`)).body).toMatchObject({ error_code: 12012 });
	});
});

describe("with AUTH.MODE none", () => {
	test("a record says anonymous, from where, and by which request", async () => {
		const service = await startService();
		try {
			const id = `1700000000,${randomUUID()}`;
			await fetch(`${service.url}/1/streams`, {
				method: "POST",
				headers: { "Content-Type": "application/json", "Luna-Request-Id": id },
				body: JSON.stringify(streamBody()),
			});
			await service.api.expect(200, "POST", "/console/login", { token: "any" });
			const { records } = await service.api.expect<AuditPage>(200, "GET", "/console/audit?actor=anonymous");
			expect(records).toMatchObject([
				{
					action: "create",
					subject: "anonymous",
					name: "anonymous",
					address: "127.0.0.1",
					request_id: id,
					token_prefix: null,
				},
			]);
		} finally {
			await service.stop();
		}
	});

	test("nothing is recorded when the setting says so", async () => {
		const service = await startService({ LUNA_STREAMS_AUDIT__ACTIVE: "0" });
		try {
			await service.api.create(streamBody());
			const { records } = await service.api.expect<AuditPage>(200, "GET", "/console/audit");
			expect(records).toEqual([]);
		} finally {
			await service.stop();
		}
	});

	test("records older than the retention are removed in batches, the others stay", async () => {
		const service = await startService({
			LUNA_STREAMS_AUDIT__INTERVAL: "1",
			LUNA_STREAMS_AUDIT__INTERVAL_TYPE: "hours",
			LUNA_STREAMS_AUDIT__CHECK_INTERVAL: "0.1",
		});
		try {
			await service.api.create(streamBody());
			await service.sql`
				INSERT INTO audit (audit_time, action, status, error_code, subject, name, address, request_id, details)
				SELECT now() - make_interval(hours => 2), 'create', 201, 0, 'anonymous', 'anonymous', '', '', '{}'
				FROM generate_series(1, 12000)`;
			await eventually(async () => {
				const [row] = await service.sql<[{ left: number }]>`SELECT count(*)::int AS left FROM audit`;
				return row.left === 1;
			});
		} finally {
			await service.stop();
		}
	});

	test("changes that come together are recorded together", async () => {
		const service = await startService();
		try {
			await Promise.all(Array.from({ length: 400 }, () => service.api.create(streamBody())));
			const [row] = await service.sql<[{ records: number; statements: number }]>`
				SELECT count(*)::int AS records, count(DISTINCT xmin::text)::int AS statements FROM audit`;
			expect(row.records).toBe(400);
			console.log(`400 creates over 16 connections: ${row.statements} statements of the audit`);
			expect(row.statements).toBeLessThan(200);
		} finally {
			await service.stop();
		}
	});
});

describe("when records cannot be kept", () => {
	test("a change is not answered with success, and beyond the bound none is let in; then it goes on", async () => {
		const { url, drop } = await freshDatabase();
		const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
		const database = new Database({ url, poolSize: 4, log });
		const sql = postgres(url, { max: 1, onnotice: () => undefined });
		const { watch } = inProcessCluster({ node_id: "here", boot_id: "now" });
		const audit = new Audit({ database, watch, clock: systemClock, retention: null, log });
		await database.start();
		await audit.start();
		const author = { caller: nobody, address: "127.0.0.1", requestId: "" };
		const entries = (count: number) =>
			entriesOf(author, "create", { stream_ids: Array(count).fill(UNKNOWN) }, { status: 201, details: {} });
		try {
			const [locked, released] = [deferred(), deferred()];
			const holding = sql.begin(async (transaction) => {
				await transaction`LOCK TABLE audit IN ACCESS EXCLUSIVE MODE`;
				locked.resolve();
				await released.promise;
			});
			await locked.promise;
			audit.admit();
			const kept = audit.keep(entries(12_000));
			kept.catch(() => undefined);
			await eventually(() => {
				try {
					audit.admit();
				} catch (error) {
					return String(error).includes("39905") && error;
				}
				return false;
			});
			for (const each of entries(1)) audit.keepRefusal(each);
			expect(audit.lost).toBe(1);
			await expect(kept).rejects.toMatchObject({ code: 39905 });
			released.resolve();
			await holding;
			await audit.keep(entries(3));
			audit.admit();
			expect(audit.kept).toBe(3);
		} finally {
			await audit.stop();
			await database.stop();
			await sql.end();
			await drop();
		}
	}, 60_000);

	test("those of strangers end for a day when they were too many, and are counted; others go on", async () => {
		const { url, drop } = await freshDatabase();
		const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
		const database = new Database({ url, poolSize: 4, log });
		const { watch } = inProcessCluster({ node_id: "here", boot_id: "now" });
		const clock = { now: 0, monotonic: () => clock.now, wall: () => clock.now };
		const audit = new Audit({ database, watch, clock, retention: null, log });
		await database.start();
		await audit.start();
		const refusal = (caller: Caller) =>
			entriesOf({ caller, address: "127.0.0.1", requestId: "" }, "login", {}, { status: 401, details: {} })[0]!;
		try {
			for (let round = 0; round < 120; round++) {
				for (let time = 0; time < 500; time++) audit.keepRefusal(refusal(nobody));
				// Records are kept in their order.
				await audit.keep([refusal(anonymous)]);
				clock.now += 10_000;
			}
			const strangers = audit.kept - 120;
			expect(strangers).toBeGreaterThanOrEqual(50_000);
			expect(strangers).toBeLessThan(51_000);
			expect(audit.lost).toBe(60_000 - strangers);
			const { lost } = audit;
			audit.keepRefusal(refusal(anonymous));
			expect(audit.lost).toBe(lost);
		} finally {
			await audit.stop();
			await database.stop();
			await drop();
		}
	}, 60_000);

	test("refusals are recorded up to a bound, and counted beyond it", async () => {
		// What waits for a slow machine is not lost.
		await using second = await startGuarded({ LUNA_STREAMS_DB__DB_SETTINGS__COMMAND_TIMEOUT: "30" });
		const began = performance.now();
		await Promise.all(Array.from({ length: 1_200 }, () => second.ask("", "DELETE", `/1/streams/${UNKNOWN}`)));
		const metric = async (name: string) => {
			const { body } = await second.ask(second.admin, "GET", "/metrics");
			return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(body)?.[1]);
		};
		// 500 at once, and 50 for each second that they took.
		const bound = 500 + 50 * Math.ceil((performance.now() - began) / 1_000);
		const kept = await eventually(async () => {
			const sum = (await metric("perigee_audit_records_total")) + (await metric("perigee_audit_lost_total"));
			return sum === 1_200 && (await metric("perigee_audit_records_total"));
		});
		expect(kept).toBeGreaterThanOrEqual(500);
		expect(kept).toBeLessThanOrEqual(bound);
	});
});
