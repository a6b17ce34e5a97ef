import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { laneSettings } from "../../persistence/database.ts";
import { createGroup } from "../../persistence/groups/create.ts";
import type { StreamFilters } from "../../persistence/stream-row.ts";
import { countStreams } from "../../persistence/streams/count.ts";
import { pieces } from "../../persistence/streams/pieces.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { account, otherAccount, type StoredStream, storeStreams } from "./stored-stream.ts";

/** So many that no list is short, and all of them are merged. */
const STREAMS = 24_000;

let database: FreshDatabase;
let sql: postgres.Sql;
let stored: StoredStream[];
let inGroup: string;
const seed = newSeed();
const random = seededRandom(seed);

beforeAll(async () => {
	console.log(`pieces: seed ${seed}`);
	database = await freshDatabase();
	sql = postgres(database.url, { max: 2, onnotice: () => undefined, connection: laneSettings.lists });
	const groups = await Promise.all(
		["large", "other"].map((group_name) => createGroup(sql, { account_id: account, group_name, description: "" })),
	);
	const [large = "", other = ""] = groups.map(({ group_id }) => group_id);
	inGroup = large;
	stored = await storeStreams(
		sql,
		Array.from({ length: STREAMS }, (_, at) => ({
			// One after the other, and many of them at the same moment.
			create_time: new Date(Date.UTC(2026, 0, 1) + (random() < 0.5 ? at : 7_000) * 1_000).toISOString(),
			name: random() < 0.5 ? "a" : "b",
			status: random() < 0.5 ? "done" : "cancel",
			account_id: random() < 0.7 ? account : otherAccount,
			groups: random() < 0.6 ? [large, other] : [other],
		})),
	);
});
afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

const anyTime = () => new Date(Date.UTC(2026, 0, 1) + random() * STREAMS * 1_000).toISOString();

async function holds(): Promise<void> {
	const spans: Pick<StreamFilters, "create_time__gte" | "create_time__lt">[] = [
		{},
		{ create_time__gte: anyTime() },
		{ create_time__lt: anyTime() },
		{ create_time__gte: anyTime(), create_time__lt: anyTime() },
	];
	for (const span of spans) {
		const { create_time__gte: gte, create_time__lt: lt } = span;
		const within = stored.filter(
			({ create_time }) => (gte === undefined || create_time >= gte) && (lt === undefined || create_time < lt),
		);
		const expectCount = async (filters: StreamFilters, matches: (stream: StoredStream) => boolean) =>
			expect(
				await countStreams(sql, { ...span, ...filters }),
				`seed ${seed}: ${JSON.stringify({ ...span, ...filters })}`,
			).toBe(within.filter(matches).length);
		const done = ({ status }: StoredStream) => status === "done";
		const grouped = ({ groups }: StoredStream) => groups.includes(inGroup);
		await expectCount({ names: ["a"], statuses: ["done"] }, (each) => each.name === "a" && done(each));
		await expectCount({ group_name: "large" }, grouped);
		await expectCount({ group_name: "large", names: ["b"] }, (each) => grouped(each) && each.name === "b");
		await expectCount(
			{ group_name: "large", names: ["b"], account_id: account, statuses: ["done"] },
			(each) => grouped(each) && each.name === "b" && each.account_id === account && done(each),
		);
		await expectCount(
			{
				group_name: "large",
				names: ["a", "b"],
				statuses: ["done"],
				scope: { accounts: null, groups: ["large", "other"] },
			},
			(each) => grouped(each) && done(each),
		);
		// It is a group of another account, and not one of the scope's: to who asks there is none.
		for (const scope of [
			{ accounts: [otherAccount], groups: null },
			{ accounts: null, groups: ["other"] },
		])
			await expectCount({ group_name: "large", names: ["a", "b"], statuses: ["done"], scope }, () => false);
		await expectCount(
			{ names: ["a", "b"], statuses: ["done"], scope: { accounts: [otherAccount], groups: ["other"] } },
			(each) => each.account_id === otherAccount && done(each),
		);
	}
}

test("without statistics a count is in one piece", async () => {
	expect(await pieces(sql, {})).toEqual([{}]);
	await holds();
});

test("with them it is in pieces, and each stream is in one of them", async () => {
	await sql.unsafe("ANALYZE streams, stream_states");
	const found = await pieces(sql, {});
	expect(found).toHaveLength(6);
	expect(found.map(({ gte }) => gte)).toEqual([undefined, ...found.slice(0, -1).map(({ lt }) => lt)]);
	expect(found.at(-1)?.lt).toBeUndefined();
	await holds();
});

test("pieces are of about the same number of streams, however they came", async () => {
	const cuts = (await pieces(sql, {})).flatMap(({ lt }) => (lt === undefined ? [] : [Date.parse(lt)]));
	// Half of all came at one moment, which cannot be cut.
	const sizes = [...cuts, Number.POSITIVE_INFINITY].map(
		(cut, at) =>
			stored.filter(({ create_time }) => {
				const time = Date.parse(create_time);
				return time < cut && time >= (cuts[at - 1] ?? 0);
			}).length,
	);
	expect(Math.max(...sizes)).toBeLessThan(STREAMS * 0.7);
	expect(Math.min(...sizes)).toBeGreaterThan(STREAMS * 0.05);
});

test("within a span the pieces are of that span", async () => {
	const span = { gte: "2026-01-01T02:00:00Z", lt: "2026-01-01T04:00:00Z" };
	const found = await pieces(sql, span);
	expect([found[0]?.gte, found.at(-1)?.lt]).toEqual([span.gte, span.lt]);
	for (const { lt } of found.slice(0, -1)) {
		expect(Date.parse(lt ?? "")).toBeGreaterThan(Date.parse(span.gte));
		expect(Date.parse(lt ?? "")).toBeLessThan(Date.parse(span.lt));
	}
});
