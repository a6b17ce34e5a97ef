import { expect, test } from "vitest";
import { type InTurn, Turns } from "../../actors/turns.ts";

const all = () => true;

function turnsOf(...wanted: [key: string, limit: number][]): { turns: Turns<InTurn>; come: InTurn[] } {
	const turns = new Turns<InTurn>();
	const come = wanted.map(([key, limit]) => ({ key, limit }));
	for (const one of come) turns.add(one);
	return { turns, come };
}

test("those of one key share a turn in the order of their coming, up to what it gives", () => {
	const { turns, come } = turnsOf(["a", 4], ["b", 1], ["a", 4], ["a", 4], ["a", 1]);
	expect(turns.next(all, 9)).toEqual([come[0], come[2]]);
	// The others of that key come after all other keys; nobody passes those before it.
	expect(turns.next(all, 9)).toEqual([come[1]]);
	expect(turns.next(all, 4)).toEqual([come[3]]);
	expect(turns.next(all, 4)).toEqual([come[4]]);
	expect(turns.next(all, 4)).toEqual([]);
});

test("who wants more than a turn gives has one alone", () => {
	const { turns, come } = turnsOf(["a", 100], ["a", 1]);
	expect(turns.next(all, 9)).toEqual([come[0]]);
	expect(turns.next(all, 9)).toEqual([come[1]]);
});

test("a key that may not have one is passed over, and keeps its place", () => {
	const { turns, come } = turnsOf(["a", 1], ["b", 1]);
	expect(turns.next((key) => key !== "a", 9)).toEqual([come[1]]);
	expect(turns.next((key) => key !== "a", 9)).toEqual([]);
	expect(turns.next(all, 9)).toEqual([come[0]]);
});

test("who has gone has no turn", () => {
	const { turns, come } = turnsOf(["a", 1], ["a", 1], ["b", 1]);
	const [first, second, third] = come as [InTurn, InTurn, InTurn];
	for (const one of [first, third, third]) turns.delete(one);
	expect(come.map((one) => turns.has(one))).toEqual([false, true, false]);
	expect(turns.next(all, 9)).toEqual([second]);
	expect(turns.has(second)).toBe(false);
});
