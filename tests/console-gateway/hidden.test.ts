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

	test("an address without its scheme hides its password in a text as well", () => {
		const text = (user: string) => `'${user}@10.0.0.1:554/ch1' is no address of a tcp source`;
		expect(hiddenText(text("admin:p"))).toBe(text("admin:********"));
		expect(hiddenText(text("rtsp:/admin:p:q@r"))).toBe(text("rtsp:/admin:********"));
		for (const plain of ["at 10:30 by me@work", "http://cam/a@b failed", "user@cam:554 is away"])
			expect(hiddenText(plain)).toBe(plain);
	});

	test("takes time in proportion to the text", () => {
		const began = performance.now();
		for (const part of ["a", "a.b ", "?", "a?b", "&a=", "://", "a://b?c ", "a:", "a:b@", ":@"])
			for (const head of ["", "://"]) hiddenText(head + part.repeat(100_000 / part.length));
		expect(performance.now() - began).toBeLessThan(2000);
	});
});
