import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Database, Lane } from "../../persistence/database.ts";
import type { Caller } from "../../server/access/caller.ts";
import { Desk, type DeskOptions } from "../../server/console/desk.ts";
import type { Feed } from "../../server/console/feed.ts";
import { Latest } from "../../server/console/latest.ts";
import { ConsoleReads } from "../../server/console/reads.ts";
import { StreamsSubscription } from "../../server/console/streams-subscription.ts";
import { Views } from "../../server/console/views.ts";
import { type Deferred, deferred, eventually } from "../support/signals.ts";
import { QuietPage } from "./quiet-page.ts";

/** Readings that end when the test says so. */
class Readings {
	readonly asked: (readonly string[])[] = [];
	readonly #open: Deferred<never[]>[] = [];
	#free = false;

	get underWay(): number {
		return this.#open.length;
	}

	readonly load = (ids: readonly string[]): Promise<never[]> => {
		this.asked.push(ids);
		if (this.#free) return Promise.resolve([]);
		const reading = deferred<never[]>();
		this.#open.push(reading);
		return reading.promise;
	};

	/** The same for a page of an owner. */
	readonly rows = (_: string, ids: readonly string[]): Promise<never[]> => this.load(ids);

	/** Ends all that are under way. */
	end(): void {
		for (const reading of this.#open.splice(0)) reading.resolve([]);
	}

	/** From now on they end at once. */
	free(): void {
		this.#free = true;
		this.end();
	}
}

const some = (count: number) => Array.from({ length: count }, () => randomUUID());

describe("readings that pages cause", () => {
	function readsOf() {
		const readings = new Readings();
		const database = { run: (_: Lane, __: unknown) => readings.load([]) };
		return { readings, reads: new ConsoleReads(database as unknown as Database) };
	}

	test("go a few at a time, and the service's own do not wait for them", async () => {
		const { readings, reads } = readsOf();
		const rows = Array.from({ length: 20 }, () => reads.rows("a", some(500)));
		await eventually(() => readings.underWay === 1);
		// One is wide; what is not does not wait for it.
		rows.push(...Array.from({ length: 20 }, () => reads.rows("a", some(10))));
		await eventually(() => readings.underWay === 2);
		const own = Array.from({ length: 5 }, () => reads.streams(some(10)));
		await eventually(() => readings.underWay === 7);
		readings.free();
		await Promise.all([...rows, ...own]);
	});

	test("of what pages have missed of the log go one at a time, in turns, and not when nobody waits for them", async () => {
		const { readings, reads } = readsOf();
		const done: string[] = [];
		const wanted = () => true;
		const ask = (owner: string) => reads.missedRecords(owner, 0, 2_000, wanted).then(() => done.push(owner));
		const all = [...Array.from({ length: 20 }, () => ask("a")), ask("b"), ask("b")];
		const left = reads.missedRecords("c", 0, 2_000, () => false);
		// The first question of who follows when nobody does.
		const newest = reads.newestRecord("d").then(() => done.push("d"));
		await new Promise(setImmediate);
		expect(readings.underWay).toBe(1);
		// The service's own reading for all who follow does not wait for them.
		const own = reads.records(0, 2_000, []);
		expect(readings.underWay).toBe(2);
		readings.free();
		await Promise.all([...all, newest, own]);
		await expect(left).rejects.toMatchObject({ code: 39905 });
		expect(done.slice(0, 5)).toEqual(["a", "a", "b", "d", "a"]);
		expect(readings.asked, "nobody waits for it any more").toHaveLength(24);
	});

	test("wait in a bounded number", async () => {
		const { readings, reads } = readsOf();
		const ask = (owner: string) => Promise.allSettled(Array.from({ length: 300 }, () => reads.rows(owner, some(1))));
		const all = ["a", "b", "c"].map(ask);
		const newcomer = reads.rows("d", some(1));
		readings.free();
		const refused = (await Promise.all(all)).map((one) => one.filter(({ status }) => status === "rejected").length);
		// Two are under way and 500 wait; who comes when that is all has the place of one who has more.
		expect(refused).toEqual([132, 133, 134]);
		await newcomer;
	});

	test("take turns: who asks for much waits for itself", async () => {
		const { readings, reads } = readsOf();
		const done: string[] = [];
		const ask = (owner: string) => reads.rows(owner, some(1)).then(() => done.push(owner));
		const all = [...Array.from({ length: 20 }, () => ask("a")), ask("b"), ask("c"), ask("b")];
		await eventually(() => readings.underWay === 2);
		readings.free();
		await Promise.all(all);
		expect(done.slice(0, 8).sort().join("")).toBe("aaaabbc".padStart(8, "a"));
	});
});

describe("rows of a view", () => {
	test("are read once at a time: what is asked meanwhile is read together", async () => {
		const ids = some(1_000);
		const readings = new Readings();
		const views = new Views({
			bytes: 1_000_000,
			list: async () => ({ total: ids.length, ids: Buffer.from(ids.join("").replaceAll("-", ""), "hex") }),
			number: () => 0,
		});
		const feed = { number: 0, changedSince: () => new Set(), again: () => undefined, isGone: () => false };
		const page = new QuietPage("a");
		const subscription = new StreamsSubscription(
			page.session,
			{ op: "streams", sub: 1, filter: {}, order: "oldest" },
			{ views, feed: feed as unknown as Feed, bootId: "boot", load: readings.rows, touched: () => undefined },
		);
		page.session.subscribe(1, subscription);
		const begun = subscription.begin(undefined);
		await eventually(() => readings.underWay === 1);
		readings.end();
		await begun;
		const ask = (from: number, count = 100) => subscription.rows({ op: "rows", sub: 1, from, count });
		/** Asks for rows, ends two readings, and gives what was read and answered. */
		const answeredOf = async (asking: () => Promise<void>[]) => {
			const [answers, asks] = [page.of("rows").length, readings.asked.length];
			const asked = asking();
			for (let reading = 0; reading < 2; reading++) {
				await eventually(() => readings.underWay === 1);
				readings.end();
			}
			await Promise.all(asked);
			return {
				read: readings.asked.slice(asks).map(({ length }) => length),
				answered: page
					.of("rows")
					.slice(answers)
					.map(({ from, rows }) => [from, rows.length]),
			};
		};
		const few = await answeredOf(() => [
			ask(0, 500),
			...Array.from({ length: 50 }, (_, at) => ask(100 + (at % 4) * 20, 20)),
		]);
		expect(few.read).toEqual([500, 80]);
		expect(few.answered.sort(([a = 0], [b = 0]) => a - b)).toEqual(
			[0, 100, 120, 140, 160].map((from) => [from, from === 0 ? 500 : 20]),
		);
		// Of more than a page asks for at once the newest are answered.
		const many = await answeredOf(() => [ask(0, 500), ...Array.from({ length: 20 }, (_, at) => ask(10 + at * 10, 10))]);
		expect(many.read).toEqual([500, 80]);
		expect(many.answered.slice(1)).toEqual([130, 140, 150, 160, 170, 180, 190, 200].map((from) => [from, 10]));
		page.lose();
		views.clear();
	});

	test("that come with a snapshot are read once for all who asked together", async () => {
		const ids = some(200);
		const readings = new Readings();
		const views = new Views({
			bytes: 1_000_000,
			list: async () => ({ total: ids.length, ids: Buffer.from(ids.join("").replaceAll("-", ""), "hex") }),
			number: () => 0,
		});
		const feed = { number: 0, changedSince: () => new Set(), again: () => undefined, isGone: () => false };
		const pages = Array.from({ length: 50 }, (_, at) => new QuietPage(`${at}`));
		const begun = pages.map(({ session }) => {
			const subscription = new StreamsSubscription(
				session,
				{ op: "streams", sub: 1, filter: {}, order: "oldest" },
				{ views, feed: feed as unknown as Feed, bootId: "boot", load: readings.rows, touched: () => undefined },
			);
			session.subscribe(1, subscription);
			return subscription.begin(undefined);
		});
		await eventually(() => readings.underWay > 0);
		readings.end();
		await Promise.all(begun);
		expect(readings.asked).toHaveLength(1);
		expect(pages.every((page) => page.of("snapshot").length === 1)).toBe(true);
		views.clear();
	});
});

describe("what a page looks at", () => {
	const viewer: Caller = {
		id: "token a",
		name: "a",
		role: "viewer",
		tokenPrefix: null,
		accounts: [randomUUID()],
		groups: null,
	};

	/** A desk that is not running, with readings that end when the test says so. */
	function deskOf() {
		const readings = new Readings();
		const options = {
			engine: {},
			reads: { rows: readings.rows, streams: readings.load, count: async () => new Map() },
			actions: {},
			previews: {},
			waiters: () => 0,
			alone: true,
			wall: () => 0,
			cluster: { bus: {}, membership: { self: { boot_id: "boot" } } },
			sessions: { all: () => [], count: () => 1 },
			maxViewBytes: 1_000_000,
			log: { error: () => undefined },
		};
		return { readings, desk: new Desk(options as unknown as DeskOptions) };
	}

	test("is looked up once at a time, the newest list only", async () => {
		const { readings, desk } = deskOf();
		const page = new QuietPage("a", viewer);
		desk.handle(page.session, JSON.stringify({ op: "counts", sub: 1 }));
		await eventually(() => page.session.subscriptions.size === 1);
		for (const say of [
			(stream_ids: string[]) => ({ op: "watch", sub: 1, stream_ids }),
			(ids: string[]) => ({ op: "pictures", streams: ids.map((stream_id) => ({ stream_id, rate: "still" })) }),
		]) {
			const lists = Array.from({ length: 50 }, () => some(3));
			for (const list of lists) desk.handle(page.session, JSON.stringify(say(list)));
			await eventually(() => readings.underWay === 1);
			readings.end();
			await eventually(() => readings.underWay === 1);
			expect(readings.asked.splice(0)).toEqual([lists[0], lists.at(-1)]);
			// Nothing is looked up for who wants nothing.
			desk.handle(page.session, JSON.stringify(say(some(3))));
			desk.handle(page.session, JSON.stringify(say([])));
			readings.end();
			await eventually(() => readings.underWay === 0);
			expect(readings.asked).toEqual([]);
		}
		expect(page.of("error")).toEqual([]);
		page.lose();
	});
});

test("of what comes while one thing is done only the newest is done", async () => {
	const done: number[] = [];
	const first = deferred();
	const latest = new Latest<number>(async (value) => {
		done.push(value);
		await first.promise;
	});
	const all = [1, 2, 3].map((value) => latest.give(value));
	latest.forget();
	all.push(latest.give(4));
	first.resolve();
	await Promise.all(all);
	expect(done).toEqual([1, 4]);
});
