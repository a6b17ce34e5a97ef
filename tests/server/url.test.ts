import { expect, test } from "vitest";
import { urlOf } from "../../server/url.ts";

test("a URL is one however often it was asked for", () => {
	// One byte for each letter, as a text of a request is held.
	const text = Buffer.from("http://höst.test/", "latin1").toString("latin1");
	for (let time = 0; time < 300_000; time++)
		if (urlOf(text)?.host !== "xn--hst-sna.test") throw new Error(`it is none the ${time}th time`);
	expect(urlOf("http://a b/")).toBeNull();
	expect(urlOf("höst")).toBeNull();
});
