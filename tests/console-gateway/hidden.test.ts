import { describe, expect, test } from "vitest";
import { hiddenText, hiddenUrl } from "../../server/console/hidden.ts";

describe("what the console shows of an address", () => {
	test.each([
		["rtsp://user:p@cam/live", "rtsp://user:********@cam/live"],
		["rtsp://cam/live?channel=1&subtype=0", "rtsp://cam/live?channel=1&subtype=0"],
		["rtsp://cam/live?channel=1&k=p&w=2", "rtsp://cam/live?channel=1&k=********&w=2"],
		["http://cam/snap?k=p;name=n", "http://cam/snap?k=********;name=n"],
		["http://cam/snap?a=p?name=q#f", "http://cam/snap?a=********#f"],
		["http://cam/snap?now&k=", "http://cam/snap?now&k=********"],
	])("%s is shown as %s", (url, shown) => {
		expect(hiddenUrl(url)).toBe(shown);
		expect(hiddenText(`No picture of ${url} <http://x/?k=p>`)).toBe(`No picture of ${shown} <http://x/?k=********>`);
	});

	test.each([
		"p'ss",
		'p"ss',
		"p<s>s",
		"p`ss",
		"p ss",
		"p\nss",
		"p\u00a0ss",
		"p/ss",
		"p@ss",
		"p?ss",
		"pä&s;s",
		"p://ss",
		"p s://s",
	])("a password like %j is hidden whole", (password) => {
		for (const end of ["", "/live", "/live?channel=1"])
			expect(hiddenUrl(`rtsp://user:${password}@cam.test${end}`)).toBe(`rtsp://user:********@cam.test${end}`);
	});

	test("takes time in proportion to the text", () => {
		const began = performance.now();
		for (const part of ["a", "a.b ", "?", "a?b", "&a=", "://", "a://b?c "])
			for (const head of ["", "://"]) hiddenText(head + part.repeat(100_000 / part.length));
		expect(performance.now() - began).toBeLessThan(2000);
	});
});
