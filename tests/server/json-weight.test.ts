import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tooHeavy } from "../../server/http/json-weight.ts";

const MOST = 300_000;
/** What would count if it were not text, and what could hide the end of a text. */
const tricky = fc.string({ unit: fc.constantFrom("[", "]", "{", "}", ":", ",", '"', "\\", "é", "a"), maxLength: 20 });
const weigh = (value: unknown) => tooHeavy(Buffer.from(JSON.stringify(value)));

describe("a body is too heavy to parse", () => {
	test("when it nests deeper than 100 levels, if it is long at all", () => {
		const deep = (levels: number) => Buffer.from(`${"[".repeat(levels)}${" ".repeat(262_144)}${"]".repeat(levels)}`);
		expect(tooHeavy(deep(100))).toBeUndefined();
		expect(tooHeavy(deep(101))).toBe("must not nest deeper than 100 levels");
		expect(tooHeavy(Buffer.from("[".repeat(262_144)))).toBeUndefined();
		expect(tooHeavy(Buffer.from('{"a":'.repeat(100_000)))).toBe("must not nest deeper than 100 levels");
	});

	test("when it has more than 300,000 objects, lists and members, whatever its texts hold", () => {
		fc.assert(
			fc.property(fc.array(tricky, { minLength: 1, maxLength: 50 }), tricky, (texts, name) => {
				// A list, and for each of the others an object with one member.
				const objects = (MOST - 1) / 2 - 1;
				const item = (at: number) => ({ [name]: texts[at % texts.length] });
				const items = Array.from({ length: Math.floor(objects) }, (_, at) => item(at));
				expect(weigh([...items, texts])).toBeUndefined();
				expect(weigh([...items, texts, {}, {}, {}])).toBe(`must not have more than ${MOST} objects, lists and members`);
			}),
			{ numRuns: 5 },
		);
	});

	test("when more than 400,000 commas stand between its elements and members, whatever its texts hold", () => {
		fc.assert(
			fc.property(fc.array(tricky, { minLength: 1, maxLength: 50 }), (texts) => {
				const list = (elements: number) => Array.from({ length: elements }, (_, at) => texts[at % texts.length]);
				const refusal = "must not have more than 400000 commas between elements and members";
				expect(weigh({ stream_ids: list(400_001) })).toBeUndefined();
				expect(weigh({ stream_ids: list(400_002) })).toBe(refusal);
				expect(weigh({ stream_ids: list(400_001), limit: 1 })).toBe(refusal);
			}),
			{ numRuns: 5 },
		);
	});

	test("but no body that is right: neither a take with all that its lists may name, nor feedback with all its members", () => {
		const names = Array.from({ length: 100_000 }, (_, at) => at.toString(36));
		const filters = { stream_ids: names, names, group_ids: names, group_names: names };
		expect(weigh({ filters, limit: 1 })).toBeUndefined();
		const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, null]));
		const preview = { live: members(1), last_frame: members(1) };
		const item = { ...members(3), error: members(3), video_info: members(8), preview };
		expect(weigh({ streams: Array(10_000).fill(item) })).toBeUndefined();
	});

	test("when an object has more than 1,000 members", () => {
		const object = (members: number) =>
			Object.fromEntries(Array.from({ length: members }, (_, at) => [`m${at}`, [{}]]));
		const long = (value: unknown) => weigh({ a: [object(1_000), "x".repeat(200_000), value, "x".repeat(200_000)] });
		expect(long(object(1_000))).toBeUndefined();
		expect(long([object(1_000), { a: object(1_000) }])).toBeUndefined();
		expect(long([{ a: object(1_001) }])).toBe("must not have more than 1000 members in one object");
	});

	test("when a text has more than 256 KiB, and no shorter one is, whatever it holds", () => {
		fc.assert(
			fc.property(tricky, (text) => {
				const texts = [text.repeat(5_000), text.repeat(5_000), text.repeat(5_000)];
				expect(weigh([...texts, "a".repeat(262_144)])).toBeUndefined();
				expect(weigh([...texts, "a".repeat(262_145)])).toBe("must not hold a text of more than 262144 bytes");
			}),
			{ numRuns: 20 },
		);
	});
});
