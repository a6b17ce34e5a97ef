import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SHARDS } from "../../actors/cluster/cluster.ts";
import { type Holders, spread } from "../../actors/cluster/redis/spread.ts";
import { newSeed } from "../support/seeded-random.ts";

const seed = newSeed();
console.log(`spread: seed ${seed}`);
const nobody: Holders = new Array(SHARDS).fill(null);
const names = [..."abcdefghijkl"];
const members = fc
	.subarray(names, { minLength: 1 })
	.chain((some) => fc.shuffledSubarray(some, { minLength: some.length }));
const holders = fc.array(fc.option(fc.constantFrom(...names)), { minLength: SHARDS, maxLength: SHARDS });

function counts(of: Holders, who: readonly string[]): number[] {
	return who.map((member) => of.filter((holder) => holder === member).length);
}

function moved(before: Holders, after: Holders): number {
	return after.filter((holder, shard) => holder !== before[shard]).length;
}

function expectEven(of: Holders, who: readonly string[]): void {
	const each = counts(of, who);
	expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
	expect(each.reduce((sum, count) => sum + count, 0)).toBe(SHARDS);
}

describe("256 shards, spread over the members", () => {
	test("every shard has one, and each as many as any other, whoever had them before", () => {
		fc.assert(
			fc.property(holders, members, (before, who) => expectEven(spread(before, who), who)),
			{ seed, numRuns: 300 },
		);
	});

	test("as few move as evenness allows", () => {
		fc.assert(
			fc.property(holders, members, (before, who) => {
				// The best there can be: the largest shares for those who have most, and all that is within the shares stays.
				const most = counts(before, who).sort((a, b) => b - a);
				const larger = SHARDS % who.length;
				const share = (at: number) => Math.floor(SHARDS / who.length) + (at < larger ? 1 : 0);
				const stay = most.reduce((sum, count, at) => sum + Math.min(count, share(at)), 0);
				expect(moved(before, spread(before, who))).toBe(SHARDS - stay);
			}),
			{ seed, numRuns: 300 },
		);
	});

	test("all nodes come to the same answer, in whatever order they know the members", () => {
		fc.assert(
			fc.property(holders, members, (before, who) => {
				expect(spread(before, [...who].reverse())).toEqual(spread(before, who));
			}),
			{ seed, numRuns: 100 },
		);
	});

	test("what is spread stays as it is", () => {
		fc.assert(
			fc.property(holders, members, (before, who) => {
				const after = spread(before, who);
				expect(spread(after, who)).toEqual(after);
			}),
			{ seed, numRuns: 100 },
		);
	});

	test("nobody lives: nobody holds", () => expect(spread(nobody, [])).toEqual(nobody));

	test("more members than shards: one each", () => {
		const many = Array.from({ length: SHARDS + 50 }, (_, at) => `node${at}`);
		expect(new Set(spread(nobody, many)).size).toBe(SHARDS);
	});
});

/**
 * Nodes that look and take at different moments, as they do by way of Redis: a take holds only where nothing
 * changed since the look.
 */
class Model {
	holders: (string | null)[] = [...nobody];
	readonly members = new Set<string>();
	readonly #plans = new Map<string, { seen: Holders; due: number[] }>();

	look(node: string): void {
		const target = spread(this.holders, [...this.members]);
		const due = target.flatMap((holder, shard) => (holder === node && this.holders[shard] !== node ? [shard] : []));
		this.#plans.set(node, { seen: [...this.holders], due });
	}

	take(node: string): void {
		const { seen = [], due = [] } = this.#plans.get(node) ?? {};
		this.#plans.delete(node);
		if (!this.members.has(node)) return;
		for (const shard of due) if (this.holders[shard] === seen[shard]) this.holders[shard] = node;
	}

	round(): void {
		for (const node of this.members) {
			this.look(node);
			this.take(node);
		}
	}
}

test("nodes join, leave and die in any order, with looks and takes in between: one quiet round later all is even", () => {
	const step = fc.record({
		what: fc.constantFrom<"join" | "leave" | "die" | "look" | "take">(
			"join",
			"leave",
			"die",
			"look",
			"look",
			"take",
			"take",
		),
		node: fc.constantFrom(...names),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const model = new Model();
			model.members.add("a");
			for (const { what, node } of steps) {
				if (what === "join") model.members.add(node);
				else if (what === "look" && model.members.has(node)) model.look(node);
				else if (what === "take") model.take(node);
				else if (what !== "look" && model.members.size > 1 && model.members.delete(node) && what === "leave")
					model.holders = model.holders.map((holder) => (holder === node ? null : holder));
			}
			model.round();
			expectEven(model.holders, [...model.members]);
			const settled = [...model.holders];
			model.round();
			expect(model.holders).toEqual(settled);
		}),
		{ seed, numRuns: 300 },
	);
});

test("one node comes: it gets its share and nothing else moves; one goes: its share moves and nothing else", () => {
	for (let count = 1; count < names.length; count++) {
		const some = names.slice(0, count);
		const more = names.slice(0, count + 1);
		const before = spread(nobody, some);
		const after = spread(before, more);
		expect(moved(before, after)).toBe(Math.floor(SHARDS / (count + 1)));
		const gone = more[0]!;
		const back = spread(
			after.map((holder) => (holder === gone ? null : holder)),
			more.slice(1),
		);
		expect(moved(after, back)).toBe(after.filter((holder) => holder === gone).length);
	}
});
