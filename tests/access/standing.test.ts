import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { Fault } from "../../persistence/fault.ts";
import type { Access } from "../../server/access/access.ts";
import { anonymous, type Caller } from "../../server/access/caller.ts";
import { StandingCallers } from "../../server/access/standing.ts";

/** Milliseconds between two looks. */
const INTERVAL = 15_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

const clock = { monotonic: () => performance.now(), wall: () => 0 };
const log = { error: vi.fn(), warn: vi.fn() };
const credentials = {
	authorization: "",
	cookie: "",
	origin: "",
	host: "",
	peer: { address: "", counted: null },
	changes: false,
};

/** Keeps what one caller has; `judge` is asked who it is at each look. */
async function kept(judge: () => Caller) {
	const caller: Caller = { ...anonymous, id: "a" };
	const access: Access = { everybody: null, authenticate: judge, onChange: () => () => undefined };
	const standing = new StandingCallers({ access, clock, log });
	await standing.start();
	onTestFinished(() => standing.stop());
	const lost: Fault[] = [];
	standing.keep({ credentials, caller, lost: (why) => void lost.push(why) });
	return { standing, caller, lost };
}

test("what an expired token keeps open ends within a quarter of a minute, though nothing tells of it", async () => {
	let expired = false;
	const { standing, lost } = await kept(() => {
		if (expired) throw new Fault(39902);
		return { ...anonymous, id: "a" };
	});
	await vi.advanceTimersByTimeAsync(INTERVAL);
	expect([lost, standing.size]).toEqual([[], 1]);
	expired = true;
	await vi.advanceTimersByTimeAsync(INTERVAL);
	expect(lost).toMatchObject([{ code: 39902 }]);
	expect(standing.size).toBe(0);
	// And is told once.
	await vi.advanceTimersByTimeAsync(2 * INTERVAL);
	expect(lost.length).toBe(1);
});

test("while nobody can be asked nothing ends", async () => {
	const { lost } = await kept(() => {
		throw new Fault(39905, { part: "database" });
	});
	await vi.advanceTimersByTimeAsync(3 * INTERVAL);
	expect(lost).toEqual([]);
});
