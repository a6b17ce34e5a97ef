import { randomUUID } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { anonymous } from "../../server/access/caller.ts";
import { Actions } from "../../server/console/actions.ts";
import { IdList } from "../../server/console/id-list.ts";
import { Topic } from "../../server/console/topic.ts";
import { deferred, eventually } from "../support/signals.ts";
import { QuietPage } from "./quiet-page.ts";

const log = { error: () => undefined } as never;
const author = { caller: anonymous, address: "", requestId: "" };

afterEach(() => void vi.restoreAllMocks());

/** An action on so many streams of which none is there. */
async function refused(count: number, loaded = Promise.resolve()) {
	const actions = new Actions({
		engine: {} as never,
		load: () => loaded.then(() => []),
		standing: {} as never,
		audit: null,
		log,
	});
	const list = IdList.of(Array.from({ length: count }, () => randomUUID()));
	const { action_id } = await actions.start(list, { action: "pause" }, author, null);
	const ended = () => eventually(() => actions.running === 0);
	return { actions, action_id, ended };
}

test("how an action came out is put into words once, however often it is asked for", async () => {
	const { actions, action_id, ended } = await refused(1_000);
	await ended();
	const words = vi.spyOn(JSON, "stringify");
	const pages = Array.from({ length: 20 }, () => new QuietPage("a"));
	for (const { session } of pages) session.subscribe(1, actions.subscribe(session, 1, action_id));
	expect(words.mock.results.filter(({ value }) => value.length > 10_000)).toHaveLength(1);
	for (const page of pages) {
		const [{ progress } = { progress: null }, ...more] = page.of("action");
		expect(more).toEqual([]);
		expect(progress).toEqual(actions.get(action_id, anonymous));
	}
});

test("of an action under way is told how far it is now", async () => {
	const loaded = deferred();
	const { actions, action_id, ended } = await refused(450, loaded.promise);
	const page = new QuietPage("a");
	page.session.subscribe(1, actions.subscribe(page.session, 1, action_id));
	loaded.resolve();
	await ended();
	page.session.subscribe(2, actions.subscribe(page.session, 2, action_id));
	expect(page.of("action").map(({ sub, progress }) => [sub, progress?.done, progress?.finished])).toEqual([
		[1, 0, false],
		[1, 200, false],
		[1, 400, false],
		[1, 450, false],
		[1, 450, true],
		[2, 450, true],
	]);
});

test("a page that catches up is not told again how an action came out", async () => {
	const { actions, action_id, ended } = await refused(1_000);
	await ended();
	const page = new QuietPage("a");
	page.waiting = 1_000_000;
	page.session.check(performance.now());
	expect(page.session.behind).toBe(true);
	page.session.subscribe(1, actions.subscribe(page.session, 1, action_id));
	page.waiting = 0;
	page.session.drained();
	expect(page.session.behind).toBe(false);
	expect(page.of("action")).toHaveLength(1);
});

test("a page that asks again and again for something large is closed, and one that asks for something small is not", async () => {
	const large = await refused(1_000);
	const small = await refused(10);
	await Promise.all([large.ended(), small.ended()]);
	const answered = ({ actions, action_id }: typeof large) => {
		const page = new QuietPage("a");
		for (let at = 0; at < 100 && page.session.open; at++)
			page.session.subscribe(1, actions.subscribe(page.session, 1, action_id));
		return { told: page.of("action").length, ending: page.session.ending, left: page.session.subscriptions.size };
	};
	const { told, ...closed } = answered(large);
	expect(told).toBeLessThan(50);
	expect(closed).toEqual({ ending: "abuse", left: 0 });
	expect(answered(small)).toEqual({ told: 100, ending: null, left: 1 });
});

test("a page that asks again and again for a queue that is long is closed", async () => {
	const name = "x".repeat(200_000);
	const queue = new Topic({
		name,
		type: "queue",
		interval: 1_000,
		read: async () => name,
		members: () => ({ name }),
		log,
	});
	const stays = new QuietPage("b");
	queue.subscribe(stays.session, 1);
	await eventually(() => stays.said.length === 1);
	const page = new QuietPage("a");
	for (let at = 0; at < 100 && page.session.open; at++) page.session.subscribe(1, queue.subscribe(page.session, 1));
	expect(page.session.ending).toBe("abuse");
	expect(page.said.length).toBeLessThan(50);
});
