import { randomUUID } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StreamSet } from "../../client/console/protocol.ts";
import { anonymous, type Caller } from "../../server/access/caller.ts";
import { RunningAction } from "../../server/console/bulk-action.ts";
import { IdList } from "../../server/console/id-list.ts";
import { Pictures } from "../../server/console/pictures.ts";
import type { LoadedStream } from "../../server/console/row.ts";
import { Sets } from "../../server/console/sets.ts";
import { Shares } from "../../server/console/shares.ts";
import { Telemetry } from "../../server/console/telemetry.ts";
import { newSeed } from "../support/seeded-random.ts";
import { QuietPage } from "./quiet-page.ts";

const seed = newSeed();
console.log(`shares: TEST_SEED=${seed}`);

const some = (count: number) => Array.from({ length: count }, () => randomUUID());
const log = { error: () => undefined } as never;

describe("shares", () => {
	test("know what each owner and all together hold, however it was held and released", () => {
		const step = fc.record({
			owner: fc.constantFrom("a", "b", "c"),
			key: fc.constantFrom("1", "2", "3", "4", "5"),
			hold: fc.boolean(),
		});
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const shares = new Shares({ all: 4, ofOwner: 3 });
				const held: { owner: string; key: string }[] = [];
				for (const { owner, key, hold } of steps) {
					const keys = new Set(held.map((each) => each.key)).add(key);
					const own = new Set(held.filter((each) => each.owner === owner).map((each) => each.key)).add(key);
					expect(shares.admits(owner, [key])).toBe(keys.size <= 4 && own.size <= 3);
					if (hold) {
						shares.hold(owner, key);
						held.push({ owner, key });
					} else {
						shares.release(owner, key);
						const at = held.findIndex((each) => each.owner === owner && each.key === key);
						if (at >= 0) held.splice(at, 1);
					}
					expect([...shares.keys()].sort()).toEqual([...new Set(held.map((each) => each.key))].sort());
				}
			}),
			{ seed },
		);
	});
});

describe("telemetry", () => {
	function telemetryOf() {
		return new Telemetry({ read: async () => [], log });
	}

	test("is told to a page of a thousand streams at most", () => {
		const telemetry = telemetryOf();
		const { session } = new QuietPage("a");
		for (const sub of [1, 2]) telemetry.watch(session, sub, some(500));
		expect(() => telemetry.watch(session, 3, some(1))).toThrow(expect.objectContaining({ code: 39905 }));
		// What replaces something may be as large.
		telemetry.watch(session, 2, some(500));
		expect(telemetry.size).toBe(1_000);
	});

	test("leaves half of its streams to other callers", () => {
		const telemetry = telemetryOf();
		const shared = some(500);
		for (let page = 0; page < 20; page++) {
			const { session } = new QuietPage("a");
			telemetry.watch(session, 1, page === 0 ? shared : some(500));
		}
		expect(() => telemetry.watch(new QuietPage("a").session, 1, some(1))).toThrow(
			expect.objectContaining({ code: 39905 }),
		);
		// What one of its pages looks at others may as well.
		telemetry.watch(new QuietPage("a").session, 1, shared);
		telemetry.watch(new QuietPage("b").session, 1, some(500));
		expect(telemetry.size).toBe(10_500);
	});
});

test("pictures leave half of their streams to other callers, and what is let go may be wanted by others", async () => {
	const visible = (ids: readonly string[]) =>
		ids.map((stream_id) => ({ stream_id, source: { account_id: "", groups: [] } }) as unknown as LoadedStream);
	const pictures = new Pictures(
		{ previews: {} as never, urls: () => new Promise(() => undefined), wall: () => 0 },
		{ rows: async (_, ids) => visible(ids) },
	);
	const want = (page: QuietPage, ids: string[]) =>
		pictures.want(
			page.session,
			ids.map((stream_id) => ({ stream_id, rate: "still" as const })),
		);
	const own = Array.from({ length: 10 }, () => new QuietPage("a"));
	const lists = own.map(() => some(100));
	await Promise.all(own.map((page, at) => want(page, lists[at]!)));
	const another = new QuietPage("a");
	await expect(want(another, some(100))).rejects.toMatchObject({ code: 39905 });
	await want(another, lists[0]!);
	await want(new QuietPage("b"), some(100));
	expect(pictures.size).toBe(1_100);
	pictures.leave(own[0]!.session);
	expect(pictures.size).toBe(1_100);
	await want(another, some(100));
	await want(own[1]!, some(100));
	expect(pictures.size).toBe(1_100);
	pictures.clear();
});

describe("sets", () => {
	const caller = (id: string): Caller => ({ ...anonymous, id });

	function setsOf(ids: string[]) {
		const bytes = Buffer.from(ids.join("").replaceAll("-", ""), "hex");
		return new Sets({
			list: async () => ({ total: ids.length, ids: bytes }),
			describe: async () => ({ counts: new Map(), names: [] }),
		});
	}

	test("of one caller are twenty, the newest, and those of others stay", async () => {
		const sets = setsOf(some(1));
		const theirs = await sets.make({ filter: {} }, caller("b"), "b");
		const own: StreamSet[] = [];
		for (let at = 0; at < 600; at++) own.push(await sets.make({ filter: {} }, caller("a"), "a"));
		for (const { set_id } of own.slice(-20)) expect(sets.get(set_id, caller("a")).length).toBe(1);
		expect(() => sets.get(own.at(-21)!.set_id, caller("a"))).toThrow(expect.objectContaining({ code: 12013 }));
		expect(sets.get(theirs.set_id, caller("b")).length).toBe(1);
		sets.clear();
	});

	test("of one caller take half of the memory", async () => {
		const sets = setsOf(some(100_000));
		const own: StreamSet[] = [];
		for (let at = 0; at < 14; at++) own.push(await sets.make({ filter: {} }, caller("a"), "a"));
		const kept = own.filter(({ set_id }) => {
			try {
				return sets.get(set_id, caller("a")).length > 0;
			} catch {
				return false;
			}
		});
		expect(kept.length).toBeLessThanOrEqual(
			Math.floor((32 * 1_048_576) / sets.get(kept[0]!.set_id, caller("a")).bytes),
		);
		const ids = (those: readonly StreamSet[]) => those.map(({ set_id }) => set_id);
		expect(ids(kept)).toEqual(ids(own.slice(-kept.length)));
		await sets.make({ filter: {} }, caller("b"), "b");
		sets.clear();
	});
});

test("an action that has ended keeps no list of its streams", async () => {
	setFlagsFromString("--expose-gc");
	const collect: () => void = runInNewContext("gc");
	let list: WeakRef<IdList> | undefined;
	const begin = () => {
		const ids = IdList.of(some(1_000));
		list = new WeakRef(ids);
		return new RunningAction(
			{
				action_id: randomUUID(),
				action: "pause",
				group: null,
				list: ids,
				author: { caller: anonymous, address: "", requestId: "" },
				credentials: null,
			},
			{
				engine: {} as never,
				load: async () => [],
				standing: {} as never,
				audit: null,
				log,
			},
			() => undefined,
		);
	};
	const action = begin();
	await action.ended;
	expect(action.progress).toMatchObject({ total: 1_000, done: 1_000, finished: true });
	await turn();
	collect();
	expect(list?.deref()).toBeUndefined();
	expect(action.progress.total).toBe(1_000);
});
