import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type GuardedService, startGuarded, type WantedToken } from "../access/access-fixture.ts";
import { ACCOUNT, OTHER_ACCOUNT, streamBody } from "../main-job/stream-bodies.ts";
import { eventually } from "../support/signals.ts";
import { PageSocket } from "./page-socket.ts";

let guarded: GuardedService;
const pages: PageSocket[] = [];

beforeAll(async () => {
	guarded = await startGuarded();
	for (const group_name of ["hall", "yard"]) await admin("POST", "/1/groups", { account_id: ACCOUNT, group_name });
});
afterAll(() => guarded[Symbol.asyncDispose]());
afterEach(() => {
	for (const page of pages.splice(0)) page.close();
});

const admin = (method: string, path: string, body?: unknown) => guarded.ask(guarded.admin, method, path, body);
const create = async (members: object) => (await admin("POST", "/1/streams", streamBody(members))).body.stream_id;

async function open(token: string): Promise<PageSocket> {
	const page = await PageSocket.open(guarded.service.url, { headers: { Authorization: `Bearer ${token}` } });
	pages.push(page);
	return page;
}

async function openScoped(scope: WantedToken): Promise<PageSocket> {
	return open((await guarded.token(scope)).token);
}

const inHall: WantedToken = { groups: ["hall"] };
const inAccount: WantedToken = { accounts: [ACCOUNT] };
const inBoth: WantedToken = { accounts: [ACCOUNT], groups: ["hall"] };
const elsewhere: WantedToken = { accounts: [OTHER_ACCOUNT], groups: ["hall"] };

describe("figures of the queue", () => {
	test("count what was taken of what the page sees, and of nothing else", async () => {
		const told = await Promise.all([inHall, inAccount, inBoth, elsewhere].map(openScoped));
		told.push(await open(guarded.admin));
		for (const page of told) {
			page.say({ op: "queue", sub: 1 });
			expect(await page.next("queue")).toMatchObject({ taken_per_minute: 0 });
		}
		await create({ account_id: ACCOUNT, group_name: "hall" });
		await create({ account_id: ACCOUNT, group_name: "yard" });
		await create({ account_id: ACCOUNT });
		await create({ account_id: OTHER_ACCOUNT });
		const taken = await admin("POST", "/1/streams/processing/queue", { limit: 10, filters: {} });
		expect(taken.body.streams ?? taken.body).toHaveLength(4);
		const [hall, account, both, other, whole] = told;
		await Promise.all(
			(
				[
					[hall, 1],
					[account, 3],
					[both, 1],
					[whole, 4],
				] as const
			).map(([page, count]) => page!.next("queue", ({ taken_per_minute }) => taken_per_minute === count)),
		);
		const most = (page: PageSocket) => Math.max(...page.of("queue").map(({ taken_per_minute }) => taken_per_minute));
		expect(told.map(most)).toEqual([1, 3, 1, 0, 4]);
		expect(other!.of("queue").at(-1)).toMatchObject({ pending: 0, agents: [] });
	});

	test("count who waits for what the page sees alone, and nobody else", async () => {
		const agents = await Promise.all(
			[{}, inHall, inAccount].map(async (scope) => (await guarded.token({ ...scope, role: "agent" })).token),
		);
		const wait = (token: string, filters: object) =>
			guarded.ask(token, "POST", "/1/streams/processing/queue?wait=60", { limit: 1, filters });
		const waiting = [
			...agents.map((token) => wait(token, {})),
			wait(agents[0]!, { group_names: ["hall"] }),
			wait(agents[0]!, { group_names: ["hall", "yard"] }),
			wait(agents[0]!, { group_names: [] }),
		];
		await eventually(async () => /^perigee_queue_waiters 6$/m.test((await admin("GET", "/metrics")).body));
		const told = await Promise.all([inHall, inAccount, inBoth, elsewhere].map(openScoped));
		told.push(await open(guarded.admin));
		const expected = [2, 1, 0, 0, 6];
		for (const [at, page] of told.entries()) {
			page.say({ op: "queue", sub: 1 });
			// Told before may be what was read last, when nobody waited yet.
			await page.next("queue", ({ waiters }) => waiters === expected[at]);
		}
		const most = (page: PageSocket) => Math.max(...page.of("queue").map(({ waiters }) => waiters));
		expect(told.map(most)).toEqual(expected);
		for (let at = 0; at < waiting.length; at++) await create({ account_id: ACCOUNT, group_name: "hall" });
		await Promise.all(waiting);
	});
});

test("the log does not tell the new name of a stream that moved to an account out of the page's scope", async () => {
	const page = await openScoped({ accounts: [OTHER_ACCOUNT] });
	page.say({ op: "logs", sub: 1, filter: {}, since: 0 });
	await page.next("logs");
	const stream_id = await create({ account_id: OTHER_ACCOUNT, name: "before" });
	expect((await page.next("logs")).records).toMatchObject([{ stream_id, name: "before" }]);
	await admin("PUT", `/1/streams/${stream_id}`, streamBody({ account_id: ACCOUNT, name: "told to nobody" }));
	// Read anew, of the record that was written before it moved.
	page.say({ op: "logs", sub: 1, filter: { stream_ids: [stream_id] }, since: 0 });
	const { records } = await page.next("logs", ({ records }) => records.length > 0);
	expect(records[0]).toMatchObject({ stream_id, account_id: OTHER_ACCOUNT, name: "" });
	expect(JSON.stringify(page.said)).not.toContain("told to nobody");
	const whole = await open(guarded.admin);
	whole.say({ op: "logs", sub: 1, filter: { stream_ids: [stream_id] }, since: 0 });
	expect((await whole.next("logs")).records[0]).toMatchObject({ name: "told to nobody" });
});
