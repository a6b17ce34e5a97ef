import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createGroup } from "../../persistence/groups/create.ts";
import { deleteGroup } from "../../persistence/groups/delete.ts";
import { attach, detach } from "../../persistence/links/link.ts";
import { sweepLinks } from "../../persistence/links/sweep.ts";
import { countStreams } from "../../persistence/streams/count.ts";
import { deleteStreams } from "../../persistence/streams/delete.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { someoneWaits } from "../support/lock-wait.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { account, otherAccount, removeStreams, storeStreams } from "./stored-stream.ts";

let database: FreshDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 10, onnotice: () => undefined });
});

beforeEach(async () => {
	await sql`TRUNCATE streams, stream_states, stream_groups, groups, stream_logs`;
});

afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

async function newGroup(group_name = `g-${randomUUID()}`, account_id = account): Promise<string> {
	return (await createGroup(sql, { account_id, group_name, description: "" })).group_id;
}

async function newStreams(count: number, account_id = account): Promise<string[]> {
	return (await storeStreams(sql, Array(count).fill({ account_id }))).map((stream) => stream.stream_id);
}

async function linked(group_id: string): Promise<string[]> {
	const rows = await sql<{ stream_id: string }[]>`
		SELECT stream_id FROM stream_groups WHERE group_id = ${group_id} ORDER BY stream_id`;
	return rows.map((row) => row.stream_id);
}

describe("the linker", () => {
	test("attaches and detaches, both idempotent, and says what changed", async () => {
		const group_id = await newGroup();
		const stream_ids = await newStreams(3);
		const [a, b, c] = stream_ids as [string, string, string];
		const link = { group_id, account_id: null };
		expect(await attach(sql, { ...link, stream_ids: [a] })).toEqual([a]);
		expect((await attach(sql, { ...link, stream_ids: [a, b, c, b] })).sort()).toEqual([b, c].sort());
		expect(await attach(sql, { ...link, stream_ids })).toEqual([]);
		expect(await linked(group_id)).toEqual([...stream_ids].sort());
		expect((await detach(sql, { ...link, stream_ids: [c, a, a] })).sort()).toEqual([a, c].sort());
		expect(await detach(sql, { ...link, stream_ids: [c] })).toEqual([]);
		expect(await linked(group_id)).toEqual([b]);
	});

	test("takes a stream into many groups, each for itself", async () => {
		const groups = [await newGroup(), await newGroup()];
		const stream_ids = await newStreams(1);
		for (const group_id of groups) await attach(sql, { group_id, stream_ids, account_id: null });
		await detach(sql, { group_id: groups[0]!, stream_ids, account_id: null });
		expect(await linked(groups[0]!)).toEqual([]);
		expect(await linked(groups[1]!)).toEqual(stream_ids);
	});

	test.each([
		{ name: "attach", action: attach },
		{ name: "detach", action: detach },
	])("$name is all or nothing: 39001 names the first unknown stream in the order given", async ({ action }) => {
		const group_id = await newGroup();
		const [first, second] = await newStreams(2);
		await attach(sql, { group_id, stream_ids: [first!], account_id: null });
		const unknown = [randomUUID(), randomUUID()].sort().reverse();
		const stream_ids = [second!, unknown[0]!, first!, unknown[1]!, unknown[0]!];
		for (const asked of [stream_ids, [...unknown, second!]]) {
			await expect(action(sql, { group_id, stream_ids: asked, account_id: null })).rejects.toMatchObject({
				code: 39001,
				values: { id: unknown[0] },
			});
		}
		expect(await linked(group_id)).toEqual([first]);
	});

	test.each([
		{ name: "attach", action: attach },
		{ name: "detach", action: detach },
	])("$name of an unknown group is 39008, before any unknown stream", async ({ action }) => {
		const group_id = randomUUID();
		for (const stream_ids of [await newStreams(1), [randomUUID()]]) {
			await expect(action(sql, { group_id, stream_ids, account_id: null })).rejects.toMatchObject({
				code: 39008,
				values: { id: group_id },
			});
		}
		expect(await linked(group_id)).toEqual([]);
	});

	test.each([
		{ name: "attach", action: attach },
		{ name: "detach", action: detach },
	])("account_id restricts both the group and the streams of $name", async ({ action }) => {
		const [mine, other] = [await newGroup("mine"), await newGroup("other", otherAccount)];
		const [own] = await newStreams(1);
		const [foreign] = await newStreams(1, otherAccount);
		await expect(action(sql, { group_id: other, stream_ids: [own!], account_id: account })).rejects.toMatchObject({
			code: 39008,
		});
		await expect(
			action(sql, { group_id: mine, stream_ids: [own!, foreign!], account_id: account }),
		).rejects.toMatchObject({ code: 39001, values: { id: foreign } });
		expect(await linked(mine)).toEqual([]);
		await action(sql, { group_id: mine, stream_ids: [own!], account_id: account });
		await action(sql, { group_id: other, stream_ids: [own!, foreign!], account_id: null });
	});

	test("serves 1,000 streams at once", async () => {
		const group_id = await newGroup();
		const stream_ids = await newStreams(1000);
		expect(await attach(sql, { group_id, stream_ids, account_id: account })).toHaveLength(1000);
		expect(await detach(sql, { group_id, stream_ids, account_id: account })).toHaveLength(1000);
		expect(await linked(group_id)).toEqual([]);
	});

	test("does not link a stream whose deletion was under way: it is unknown, and nothing is linked", async () => {
		const group_id = await newGroup();
		const [stays, goes] = await newStreams(2);
		const asked = await sql.begin(async (deletion) => {
			await deletion`DELETE FROM stream_states WHERE stream_id = ${goes!}`;
			await deletion`DELETE FROM streams WHERE stream_id = ${goes!}`;
			const attaching = attach(sql, { group_id, stream_ids: [stays!, goes!], account_id: null });
			await someoneWaits(sql);
			return { outcome: Promise.allSettled([attaching]) };
		});
		expect(await asked.outcome).toMatchObject([{ status: "rejected", reason: { code: 39001, values: { id: goes } } }]);
		expect(await linked(group_id)).toEqual([]);
	});

	test("leaves no link of a stream that is deleted meanwhile, once the deletion is answered", async () => {
		const group_id = await newGroup("group");
		const stream_ids = await newStreams(2);
		const deletion = await sql.begin(async (attaching) => {
			await attach(attaching as unknown as postgres.Sql, { group_id, stream_ids, account_id: null });
			const deleting = deleteStreams(sql, { stream_ids: [stream_ids[0]!], names: [], account_id: null, upTo: 1e9 });
			await someoneWaits(sql);
			return { deleting };
		});
		expect((await deletion.deleting).deleted).toHaveLength(1);
		expect(await linked(group_id)).toEqual([stream_ids[1]]);
		expect(await countStreams(sql, { group_name: "group" })).toBe(1);
	});

	test("does not link to a group whose deletion was under way", async () => {
		const group_id = await newGroup();
		const stream_ids = await newStreams(1);
		const asked = await sql.begin(async (deletion) => {
			await deletion`DELETE FROM groups WHERE group_id = ${group_id}`;
			const attaching = attach(sql, { group_id, stream_ids, account_id: null });
			await someoneWaits(sql);
			return { outcome: Promise.allSettled([attaching]) };
		});
		expect(await asked.outcome).toMatchObject([{ status: "rejected", reason: { code: 39008 } }]);
		expect(await linked(group_id)).toEqual([]);
	});

	test("judges a stream that changes its account meanwhile by the account it then has", async () => {
		const group_id = await newGroup();
		const stream_ids = await newStreams(1);
		const asked = await sql.begin(async (change) => {
			// A change of a key column, so that the linker waits; an ordinary change does not hold it up at all.
			await change`SELECT FROM streams WHERE stream_id = ${stream_ids[0]!} FOR UPDATE`;
			await change`UPDATE streams SET account_id = ${otherAccount} WHERE stream_id = ${stream_ids[0]!}`;
			const attaching = attach(sql, { group_id, stream_ids, account_id: account });
			await someoneWaits(sql);
			return { outcome: Promise.allSettled([attaching]) };
		});
		expect(await asked.outcome).toMatchObject([{ status: "rejected", reason: { code: 39001 } }]);
	});

	test("is not held up by streams that are being written, nor holds up their takers", async () => {
		const group_id = await newGroup();
		const stream_ids = await newStreams(2);
		await sql.begin(async (writer) => {
			await writer`SELECT FROM stream_states ORDER BY stream_id FOR UPDATE`;
			await writer`UPDATE streams SET description = 'new'`;
			expect(await attach(sql, { group_id, stream_ids, account_id: null })).toHaveLength(2);
		});
	});

	test("never deadlocks with itself, whatever the order of the ids", async () => {
		const seed = newSeed();
		console.log(`seed ${seed}`);
		const random = seededRandom(seed);
		const group_id = await newGroup();
		const stream_ids = await newStreams(120);
		const shuffled = () => [...stream_ids].sort(() => random() - 0.5).slice(0, 80);
		await Promise.all(
			Array.from({ length: 8 }, async (_, n) => {
				for (let round = 0; round < 15; round++) {
					await (n % 2 === 0 ? attach : detach)(sql, { group_id, stream_ids: shuffled(), account_id: null });
				}
			}),
		);
		const links = await linked(group_id);
		expect((await detach(sql, { group_id, stream_ids, account_id: null })).sort()).toEqual(links);
	});
});

describe("the sweep of links", () => {
	test("removes the links of deleted groups and of deleted streams, in batches, and no others", async () => {
		const [stays, goes] = [await newGroup(), await newGroup()];
		const stream_ids = await newStreams(30);
		for (const group_id of [stays, goes]) await attach(sql, { group_id, stream_ids, account_id: null });
		await deleteGroup(sql, goes, null);
		await removeStreams(sql, stream_ids.slice(0, 5));
		await sql`
			INSERT INTO stream_logs (stream_id, account_id, log_time, status, version)
			SELECT id, ${account}, now(), 'deleted', 1 FROM unnest(${stream_ids.slice(0, 5)}::uuid[]) g (id)`;
		const removed: number[] = [];
		for (let count = -1; count !== 0; removed.push(count)) count = await sweepLinks(sql, 10);
		expect(removed.reduce((sum, count) => sum + count)).toBe(35);
		expect(Math.max(...removed)).toBe(10);
		expect(await linked(goes)).toEqual([]);
		expect(await linked(stays)).toEqual(stream_ids.slice(5).sort());
		expect(await sweepLinks(sql, 10)).toBe(0);
	});

	test("has nothing to do in an empty database", async () => {
		expect(await sweepLinks(sql, 10)).toBe(0);
	});

	test("by several at once removes each link once", async () => {
		const group_id = await newGroup();
		await attach(sql, { group_id, stream_ids: await newStreams(200), account_id: null });
		await deleteGroup(sql, group_id, null);
		const removed = await Promise.all(Array.from({ length: 6 }, () => sweepLinks(sql, 1000)));
		expect(removed.reduce((sum, count) => sum + count)).toBe(200);
	});
});
