import { describe, expect, test } from "vitest";
import { Gate } from "../../persistence/gate.ts";
import { type Deferred, deferred } from "../support/signals.ts";

/** Work that is under way until it is told to end. */
function job(
	gate: Gate,
	began: string[],
	name: string,
	owner?: string,
): { done: Promise<string>; end: Deferred<void> } {
	const end = deferred();
	const done = gate.through(async () => {
		began.push(name);
		await end.promise;
		return name;
	}, owner);
	done.catch(() => undefined);
	return { done, end };
}

describe("a gate", () => {
	test("lets so many through at a time, the others in the order of their arrival", async () => {
		const gate = new Gate("database", 2, 10);
		const began: string[] = [];
		const jobs = ["a", "b", "c", "d", "e"].map((name) => job(gate, began, name));
		await Promise.resolve();
		expect(began).toEqual(["a", "b"]);
		jobs[1]!.end.resolve();
		await jobs[1]!.done;
		await new Promise(setImmediate);
		expect(began).toEqual(["a", "b", "c"]);
		for (const { end } of jobs) end.resolve();
		expect(await Promise.all(jobs.map(({ done }) => done))).toEqual(["a", "b", "c", "d", "e"]);
		expect(began).toEqual(["a", "b", "c", "d", "e"]);
	});

	test("frees the place of work that fails", async () => {
		const gate = new Gate("database", 1, 10);
		const failed = gate.through(() => Promise.reject(new Error("no")));
		const next = gate.through(() => Promise.resolve("yes"));
		await expect(failed).rejects.toThrow("no");
		expect(await next).toBe("yes");
	});

	test("refuses with 39905 who comes when its queue is full, and who has waited for two seconds", async () => {
		const gate = new Gate("database", 1, 1);
		const began: string[] = [];
		const first = job(gate, began, "a");
		const waiting = job(gate, began, "b");
		await expect(gate.through(async () => "c")).rejects.toMatchObject({ code: 39905, values: { part: "database" } });
		const begin = performance.now();
		await expect(waiting.done).rejects.toMatchObject({ code: 39905 });
		expect(performance.now() - begin).toBeGreaterThan(1_900);
		first.end.resolve();
		await first.done;
		expect(began, "who has left is not let in any more").toEqual(["a"]);
		expect(await gate.through(async () => "d")).toBe("d");
	});

	test("gives turns to those for whom it is asked: who asks for much waits for itself", async () => {
		const gate = new Gate("database", 1, 10);
		const began: string[] = [];
		const names = ["a1", "a2", "a3", "a4", "b1", "c1", "b2"];
		const jobs = names.map((name) => job(gate, began, name, name.slice(0, 1)));
		for (const { end } of jobs) end.resolve();
		await Promise.all(jobs.map(({ done }) => done));
		expect(began).toEqual(["a1", "a2", "b1", "c1", "a3", "b2", "a4"]);
		expect(gate.tryEnter(), "it is free again").not.toBeNull();
	});

	test("that is full has room for who has few in it, at the expense of who has most", async () => {
		const gate = new Gate("database", 1, 4);
		const began: string[] = [];
		const jobs = ["a1", "a2", "a3", "a4", "a5"].map((name) => job(gate, began, name, "a"));
		await expect(gate.through(async () => "a6", "a")).rejects.toMatchObject({ code: 39905 });
		jobs.push(job(gate, began, "b1", "b"));
		await expect(jobs[4]!.done).rejects.toMatchObject({ code: 39905 });
		jobs.push(job(gate, began, "b2", "b"));
		await expect(jobs[3]!.done).rejects.toMatchObject({ code: 39905 });
		// Each has two now, and nobody more than who comes.
		await expect(gate.through(async () => "b3", "b")).rejects.toMatchObject({ code: 39905 });
		await expect(gate.through(async () => "a7", "a")).rejects.toMatchObject({ code: 39905 });
		for (const { end } of jobs) end.resolve();
		await Promise.allSettled(jobs.map(({ done }) => done));
		expect(began).toEqual(["a1", "a2", "b1", "a3", "b2"]);
	});

	test("forgets who has waited for two seconds, and gives the others their turns", async () => {
		const gate = new Gate("database", 1, 4);
		const began: string[] = [];
		const first = job(gate, began, "a", "a");
		const late = [job(gate, began, "b", "b"), job(gate, began, "c", "c")];
		for (const { done } of late) await expect(done).rejects.toMatchObject({ code: 39905 });
		const next = job(gate, began, "d", "b");
		first.end.resolve();
		next.end.resolve();
		expect(await next.done).toBe("d");
		expect(began).toEqual(["a", "d"]);
	});
});
