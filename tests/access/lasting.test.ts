import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACCOUNT, streamBody } from "../main-job/stream-bodies.ts";
import { LiveCamera } from "../preview/camera.ts";
import { jpeg } from "../preview/pictures.ts";
import { eventually } from "../support/signals.ts";
import { type GuardedService, startGuarded } from "./access-fixture.ts";

let own: GuardedService;

beforeAll(async () => {
	own = await startGuarded();
});
afterAll(() => own?.service.stop());

const admin = (method: string, path: string, body?: unknown) => own.ask(own.admin, method, path, body);
const create = async (members: object = {}): Promise<string> =>
	(await admin("POST", "/1/streams", streamBody({ account_id: ACCOUNT, ...members }))).body.stream_id;
const revoke = (token_id: string) => admin("DELETE", `/console/tokens/${token_id}`);
const take = (token: string, stream_id: string, wait: number) =>
	own.ask(token, "POST", `/1/streams/processing/queue?wait=${wait}`, { filters: { names: [stream_id] }, limit: 1 });
const waiting = async (count: number) =>
	eventually(async () => {
		const text = String((await admin("GET", "/metrics")).body);
		return Number(/^perigee_queue_waiters (\d+)$/m.exec(text)?.[1]) === count;
	});

describe("a take that waits", () => {
	test("is refused when its token is revoked, and what comes then is there for others", async () => {
		const agent = await own.token({ role: "agent" });
		const answered = take(agent.token, "after", 30);
		await waiting(1);
		await revoke(agent.token_id);
		expect(await answered).toMatchObject({ status: 401, body: { error_code: 39902 } });
		await waiting(0);
		const stream_id = await create({ name: "after" });
		const { body } = await take(own.admin, "after", 0);
		expect(body.streams).toMatchObject([{ stream_id }]);
	});

	test("is handed nothing from the moment at which the revocation is answered", async () => {
		for (let round = 0; round < 20; round++) {
			const agent = await own.token({ role: "agent" });
			const name = `race ${round}`;
			const answered = take(agent.token, name, 30);
			await waiting(1);
			await revoke(agent.token_id);
			const stream_id = await create({ name });
			expect((await answered).status).toBe(401);
			expect((await take(own.admin, name, 5)).body.streams).toMatchObject([{ stream_id }]);
		}
	});

	test("is handed nothing when its token has expired meanwhile", async () => {
		const { token } = await own.token({ role: "agent", expire_time: new Date(Date.now() + 1_500).toISOString() });
		const answered = take(token, "late", 30);
		await waiting(1);
		await eventually(async () => (await own.ask(token, "GET", "/1/streams/count")).status === 401);
		const stream_id = await create({ name: "late" });
		expect(await answered).toMatchObject({ status: 401, body: { error_code: 39902 } });
		expect((await take(own.admin, "late", 5)).body.streams).toMatchObject([{ stream_id }]);
	});

	test("goes on when another token is revoked", async () => {
		const [agent, other] = [await own.token({ role: "agent" }), await own.token({ role: "agent" })];
		const answered = take(agent.token, "other", 30);
		await waiting(1);
		await revoke(other.token_id);
		const stream_id = await create({ name: "other" });
		expect((await answered).body.streams).toMatchObject([{ stream_id }]);
	});
});

describe("a live picture over HTTP", () => {
	const names = { group_name: "live" };
	let camera: LiveCamera;
	let stream_id: string;
	let group_id: string;
	beforeAll(async () => {
		camera = await LiveCamera.start(jpeg(1));
		group_id = (await admin("POST", "/1/groups", { account_id: ACCOUNT, ...names })).body.group_id;
		stream_id = await create({ name: "seen", ...names });
		const [{ version }] = (await take(own.admin, "seen", 0)).body.streams;
		const item = { stream_id, version, status: "in_progress", preview: { live: { url: camera.url } } };
		await admin("POST", "/1/streams/processing/feedback", { streams: [item] });
	});
	afterAll(() => camera?.[Symbol.asyncDispose]());

	test.each<[string, (token_id: string) => Promise<unknown>]>([
		["its token is revoked", (token_id) => revoke(token_id)],
		[
			"its stream has left the scope",
			async () => {
				await admin("PATCH", "/1/linker", { action: "detach", stream_ids: [stream_id], group_id });
				// Asked with the next look, which this brings about.
				await revoke((await own.token({})).token_id);
			},
		],
	])("ends when %s", async (_, happen) => {
		const { token, token_id } = await own.token({ groups: ["live"] });
		const headers = { Authorization: `Bearer ${token}` };
		const answer = await fetch(`${own.service.url}/1/streams/${stream_id}/preview/live`, { headers });
		const reader = answer.body!.getReader();
		expect((await reader.read()).done).toBe(false);
		await happen(token_id);
		for (;;) {
			camera.send(jpeg(2));
			if ((await reader.read()).done) break;
		}
	});
});

test("an action on many streams goes no further when its maker's token is revoked", async () => {
	const TOTAL = 1_000;
	const { token, token_id } = await own.token({ role: "operator" });
	const stream_ids = await Promise.all(Array.from({ length: TOTAL }, () => create({ name: "many" })));
	const set = await own.ask(token, "POST", "/console/sets", { stream_ids });
	const begun = await own.ask(token, "POST", `/console/sets/${set.body.set_id}/actions`, { action: "pause" });
	expect(begun.status).toBe(202);
	await revoke(token_id);
	const paused = async () =>
		(await admin("GET", "/1/streams/count?names=many&statuses=pause")).body.streams_count as number;
	let [last, same] = [-1, 0];
	const count = await eventually(async () => {
		const now = await paused();
		same = now === last ? same + 1 : 0;
		last = now;
		return same === 10 && now + 1;
	});
	expect(count - 1).toBeLessThan(TOTAL);
	const { body } = await admin("POST", "/console/sets", { filter: { names: ["many"], statuses: ["pending"] } });
	expect(body.total).toBe(TOTAL - (count - 1));
});
