import fc from "fast-check";
import type { TObject } from "typebox";
import { describe, expect, test } from "vitest";
import { Fault } from "../../persistence/fault.ts";
import { queryCheck } from "../../server/http/query.ts";
import { logDeleteQuery, logListQuery } from "../../server/schemas/log.ts";
import { queueLook, takeQuery } from "../../server/schemas/queue.ts";
import { healthQuery } from "../../server/schemas/service.ts";
import { accountQuery, streamListQuery } from "../../server/schemas/stream.ts";
import { ID } from "./recording-engine.ts";

const other = "68b363eb-600a-4e72-afb3-8c4196e385ce";

function read(schema: TObject, query: string): Record<string, unknown> {
	return queryCheck<TObject, Record<string, unknown>>(schema).read(query);
}
function fault(schema: TObject, query: string): [number, unknown] | "good" {
	try {
		read(schema, query);
		return "good";
	} catch (error) {
		if (!(error instanceof Fault)) throw error;
		return [error.code, error.values["name"] ?? error.values["names"]];
	}
}
const bad = (query: string) => fault(streamListQuery, query);

describe("query parameters", () => {
	test("defaults stand in for what is absent", () => {
		expect(read(streamListQuery, "")).toEqual({ page: 1, page_size: 10 });
		expect(read(logListQuery, "")["targets"]).toHaveLength(7);
	});

	test("lists are percent-decoded first, then split at commas, and grow when their key is repeated", () => {
		expect(read(streamListQuery, `stream_ids=${ID}%2C${other}`)["stream_ids"]).toEqual([ID, other]);
		expect(read(streamListQuery, `names=a,b&names=c%20d&names=e+f`)["names"]).toEqual(["a", "b", "c d", "e f"]);
		expect(read(streamListQuery, "n%61mes=x")["names"]).toEqual(["x"]);
	});

	test("a name that is repeated a hundred thousand times holds nothing up", () => {
		const began = performance.now();
		expect(bad("page=1&".repeat(100_000))).toEqual([12012, "page"]);
		expect(read(streamListQuery, "names=a&".repeat(100_000).slice(0, -1))["names"]).toHaveLength(100_000);
		// If each copied those before it, more than half a minute.
		expect(performance.now() - began).toBeLessThan(5_000);
	});

	test("an empty value is bad, but for names it is the empty name", () => {
		for (const name of ["stream_ids", "account_id", "statuses", "page", "reference", "create_time__lt", "group_name"]) {
			expect(bad(`${name}=`)).toEqual([12012, name]);
			expect(bad(name)).toEqual([12012, name]);
		}
		expect(read(streamListQuery, "names=")["names"]).toEqual([""]);
		expect(read(streamListQuery, "names=a,")["names"]).toEqual(["a", ""]);
	});

	test("a reference is one value, commas and all, and must not be repeated", () => {
		expect(read(streamListQuery, "reference=a,b")["reference"]).toBe("a,b");
		expect(bad("reference=a&reference=b")).toEqual([12012, "reference"]);
	});

	test("unknown parameters are ignored, even badly encoded ones", () => {
		expect(bad("foo=%&%zz=1&page_=x&&=&__proto__=1&constructor=2")).toBe("good");
	});

	test("a known one with a bad value is named, the first one first", () => {
		expect(bad("page=0")).toEqual([12012, "page"]);
		expect(bad("page_size=1001&page=0")).toEqual([12012, "page_size"]);
		expect(bad("page=0&names=%")).toEqual([12012, "page"]);
		expect(bad("names=%&names=a&page=0")).toEqual([12012, "names"]);
		expect(bad(`account_id=${ID.toUpperCase()}`)).toEqual([12012, "account_id"]);
		expect(bad("statuses=pending,deleted")).toEqual([12012, "statuses"]);
		expect(fault(logListQuery, "statuses=pending,deleted")).toBe("good");
		expect(fault(logListQuery, "targets=status,nothing")).toEqual([12012, "targets"]);
		for (const page of ["1.0", "1e1", "+1", "0x1", "-1", "1%202", "99999999999999999999", "NaN"]) {
			expect(bad(`page=${page}`)).toEqual([12012, "page"]);
		}
	});

	test("bad percent-encoding, bytes that are not UTF-8 and U+0000 are bad", () => {
		for (const value of ["%", "%4", "%zz", "%ff", "%c3", "%ed%a0%80", "%00"]) {
			expect(bad(`names=${value}`)).toEqual([12012, "names"]);
		}
	});

	test("times are RFC 3339, a blank is read as +, and they come out in UTC", () => {
		const time = (text: string) => read(logDeleteQuery, `log_time__lt=${text}`)["log_time__lt"];
		expect(time("2021-09-21T11:11:41.674Z")).toBe("2021-09-21T11:11:41.674Z");
		expect(time("2021-09-21T11:11:41.674+03:00")).toBe("2021-09-21T08:11:41.674Z");
		expect(time("2021-09-21T11:11:41.674%2B03:00")).toBe("2021-09-21T08:11:41.674Z");
		expect(time("2021-09-21t11:11:41-23:59")).toBe("2021-09-22T11:10:41Z");
		expect(time("2016-12-31T23:59:60Z")).toBe("2017-01-01T00:00:00Z");
		expect(time("2021-09-21T11:11:41.123456789Z")).toBe("2021-09-21T11:11:41.123456Z");
		for (const text of [
			"2021-09-21",
			"2021-09-21T11:11:41",
			"2021-09-21%2011:11:41Z",
			"2021-02-30T11:11:41Z",
			"2021-09-21T24:00:00Z",
			"0000-01-01T00:00:00Z",
			"0001-01-01T00:00:00%2B01:00",
			"9999-12-31T23:59:59-01:00",
			"2021-09-21T11:11:41Z[UTC]",
			"1632222701",
			"now",
		]) {
			expect(fault(logDeleteQuery, `log_time__lt=${text}`)).toEqual([12012, "log_time__lt"]);
		}
	});

	test("a missing required one is 12014, after the bad ones", () => {
		expect(fault(queueLook, "names=a")).toEqual([12014, "limit"]);
		expect(fault(queueLook, "stream_ids=x")).toEqual([12012, "stream_ids"]);
		expect(fault(logDeleteQuery, "")).toEqual([12014, "log_time__lt"]);
	});

	test("wait is 0..60 seconds, fractions allowed", () => {
		expect(read(takeQuery, "wait=0.5")).toEqual({ wait: 0.5 });
		for (const wait of ["-1", "61", "60.1", "x", ".5", "1e1"]) {
			expect(fault(takeQuery, `wait=${wait}`)).toEqual([12012, "wait"]);
		}
		expect(fault(healthQuery, "include_luna_services=2")).toEqual([12012, "include_luna_services"]);
	});

	test("names of any characters come through their encoding", () => {
		const name = fc
			.string({ unit: "grapheme", maxLength: 20 })
			.filter((each) => !each.includes(",") && !each.includes("\0"));
		fc.assert(
			fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
				const query = new URLSearchParams(names.map((each): [string, string] => ["names", each])).toString();
				expect(read(streamListQuery, query)["names"]).toEqual(names);
				expect(read(streamListQuery, `names=${encodeURIComponent(names.join(","))}`)["names"]).toEqual(names);
			}),
		);
	});

	test("whatever stands in a query string is read or refused with 12012", () => {
		const piece = fc.oneof(
			fc.constantFrom(
				"names",
				"page",
				"stream_ids",
				"=",
				"&",
				",",
				"%",
				"+",
				"%2C",
				ID,
				"create_time__lt",
				"2021-09-21T11:11:41Z",
			),
			fc.string({ maxLength: 5 }),
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
				const result = bad(pieces.join(""));
				expect(result === "good" || result[0] === 12012).toBe(true);
			}),
			{ numRuns: 1_000 },
		);
	});

	test("account_id restricts single objects", () => {
		expect(read(accountQuery, `account_id=${ID}`)).toEqual({ account_id: ID });
	});
});
