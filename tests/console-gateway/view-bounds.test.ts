import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { Bus, BusMessage } from "../../actors/cluster/cluster.ts";
import type { ConsoleFilter } from "../../persistence/console/filter.ts";
import type { ConsoleStream } from "../../persistence/console/stream.ts";
import { everything } from "../../persistence/scope.ts";
import { type Change, Feed, type Round } from "../../server/console/feed.ts";
import { LoadedStream } from "../../server/console/row.ts";
import type { Question, View, ViewWatcher } from "../../server/console/view.ts";
import type { ViewChanges } from "../../server/console/view-changes.ts";
import { MOST_VIEWS, MOST_WORK, Views } from "../../server/console/views.ts";
import { deferred, eventually } from "../support/signals.ts";

let views: Views;
let number = 0;
let listed: string[] = [];
afterEach(() => {
	views.clear();
	listed = [];
	number = 0;
});

function newViews(bytes = 1_000_000_000, found = () => listed): Views {
	views = new Views({
		bytes,
		list: async (_, limit, { wanted }) => {
			await Promise.resolve();
			if (!wanted()) throw new Error("nobody waits for it");
			const ids = found();
			return { total: ids.length, ids: Buffer.from(ids.slice(0, limit).join("").replaceAll("-", ""), "hex") };
		},
		number: () => number,
	});
	return views;
}

class Watcher implements ViewWatcher {
	readonly owner: string;
	view: View | null = null;
	readonly told: number[] = [];
	/** What it shows of a stream after each time that it was told of changes. */
	readonly shown: ("row" | "gone" | "nothing")[] = [];

	constructor(owner: string) {
		this.owner = owner;
	}

	show(view: View): void {
		this.view = view;
	}

	offer({ appeared, rows, gone }: ViewChanges): void {
		this.told.push(appeared);
		this.shown.push(gone.size > 0 ? "gone" : rows.size > 0 ? "row" : "nothing");
	}
}

const question = (filter: ConsoleFilter): Question => ({ filter, order: "oldest", scope: everything });
const other = () => question({ stream_ids: [randomUUID()] });

async function watched(owner: string, asked: Question = other()): Promise<Watcher & { view: View }> {
	const watcher = new Watcher(owner);
	await views.freeze(asked, watcher);
	return watcher as Watcher & { view: View };
}

/** A stream as it was read; `looks` counts how often its reference is looked at. */
function stream(members: Partial<ConsoleStream> = {}, looks = { count: 0 }): LoadedStream {
	const source = {
		stream_id: randomUUID(),
		account_id: randomUUID(),
		revision: 1,
		version: 1,
		status: "pending",
		name: "north gate",
		description: "",
		type: "tcp",
		groups: [],
		error: null,
		...members,
		get reference() {
			looks.count++;
			return "rtsp://user:secret@camera.test:554/cam/realmonitor?channel=1";
		},
	};
	// The other members are shown only.
	return new LoadedStream(source as unknown as ConsoleStream);
}

const changeOf = (loaded: LoadedStream) => ({ stream_id: loaded.stream_id, words: loaded.words, stream: loaded });

describe("views", () => {
	test("one caller has half of them at most, and the others still get theirs", async () => {
		newViews();
		const own = await Promise.all(Array.from({ length: MOST_VIEWS / 2 }, () => watched("a")));
		await expect(watched("a")).rejects.toMatchObject({ code: 39905 });
		await watched("b");
		expect(views.size).toBe(MOST_VIEWS / 2 + 1);
		views.leave(own[0]!.view, own[0]!, false);
		await watched("a");
	});

	test("are bounded in number for all callers together", async () => {
		newViews();
		for (const owner of ["a", "b"]) await Promise.all(Array.from({ length: MOST_VIEWS / 2 }, () => watched(owner)));
		await expect(watched("c")).rejects.toMatchObject({ code: 39905 });
		expect(views.size).toBe(MOST_VIEWS);
	});

	test("count with what their filters take", async () => {
		newViews(1_000_000);
		const large = () => question({ stream_ids: Array.from({ length: 1_000 }, () => randomUUID()) });
		await watched("a", large());
		expect(views.bytes).toBeGreaterThan(100_000);
		const all = await Promise.allSettled(Array.from({ length: 50 }, () => watched("a", large())));
		expect(all.filter(({ status }) => status === "fulfilled").length).toBeLessThan(5);
		expect(views.bytes).toBeLessThanOrEqual(500_000);
	});

	test("count what appears, and do not count it beyond the bound", async () => {
		newViews(20_000);
		const { view, told } = await watched("a", question({ names: ["gate"] }));
		const changes = Array.from({ length: 1_000 }, () => changeOf(stream()));
		views.tell({ number, changes });
		expect(view.appeared).toBeGreaterThan(50);
		expect(views.bytes).toBeLessThanOrEqual(20_000);
		expect(told).toEqual([view.appeared]);
		// What did not fit is not missed, and what is counted still goes.
		views.tell({ number, changes: changes.map(({ stream_id, words }) => ({ stream_id, words, stream: null })) });
		expect(told.at(-1)).toBe(0);
	});

	test("go with their last watcher, unless it may come back", async () => {
		newViews();
		const [one, two] = [await watched("a"), await watched("a")];
		views.leave(one.view, one, false);
		expect(views.size).toBe(1);
		views.leave(two.view, two, true);
		expect(views.find(two.view.view_id, two.view.question)).toMatchObject({ view: two.view, told: 0 });
	});

	test("that wait go first, the caller's own before those of others", async () => {
		newViews();
		const foreign = await watched("b");
		views.leave(foreign.view, foreign, true);
		const own = await Promise.all(Array.from({ length: MOST_VIEWS / 2 }, () => watched("a")));
		for (const watcher of own) views.leave(watcher.view, watcher, true);
		await watched("a");
		expect(views.find(own[0]!.view.view_id, own[0]!.view.question)).toBeUndefined();
		expect(views.find(own[1]!.view.view_id, own[1]!.view.question)).toBeDefined();
		expect(views.find(foreign.view.view_id, foreign.view.question)).toBeDefined();
	});

	test("are not told of changes while they wait, and say up to which round they were", async () => {
		newViews();
		const watcher = await watched("a", question({}));
		number = 7;
		views.leave(watcher.view, watcher, true);
		number = 9;
		views.tell({ number, changes: [changeOf(stream())] });
		expect(watcher.view.appeared).toBe(0);
		expect(views.find(watcher.view.view_id, question({}))?.told).toBe(7);
	});

	describe("of a scope, when a stream has left it,", () => {
		const [account_id, stream_id] = [randomUUID(), randomUUID()];
		const asked = (): Question => ({ filter: {}, order: "oldest", scope: { accounts: [account_id], groups: null } });
		const inside = () => changeOf(stream({ stream_id, account_id }));
		const outside = () => changeOf(stream({ stream_id }));
		const deleted = () => ({ ...outside(), stream: null });
		const tell = (...changes: Change[]) => {
			for (const change of changes) views.tell({ number: ++number, changes: [change] });
		};

		test("are told once that it is gone, and again only after it came back", async () => {
			newViews();
			listed = [stream_id];
			const watcher = await watched("a", asked());
			tell(inside(), outside(), outside(), deleted(), inside(), outside(), outside());
			expect(watcher.shown).toEqual(["row", "gone", "row", "gone"]);
		});

		test("are told so again for who comes back and has not heard it", async () => {
			newViews();
			listed = [stream_id];
			const watcher = await watched("a", asked());
			tell(inside(), outside());
			watcher.view.tellAgain(2);
			tell(outside());
			expect(watcher.shown).toEqual(["row", "gone"]);
			watcher.view.tellAgain(1);
			tell(outside(), outside());
			expect(watcher.shown).toEqual(["row", "gone", "gone"]);
		});

		test("are told so when it was there again for who asks anew", async () => {
			newViews();
			listed = [stream_id];
			const watcher = await watched("a", asked());
			tell(outside());
			views.leave(watcher.view, watcher, true);
			const again = await watched("a", asked());
			expect(again.view).toBe(watcher.view);
			tell(outside(), outside());
			expect(again.shown).toEqual(["gone"]);
		});

		test("know no more of them than there is room for", async () => {
			newViews(40_000);
			const many = Array.from({ length: 500 }, () => stream());
			listed = many.map((each) => each.stream_id);
			await watched("a", asked());
			views.tell({ number, changes: many.map(changeOf) });
			expect(views.bytes).toBeGreaterThan(39_000);
			expect(views.bytes).toBeLessThanOrEqual(40_000);
		});
	});

	test("are shared by those who ask the same, and count for one who still watches", async () => {
		newViews();
		const asked = question({});
		const [a, b] = await Promise.all([watched("a", asked), watched("b", asked)]);
		expect(a.view).toBe(b.view);
		views.leave(a.view, a, false);
		expect(b.view.owner).toBe("b");
	});

	test("that several ask for count for the first of them who has room", async () => {
		newViews();
		await Promise.all(Array.from({ length: MOST_VIEWS / 2 }, () => watched("a")));
		const asked = question({});
		const [one, two] = await Promise.all([watched("a", asked), watched("b", asked)]);
		expect(one.view).toBe(two.view);
		expect(two.view.owner).toBe("b");
	});

	test("are not searched for when nobody waits for them any more", async () => {
		let searches = 0;
		newViews(1_000_000, () => {
			searches++;
			return listed;
		});
		const [asked, watcher] = [other(), new Watcher("a")];
		const frozen = views.freeze(asked, watcher);
		views.abandon(asked, watcher);
		await expect(frozen).rejects.toThrow();
		expect([searches, views.size]).toEqual([0, 0]);
	});

	test("cost a bounded work for each change, whatever they look for", async () => {
		newViews();
		const parts = () => Array.from({ length: 50 }, () => randomUUID().slice(0, 8));
		const asked = () => question({ references: parts() });
		const made = await Promise.allSettled(
			Array.from({ length: 400 }, (_, at) => watched(at % 2 === 0 ? "a" : "b", asked())),
		);
		const there = made.filter(({ status }) => status === "fulfilled").length;
		expect(there).toBe(2 * Math.floor(MOST_WORK / 2 / 51));
		expect(views.work).toBeLessThanOrEqual(MOST_WORK);
		const looks = { count: 0 };
		const changed = changeOf(stream({}, looks));
		const shown = looks.count;
		views.tell({ number, changes: [changed] });
		views.tell({ number, changes: [changed] });
		// Its texts are prepared once, however many filters look at them.
		expect(looks.count - shown).toBe(1);
	});
});

test("a round is the smaller the more it costs to tell of one", async () => {
	newViews();
	const listeners = new Set<(message: BusMessage) => void>();
	const ended = deferred();
	const rounds: Round[] = [];
	const bus = {
		subscribe: (listener: (message: BusMessage) => void) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		onGap: () => () => undefined,
	} as unknown as Bus;
	const feed = new Feed({
		bus,
		load: async () => [],
		largestRound: () => 10,
		listenedTo: () => true,
		onRound: (round) => {
			rounds.push(round);
			if (rounds.flatMap(({ changes }) => changes).length === 35) ended.resolve();
		},
		onGap: () => undefined,
		log: { error: () => undefined } as never,
	});
	await feed.start();
	const events = Array.from({ length: 35 }, () => ({ stream_id: randomUUID(), status: "pending" }));
	for (const listener of listeners) listener({ events } as unknown as BusMessage);
	await ended.promise;
	expect(rounds.map(({ changes }) => changes.length)).toEqual([10, 10, 10, 5]);
	await feed.stop();
	await eventually(() => listeners.size === 0);
});
