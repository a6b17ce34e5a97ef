import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../actors/clock.ts";
import { inProcessCluster } from "../../actors/cluster/in-process.ts";
import { Database } from "../../persistence/database.ts";
import { newSessionText, newToken } from "../../server/access/secret-text.ts";
import { TokenAccess } from "../../server/access/token-access.ts";
import { freshDatabase } from "../support/database.ts";
import { eventually } from "../support/signals.ts";
import { type GuardedService, startGuarded } from "./access-fixture.ts";

let own: GuardedService;
beforeAll(async () => {
	own = await startGuarded({ AUTH__CACHE_TTL: "300" });
});
afterAll(() => own?.service.stop());

const unauthorized = (detail: string) => ({ error_code: 39902, desc: "Unauthorized", detail });

describe("a token", () => {
	test("is shown once, kept as a hash, and opens what its role may", async () => {
		const made = await own.ask(own.admin, "POST", "/console/tokens", { name: "wall", role: "viewer" });
		expect(made.status).toBe(201);
		const { token, token_id, prefix } = made.body;
		expect(token).toMatch(/^perigee_[A-Za-z0-9_-]{51}$/);
		expect(token.startsWith(prefix)).toBe(true);
		expect(made.body).toMatchObject({ name: "wall", role: "viewer", accounts: null, groups: null, expire_time: null });
		const { body } = await own.ask(own.admin, "GET", "/console/tokens?page_size=100");
		const listed = body.tokens.find((each: { token_id: string }) => each.token_id === token_id);
		expect(listed.prefix).toBe(prefix);
		expect(JSON.stringify(body)).not.toContain(token);
		const [row] = await own.service.sql`SELECT t::text AS whole FROM tokens t WHERE token_id = ${token_id}`;
		expect(row!["whole"]).not.toContain(token.slice(16));
		expect((await own.ask(token, "GET", "/1/streams")).status).toBe(200);
		expect((await own.ask(token, "DELETE", `/1/streams/${token_id}`)).body).toMatchObject({ error_code: 39903 });
	});

	test("that is absent, malformed, unknown, expired or revoked is 39902", async () => {
		const { token: short } = await own.token({ expire_time: new Date(Date.now() - 1000).toISOString() });
		const { token: gone, token_id } = await own.token({});
		expect((await own.ask(gone, "GET", "/1/streams")).status).toBe(200);
		expect((await own.ask(own.admin, "DELETE", `/console/tokens/${token_id}`)).status).toBe(204);
		const flipped = own.admin.slice(0, -1) + (own.admin.endsWith("A") ? "B" : "A");
		for (const [token, detail] of [
			["", "a token is required"],
			["perigee_short", "the Authorization header holds no token"],
			[flipped, "the token is not known"],
			[short, "the token has expired"],
			[gone, "the token was revoked"],
			["eyJh.eyJh.eyJh", "the token is not known"],
		]) {
			const answer = await own.ask(token!, "GET", "/1/streams");
			expect(answer.body).toEqual(unauthorized(detail!));
			expect(answer.status).toBe(401);
			expect(answer.headers.get("www-authenticate")).toBe("Bearer");
		}
		const basic = await own.ask("", "GET", "/1/streams", undefined, { Authorization: "Basic YTpi" });
		expect(basic.body).toEqual(unauthorized("the Authorization header holds no token"));
	});

	test("that is revoked is not remembered any longer, whatever the cache", async () => {
		const { token, token_id } = await own.token({ role: "operator" });
		expect((await own.ask(token, "GET", "/1/streams/count")).status).toBe(200);
		await own.ask(own.admin, "DELETE", `/console/tokens/${token_id}`);
		expect((await own.ask(token, "GET", "/1/streams/count")).status).toBe(401);
		expect((await own.ask(own.admin, "DELETE", `/console/tokens/${token_id}`)).status).toBe(204);
		const unknown = "00000000-0000-4000-a000-000000000001";
		expect((await own.ask(own.admin, "DELETE", `/console/tokens/${unknown}`)).status).toBe(404);
	});

	test("for a part of the accounts makes no tokens, reads no settings and no metrics", async () => {
		const { token } = await own.token({ role: "admin", accounts: ["557d54ec-29ad-4f3c-93b4-c9092ef12515"] });
		for (const path of ["/console/tokens", "/config", "/metrics"]) {
			expect((await own.ask(token, "GET", path)).body).toMatchObject({ error_code: 39903 });
		}
		expect((await own.ask(own.admin, "GET", "/config")).status).toBe(200);
		expect((await own.ask(own.admin, "GET", "/metrics")).status).toBe(200);
	});

	test("is refused with what it cannot be", async () => {
		for (const wrong of [
			{ name: "", role: "viewer" },
			{ name: "x", role: "root" },
			{ name: "x", role: "viewer", accounts: ["nobody"] },
			{ name: "x", role: "viewer", expire_time: "soon" },
			{ name: "x", role: "viewer", token: "mine" },
		]) {
			expect((await own.ask(own.admin, "POST", "/console/tokens", wrong)).body).toMatchObject({ error_code: 12022 });
		}
	});

	test("has its last use written, in one statement for many requests", async () => {
		const { url, drop } = await freshDatabase();
		onTestFinished(drop);
		const sql = postgres(url, { max: 1, onnotice: () => undefined });
		onTestFinished(() => sql.end());
		const { text, prefix, hash } = newToken();
		await sql`
			INSERT INTO tokens (token_id, prefix, hash, name, role, create_time)
			VALUES (gen_random_uuid(), ${prefix}, ${hash}, 'first', 'admin', now())`;
		const said: string[] = [];
		const log = { info: () => undefined, warn: (_: object, message: string) => void said.push(message) };
		const database = new Database({ url, poolSize: 3, log });
		await database.start();
		onTestFinished(() => database.stop());
		const access = new TokenAccess({
			database,
			bus: inProcessCluster({ node_id: "a", boot_id: "b" }).bus,
			clock: systemClock,
			jwt: null,
			limits: { checkFailures: () => undefined, failed: () => undefined },
			cacheTtl: 300,
			// In the service every ten seconds is soon enough.
			useInterval: 100,
			log,
		});
		await access.start();
		onTestFinished(() => access.stop());
		const peer = { address: "", counted: null };
		const authorization = `Bearer ${text}`;
		const ask = () => access.authenticate({ authorization, cookie: "", origin: "", host: "", peer, changes: false });
		const use = async () =>
			(
				await sql<{ use_time: Date | null; place: string }[]>`
			SELECT use_time, ctid::text AS place FROM tokens`
			)[0]!;
		const before = await use();
		const callers = await Promise.all(Array.from({ length: 20 }, ask));
		expect(callers.map(({ role }) => role)).toEqual(Array(20).fill("admin"));
		await eventually(async () => expect((await use()).use_time).not.toBeNull());
		// Each writing of a row gives it the next place.
		expect([before, await use(), said]).toMatchObject([{ use_time: null, place: "(0,1)" }, { place: "(0,2)" }, []]);
	});
});

describe("a browser's session", () => {
	const login = async (token: string, headers: Record<string, string> = {}) => {
		const answer = await own.ask("", "POST", "/console/login", { token }, headers);
		const set = answer.headers.get("set-cookie") ?? "";
		return { ...answer, set, cookie: set.split(";")[0]! };
	};
	const origin = () => own.service.url;

	test("is opened with a token, by a cookie that no script and no other site gets at", async () => {
		const { token } = await own.token({ role: "operator", name: "night shift" });
		const { status, body, set, cookie } = await login(token);
		expect(status).toBe(200);
		expect(body).toEqual({
			name: "night shift",
			role: "operator",
			mode: "tokens",
			accounts: null,
			groups: null,
			may: ["look", "operate", "inspect"],
		});
		expect(set).toMatch(/^perigee_session=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=43200$/);
		const secure = await login(token, { "X-Forwarded-Proto": "https" });
		expect(secure.set).toMatch(/^__Host-perigee_session=[\w-]{43}; .*Path=\/; .*; Secure$/);
		// One that another host of the domain has planted beside it does not count.
		const planted = await own.ask("", "GET", "/console/me", undefined, {
			Cookie: `perigee_session=${"x".repeat(43)}; ${secure.cookie}`,
		});
		expect(planted.status).toBe(200);
		const me = await own.ask("", "GET", "/console/me", undefined, { Cookie: `other=1; ${cookie}` });
		expect(me.body).toEqual(body);
		const [row] = await own.service
			.sql`SELECT count(*)::int AS kept FROM sessions s WHERE s::text LIKE ${`%${cookie.slice(16)}%`}`;
		expect(row!["kept"]).toBe(0);
	});

	test("is not opened with anything else", async () => {
		expect((await login("perigee_nothing")).body).toEqual(unauthorized("the token is not known"));
		const foreign = await login(own.admin, { Origin: "https://elsewhere.example" });
		expect(foreign.body).toMatchObject({ error_code: 39903 });
	});

	test("changes something only from a page of this service", async () => {
		const { cookie } = await login(own.admin);
		const create = (headers: Record<string, string>) =>
			own.ask(
				"",
				"POST",
				"/1/groups",
				{ account_id: "557d54ec-29ad-4f3c-93b4-c9092ef12515", group_name: "hall" },
				{ Cookie: cookie, ...headers },
			);
		for (const headers of [
			{},
			{ Origin: "null" },
			{ Origin: "https://elsewhere.example" },
			{ Origin: "http://127.0.0.1:1" },
		]) {
			expect((await create(headers)).body).toMatchObject({ error_code: 39903 });
		}
		expect((await create({ Origin: origin() })).status).toBe(201);
		const read = await own.ask("", "GET", "/1/groups", undefined, {
			Cookie: cookie,
			Origin: "https://elsewhere.example",
		});
		expect(read.status).toBe(200);
	});

	test("is one of a hundred at most of one token: the oldest ends, and nobody else's", async () => {
		const { token } = await own.token({ role: "viewer" });
		const other = await login(own.admin);
		const cookies: string[] = [];
		for (let opened = 0; opened <= 100; opened++) cookies.push((await login(token)).cookie);
		const me = async (cookie: string) =>
			(await own.ask("", "GET", "/console/me", undefined, { Cookie: cookie })).status;
		const [first = "", second = ""] = cookies;
		expect([await me(first), await me(second), await me(cookies.at(-1)!), await me(other.cookie)]).toEqual([
			401, 200, 200, 200,
		]);
	});

	test("ends with its logout, everywhere when that is asked for, and with its token", async () => {
		const { token, token_id } = await own.token({ role: "viewer" });
		const [one, two, three] = [await login(token), await login(token), await login(token)];
		const other = await login(own.admin);
		const me = (cookie: string) => own.ask("", "GET", "/console/me", undefined, { Cookie: cookie });
		const logout = (cookie: string, query = "") =>
			own.ask("", "POST", `/console/logout${query}`, undefined, { Cookie: cookie, Origin: origin() });
		for (const { cookie } of [one, two, three, other]) expect((await me(cookie)).status).toBe(200);
		const out = await logout(one.cookie);
		expect(out.status).toBe(204);
		expect(out.headers.get("set-cookie")).toMatch(/^perigee_session=; .*Max-Age=0/);
		expect((await me(one.cookie)).body).toEqual(unauthorized("the session is not known"));
		expect((await me(two.cookie)).status).toBe(200);
		await logout(two.cookie, "?everywhere=1");
		expect((await me(two.cookie)).status).toBe(401);
		expect((await me(three.cookie)).status).toBe(401);
		expect((await me(other.cookie)).status).toBe(200);
		const four = await login(token);
		await own.ask(own.admin, "DELETE", `/console/tokens/${token_id}`);
		expect((await me(four.cookie)).status).toBe(401);
		for (const over of [one.cookie, four.cookie, "perigee_session=nonsense"]) {
			const again = await logout(over);
			expect(again.status).toBe(204);
			expect(again.headers.get("set-cookie")).toMatch(/^perigee_session=; .*Max-Age=0/);
		}
	});

	test("that is none takes nothing away: its logout is answered while nobody may write to sessions", async () => {
		await own.service.sql.begin(async (within) => {
			await within`LOCK TABLE sessions IN SHARE MODE`;
			const Cookie = `perigee_session=${newSessionText()}`;
			for (const query of ["", "?everywhere=1"])
				expect((await own.ask("", "POST", `/console/logout${query}`, undefined, { Cookie })).status).toBe(204);
		});
	});
});
