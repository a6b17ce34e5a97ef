import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Fault } from "../../persistence/fault.ts";
import type { Access, Credentials } from "../../server/access/access.ts";
import { type Action, actions, may, permit } from "../../server/access/actions.ts";
import { anonymous, type Caller, nobody, ROLES } from "../../server/access/caller.ts";
import { covers, narrowed } from "../../server/access/scope.ts";
import { ID, smallBody } from "../server/recording-engine.ts";
import { posted, serve } from "../server/serve.ts";

const one = "557d54ec-29ad-4f3c-93b4-c9092ef12515";
const other = "16fd2706-8baf-433b-82eb-8c7fada847da";
const viewer: Caller = { id: "token 1", name: "ann", role: "viewer", tokenPrefix: null, accounts: null, groups: null };

/** Knows `Bearer <role>`, at once or after a while; everything else is 39902. */
class KnownRoles implements Access {
	readonly everybody = null;
	readonly asked: Credentials[] = [];
	readonly #late: boolean;

	constructor(late: boolean) {
		this.#late = late;
	}

	authenticate(credentials: Credentials): Caller | Promise<Caller> {
		this.asked.push(credentials);
		if (this.#late) return sleep(5).then(() => this.#judge(credentials));
		return this.#judge(credentials);
	}

	onChange(): () => void {
		return () => undefined;
	}

	#judge({ authorization }: Credentials): Caller {
		const role = ROLES.find((each) => authorization === `Bearer ${each}`);
		if (role === undefined) throw new Fault(39902, { reason: "a token is required" });
		return { ...viewer, role };
	}
}

describe.each([
	["at once", false],
	["after a while", true],
])("a server that is told %s who asks", (_, late) => {
	test("answers 39902 to who does not say it, whatever the body, and serves who may", async () => {
		const access = new KnownRoles(late);
		await using own = await serve({ access });
		for (const init of [posted(smallBody), posted("no stream"), { ...posted({}), body: "{" }]) {
			const refused = await own.json("/1/streams", init);
			expect(refused).toEqual({
				status: 401,
				body: { error_code: 39902, desc: "Unauthorized", detail: "a token is required" },
			});
		}
		expect(own.engine.calls).toEqual([]);
		const headers = { Authorization: "Bearer operator", "Content-Type": "application/json" };
		expect((await own.ask("/1/streams", { ...posted(smallBody), headers })).status).toBe(201);
		expect((await own.ask("/1/streams", { ...posted({}), headers })).status).toBe(400);
		expect((await own.ask(`/1/streams/${ID}`, { headers: { Authorization: "Bearer viewer" } })).status).toBe(200);
		expect(access.asked.map((each) => each.changes)).toEqual([true, true, true, true, true, false]);
	});

	test("says how to authenticate", async () => {
		await using own = await serve({ access: new KnownRoles(late) });
		const answer = await own.ask("/1/streams");
		expect(answer.headers.get("www-authenticate")).toBe("Bearer");
	});

	test("answers 39903 to a role that may not", async () => {
		await using own = await serve({ access: new KnownRoles(late) });
		const headers = { Authorization: "Bearer viewer", "Content-Type": "application/json" };
		expect(await own.json("/1/streams", { ...posted(smallBody), headers })).toEqual({
			status: 403,
			body: {
				error_code: 39903,
				desc: "Forbidden",
				detail: "The role viewer may not create, change, link and delete streams and groups",
			},
		});
	});

	test("asks nobody for what is public, and nobody about a path that there is not", async () => {
		const access = new KnownRoles(late);
		await using own = await serve({ access });
		expect((await own.ask("/version")).status).toBe(200);
		expect((await own.ask("/healthcheck")).status).toBe(200);
		expect((await own.ask("/1/nothing")).status).toBe(404);
		expect((await own.ask("/1/streams", { method: "PUT" })).status).toBe(405);
		expect(access.asked).toEqual([]);
	});
});

describe("what callers may do", () => {
	const whole = (role: Caller["role"]) => ({ ...viewer, role });
	const table: [Caller["role"], Action[]][] = [
		["viewer", ["look", "inspect"]],
		["operator", ["look", "operate", "inspect"]],
		["agent", ["look", "process"]],
		["admin", ["look", "operate", "process", "inspect", "administer"]],
	];

	test.each(table)("a %s: %s", (role, allowed) => {
		const all = Object.keys(actions) as Action[];
		expect(all.filter((action) => may(whole(role), action))).toEqual(allowed);
		for (const action of all) {
			if (allowed.includes(action)) permit(whole(role), action);
			else expect(() => permit(whole(role), action)).toThrow(Fault);
		}
	});

	test("what concerns the whole service is for those who see all of it", () => {
		for (const part of [{ accounts: [one] }, { groups: ["hall"] }]) {
			const scoped = { ...whole("admin"), ...part };
			expect(may(scoped, "inspect")).toBe(false);
			expect(may(scoped, "administer")).toBe(false);
			expect(may(scoped, "operate")).toBe(true);
			expect(() => permit(scoped, "administer")).toThrow(/all accounts and groups/);
		}
	});

	test("who is not known may do what is public and sees nothing", () => {
		expect(may(nobody, "public")).toBe(true);
		expect(covers(nobody, { account_id: one, groups: [] })).toBe(false);
		expect(covers(anonymous, { account_id: one, groups: [] })).toBe(true);
	});

	test.each([
		[{ accounts: null, groups: null }, { account_id: one, groups: [] }, true],
		[{ accounts: [one], groups: null }, { account_id: one, groups: [] }, true],
		[{ accounts: [other], groups: null }, { account_id: one, groups: ["hall"] }, false],
		[{ accounts: null, groups: ["hall", "yard"] }, { account_id: one, groups: ["roof", "yard"] }, true],
		[{ accounts: null, groups: ["hall"] }, { account_id: one, groups: [] }, false],
		[{ accounts: [one], groups: ["hall"] }, { account_id: one, groups: ["roof"] }, false],
		[{ accounts: [], groups: null }, { account_id: one, groups: [] }, false],
	])("%j covers %j: %s", (scope, stream, covered) => {
		expect(covers(scope, stream)).toBe(covered);
	});

	test("a request that names an account sees that account, if it is in scope", () => {
		expect(narrowed(viewer, null)).toBe(viewer);
		expect(narrowed(viewer, one)).toEqual({ accounts: [one], groups: null });
		expect(narrowed({ accounts: [one, other], groups: ["hall"] }, one)).toEqual({ accounts: [one], groups: ["hall"] });
		expect(narrowed({ accounts: [other], groups: null }, one)).toEqual({ accounts: [], groups: null });
	});
});
