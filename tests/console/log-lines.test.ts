import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { filterOf, queryFrom } from "../../web-console/src/places/logs/log-filter.ts";
import { asCsv, asJson, joined, type LogLine, lineOf, named } from "../../web-console/src/places/logs/log-lines.ts";

const ID = "557d54ec-29ad-4f3c-93b4-c9092ef12515";
const line = (more: Partial<LogLine> = {}): LogLine => ({
	stream_id: ID,
	name: "Gate",
	time: Date.UTC(2026, 10, 25, 21, 4, 40, 125),
	status: "failure",
	version: 2,
	error: { error_code: 5, desc: "no connection", detail: 'refused, "twice"' },
	...more,
});

/** What a reader of CSV makes of it. */
function cellsOf(csv: string): string[][] {
	const rows: string[][] = [[]];
	for (const [, quoted, plain = "", end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
		rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
		if (end === "\r\n") rows.push([]);
	}
	return rows.filter((row) => row.length > 1);
}

describe("lines of the log", () => {
	test("are read from the API's records, and what is none is passed over", () => {
		expect(lineOf({ stream_id: ID, log_time: "2026-11-25T21:04:40.125Z", status: "done", version: 3 })).toEqual(
			line({ name: "", status: "done", version: 3, error: null }),
		);
		expect(lineOf({ stream_id: ID, log_time: "soon", status: "done" })).toBeUndefined();
	});

	test("stand once and newest first, whichever way they came", () => {
		const all = [30, 20, 20, 10].map((time, at) => line({ time, version: at }));
		fc.assert(
			fc.property(fc.nat(4), fc.nat(4), (one, other) => {
				const [from, to] = [Math.min(one, other), Math.max(one, other)];
				expect(joined(all.slice(from), all.slice(0, to))).toEqual(all);
			}),
		);
	});

	test("get the names of their streams when those are known", () => {
		expect(named([line({ name: "" }), line()], new Map([[ID, "Yard"]])).map(({ name }) => name)).toEqual([
			"Yard",
			"Gate",
		]);
	});
});

describe("downloads", () => {
	test("JSON has times as the API writes them", () => {
		expect(JSON.parse(asJson([line()]))).toEqual([
			{
				log_time: "2026-11-25T21:04:40.125Z",
				stream_id: ID,
				name: "Gate",
				status: "failure",
				version: 2,
				error: { error_code: 5, desc: "no connection", detail: 'refused, "twice"' },
			},
		]);
	});

	test("CSV says the same, whatever is in the texts, and no text is a formula", () => {
		const text = fc.oneof(fc.string(), fc.stringMatching(/^[=+@\t\r\n",; -]{0,4}[a-z]{0,3}$/));
		fc.assert(
			fc.property(text, text, (name, detail) => {
				const csv = asCsv([line({ name, error: { error_code: 5, desc: "x", detail } })]);
				const [head, cells = []] = cellsOf(csv);
				expect(head).toHaveLength(8);
				expect(cells).toHaveLength(8);
				for (const [cell, original] of [
					[cells[2] ?? "", name],
					[cells[7] ?? "", detail],
				] as const) {
					expect(cell === original || cell === `'${original}`).toBe(true);
					expect(cell).not.toMatch(/^[=+\-@\t\r]/);
				}
			}),
		);
	});
});

describe("the filter in the address", () => {
	test("holds statuses, a stream and an account; unknown words are passed over", () => {
		const query = queryFrom(new URLSearchParams(`status=restart,failure,nonsense&stream=${ID}`));
		expect(query.statuses).toEqual(["failure", "restart"]);
		expect(filterOf(query)).toEqual({ statuses: ["failure", "restart"], stream_ids: [ID] });
		expect(filterOf(queryFrom(new URLSearchParams()))).toEqual({});
	});

	test("asks for nothing while an id is being typed", () => {
		expect(filterOf(queryFrom(new URLSearchParams("account=557d")))).toBeUndefined();
	});
});
