import { describe, expect, test } from "vitest";
import type { StreamRow } from "../../persistence/stream-row.ts";
import { hiddenUrl } from "../../server/console/hidden.ts";
import { withStoredReference } from "../../server/console/kept-secrets.ts";

/** What is stored when a reference is written over another one. */
function written(given: string, stored: string): string {
	// All that is looked at of a row.
	const row = { data: JSON.stringify({ type: "tcp", reference: stored }) } as StreamRow;
	return withStoredReference({ type: "tcp", reference: given }, row).reference;
}

describe("******** in a reference", () => {
	test.each([
		["rtsp://admin:********@cam/1", "rtsp://admin:p@cam/1", "rtsp://admin:p@cam/1"],
		["rtsp://admin:********@cam/2?x=********", "rtsp://admin:p@cam/1?x=q", "rtsp://admin:p@cam/2?x=q"],
		["rtsp://admin:new@cam/1?x=********", "rtsp://admin:p@cam/1?x=q", "rtsp://admin:new@cam/1?x=q"],
		["rtsp://cam/1?b=********&a=********", "rtsp://cam/1?a=1&b=2", "rtsp://cam/1?b=2&a=1"],
		["rtsp://cam/1?a=********&a=********", "rtsp://cam/1?a=1&a=2", "rtsp://cam/1?a=1&a=2"],
		["rtsp://cam/1?a=new&b=********", "rtsp://cam/1?a=1&b=2", "rtsp://cam/1?a=new&b=2"],
		["rtsp://cam/1?c=new&b=********", "rtsp://cam/1?b=2", "rtsp://cam/1?c=new&b=2"],
		["rtsp://d\\a:********@cam/2", "rtsp://d\\a:p@cam/1", "rtsp://d\\a:p@cam/2"],
		["rtsp://a:********@cam/other", "rtsp://a:p@/w#?@cam/x", null],
		["rtsp://a:********@cam/x", "rtsp://a:p@/w#?@cam/x", "rtsp://a:p@/w#?@cam/x"],
	])("%s over %s is %s", (given, stored, whole) => {
		if (whole === null) expect(() => written(given, stored)).toThrow("given again");
		else expect(written(given, stored)).toBe(whole);
	});

	test.each([
		["a path", "rtsp://cam/********"],
		["the host", "rtsp://********/1"],
		["another host", "rtsp://admin:********@other/1?k=********"],
		["another port", "rtsp://admin:********@cam:81/1?k=********"],
		["another scheme", "http://admin:********@cam/1?k=********"],
		["a host behind it", "rtsp://admin:********@cam@other/1?k=********"],
		["another host behind a backslash", "rtsp://other\\@cam/1?k=********"],
		["another host's user", "rtsp://other\\admin:********@cam/1?k=********"],
		["another host behind a line's end", "rtsp://other\n@cam/1?k=********"],
		["another host behind another @", "rtsp://other@@cam/1?k=********"],
		["an address in a path", "rtsp://cam/rtsp://admin:********@other/"],
		["an address in a query", "rtsp://cam/1?to=rtsp://admin:********@other/"],
		["an address in a fragment", "rtsp://cam/1#rtsp://admin:********@other/"],
		["the user", "rtsp://********:x@cam/1"],
		["another user", "rtsp://root:********@cam/1?k=********"],
		["no user", "rtsp://:********@cam/1?k=********"],
		["a name that is shown", "rtsp://cam/1?id=********"],
		["another name", "rtsp://cam/1?other=********"],
		["a name", "rtsp://cam/1?********=1"],
		["a fragment", "rtsp://admin:********@cam/1?k=1#********"],
		["one place too many", "rtsp://admin:********@cam/1?k=********&k=********"],
		["a part of a value", "rtsp://cam/1?k=x********"],
		["a text that is no url", "********"],
	])("in the place of %s stands for nothing", (_, given) => {
		expect(() => written(given, "rtsp://admin:p@cam/1?k=s")).toThrow("given again");
	});

	test("never shows what it hid, wherever it is written", () => {
		const stored = "rtsp://admin:pa55@cam/1?id=3&k=s3cret&x=0ther";
		const pieces = ["rtsp://", "admin", ":", "@", "cam", "/", "?", "&", ";", "#", "id=", "k=", "x=", "", " ", "://"];
		let kept = 0;
		for (let number = 0; number < 20_000; number++) {
			let given = "rtsp://";
			// Each number is a text: nothing is left to chance.
			for (let left = number * 7_919; left > 0; left = Math.floor(left / 17)) {
				const at = left % 17;
				given += at === 16 ? "********" : pieces[at];
			}
			for (const each of [given, `rtsp://admin:********@cam/${given}`, `rtsp://cam/?${given}`]) {
				let whole = "";
				try {
					whole = written(each, stored);
				} catch {
					continue;
				}
				kept++;
				expect(hiddenUrl(whole)).not.toMatch(/pa55|s3cret|0ther/);
			}
		}
		expect(kept).toBeGreaterThan(100);
	});
});
