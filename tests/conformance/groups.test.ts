import { describe, expect, test } from "vitest";
import { expectInvalid, faults, said } from "./faults.ts";
import { openTarget, TIME, UNKNOWN, UUID } from "./target.ts";

const target = await openTarget();
const { api } = target;
const other = crypto.randomUUID();

describe("a group", () => {
	test("is created with 201, its id and name, and Location", async () => {
		const group_name = target.name();
		const answer = await api.post<{ group_id: string }>("/1/groups", { account_id: target.account, group_name });
		const { group_id } = answer.body;
		expect(said(answer)).toEqual({ status: 201, body: { group_id: expect.stringMatching(UUID), group_name } });
		expect(answer.headers.location).toMatch(new RegExp(`/1/groups/${group_id}$`));
		const read = await api.follow(answer);
		const whole = {
			account_id: target.account,
			group_name,
			group_id,
			description: "",
			create_time: expect.stringMatching(TIME),
		};
		expect(said(read)).toEqual({ status: 200, body: whole });
		expect(await target.groups(`group_ids=${group_id}`)).toEqual([whole]);
		expect((await api.delete(`/1/groups/${group_id}`)).status).toBe(204);
	});
	test("has a name of its own, whatever its account: 39006", async () => {
		const { group_name } = await target.createGroup();
		for (const account_id of [target.account, other])
			expect(said(await api.post("/1/groups", { account_id, group_name }))).toEqual(faults.groupExists(group_name));
		await target.createGroup(group_name.toUpperCase());
	});
	test("is created once by many who ask at the same time", async () => {
		const group_name = target.name();
		const body = { account_id: target.account, group_name };
		const answers = await Promise.all(
			Array.from({ length: 8 }, () => api.post<{ group_id?: string }>("/1/groups", body)),
		);
		expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
		await api.delete(`/1/groups/${answers.find(({ status }) => status === 201)?.body.group_id}`);
	});
	test("gets another description by PATCH, and nothing else", async () => {
		const { group_id, group_name } = await target.createGroup();
		const path = `/1/groups/${group_id}`;
		expect(said(await api.patch(path, { description: "after" }))).toEqual({ status: 204, body: undefined });
		expect((await api.get(path)).body).toMatchObject({ description: "after", group_name });
		expect((await api.patch(path, { description: "" })).status).toBe(204);
		expect((await api.get(path)).body).toMatchObject({ description: "" });
		expectInvalid(await api.patch(path, {}), "description");
		expectInvalid(await api.patch(path, { description: null }), "description");
		expectInvalid(await api.patch(path, { description: "x".repeat(257) }), "description");
		expect(said(await api.patch(path, { description: "x", group_name: "y" }))).toEqual(faults.unexpected("group_name"));
	});
	test("that is deleted leaves its streams, without it", async () => {
		const kept = await target.createGroup();
		const { group_id, group_name } = await target.createGroup();
		const id = await target.create({ group_name });
		await api.post("/1/linker", { action: "attach", group_id: kept.group_id, stream_ids: [id] });
		expect((await api.delete(`/1/groups/${group_id}`)).status).toBe(204);
		expect((await target.stream(id)).groups).toEqual([kept.group_name]);
		expect(await target.count(`group_name=${group_name}`)).toBe(0);
		expect(await target.take({ group_names: [group_name] })).toEqual([]);
		for (const answer of [
			await api.get(`/1/groups/${group_id}`),
			await api.delete(`/1/groups/${group_id}`),
			await api.patch(`/1/groups/${group_id}`, { description: "x" }),
			await api.post("/1/linker", { action: "attach", group_id, stream_ids: [id] }),
		])
			expect(said(answer)).toEqual(faults.noGroup(group_id));
		expect(said(await api.post("/1/streams", target.body({ group_name })))).toEqual(faults.noGroupNamed(group_name));
		await target.createGroup(group_name);
		expect((await target.stream(id)).groups).toEqual([kept.group_name]);
	});
	test("of another account is not found when account_id asks for one", async () => {
		const { group_id } = await target.createGroup();
		const denied = `/1/groups/${group_id}?account_id=${other}`;
		expect(said(await api.get(denied))).toEqual(faults.noGroup(group_id));
		expect(said(await api.patch(denied, { description: "x" }))).toEqual(faults.noGroup(group_id));
		expect(said(await api.delete(denied))).toEqual(faults.noGroup(group_id));
		expect((await api.get(`/1/groups/${group_id}?account_id=${target.account}`)).body).toMatchObject({
			description: "",
		});
	});
	test("that never was is 39008", async () => {
		const path = `/1/groups/${UNKNOWN}`;
		for (const answer of [await api.get(path), await api.delete(path), await api.patch(path, { description: "x" })])
			expect(said(answer)).toEqual(faults.noGroup(UNKNOWN));
	});
	test("refuses unknown members", async () => {
		const body = { account_id: target.account, group_name: target.name(), faces: 1 };
		expect(said(await api.post("/1/groups", body))).toEqual(faults.unexpected("faces"));
	});
});

describe.each(["POST", "PATCH"])("the linker by %s", (verb) => {
	const link = (body: object, query = "") => api.ask(verb, `/1/linker${query}`, { body });
	const groupsOf = async (id: string) => (await target.stream(id)).groups;

	test("attaches and detaches, again without harm", async () => {
		const [one, two] = [await target.createGroup(), await target.createGroup()];
		const stream_ids = [await target.create(), await target.create(), await target.create()];
		for (let time = 0; time < 2; time++) {
			const answer = await link({ action: "attach", stream_ids, group_id: one.group_id });
			expect(said(answer)).toEqual({ status: 204, body: undefined });
		}
		await link({ action: "attach", stream_ids: stream_ids.slice(0, 1), group_id: two.group_id });
		expect([...(await groupsOf(stream_ids[0]!))].sort()).toEqual([one.group_name, two.group_name].sort());
		expect(await target.count(`group_name=${one.group_name}`)).toBe(3);
		for (let time = 0; time < 2; time++)
			expect(
				(await link({ action: "detach", stream_ids: stream_ids.slice(0, 2), group_id: one.group_id })).status,
			).toBe(204);
		expect(await Promise.all(stream_ids.map(groupsOf))).toEqual([[two.group_name], [], [one.group_name]]);
	});
	test("links nothing when one id is unknown, and names the first", async () => {
		const { group_id } = await target.createGroup();
		const id = await target.create();
		const [first, second] = ["ffffffff-ffff-4fff-bfff-ffffffffffff", UNKNOWN];
		for (const action of ["attach", "detach"])
			expect(said(await link({ action, stream_ids: [id, first, second], group_id }))).toEqual(faults.noStream(first));
		expect(await groupsOf(id)).toEqual([]);
		await link({ action: "attach", stream_ids: [id], group_id });
		await link({ action: "detach", stream_ids: [id, UNKNOWN], group_id });
		expect(await groupsOf(id)).toHaveLength(1);
	});
	test("of an unknown group is 39008", async () => {
		const id = await target.create();
		for (const action of ["attach", "detach"])
			expect(said(await link({ action, stream_ids: [id], group_id: UNKNOWN }))).toEqual(faults.noGroup(UNKNOWN));
	});
	test("compares no accounts, unless account_id restricts group and streams", async () => {
		const own = await target.createGroup();
		const foreign = await target.createGroup(target.name(), { account_id: other });
		const [id, foreignId] = [await target.create(), await target.create({ account_id: other })];
		const ask = (group_id: string, stream_ids: string[], query = "") =>
			link({ action: "attach", group_id, stream_ids }, query);
		expect((await ask(foreign.group_id, [id, foreignId])).status).toBe(204);
		const query = `?account_id=${target.account}`;
		expect(said(await ask(foreign.group_id, [id], query))).toEqual(faults.noGroup(foreign.group_id));
		expect(said(await ask(own.group_id, [id, foreignId], query))).toEqual(faults.noStream(foreignId));
		expect((await ask(own.group_id, [id], query)).status).toBe(204);
	});
	test("refuses what it does not know", async () => {
		const good = { action: "attach", stream_ids: [UNKNOWN], group_id: UNKNOWN };
		for (const action of ["", "link", null, 1]) expectInvalid(await link({ ...good, action }), "action");
		expectInvalid(await link({ ...good, stream_ids: ["none"] }), "stream_ids.0");
		expectInvalid(await link({ ...good, stream_ids: null }), "stream_ids");
		expectInvalid(await link({ ...good, group_id: "none" }), "group_id");
		for (const member of Object.keys(good)) expectInvalid(await link({ ...good, [member]: undefined }), member);
		expect(said(await link({ ...good, account_id: other }))).toEqual(faults.unexpected("account_id"));
		expect(said(await link(good, "?account_id=none"))).toEqual(faults.badQuery("account_id"));
	});
});
