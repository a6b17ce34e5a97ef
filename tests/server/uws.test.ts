import { afterEach, expect, test } from "vitest";
import { loadUws } from "../../server/http/uws.ts";

const { platform } = process;
afterEach(() => {
	Object.defineProperty(process, "platform", { value: platform });
	delete process.env["UWS_USE_FALLBACK"];
});

test("the newest binding that fits is loaded and says which it is", () => {
	expect(loadUws().source).toMatch(/^uWebSockets\.js(?:-next)? 20\.\d+/);
});

test("a system without a binding is refused, with the reason of each, rather than served by JavaScript", () => {
	process.env["UWS_USE_FALLBACK"] = "1";
	Object.defineProperty(process, "platform", { value: "plan9" });
	expect(() => loadUws()).toThrow(/No native uWebSockets\.js fits this system\. .*uws_plan9_/);
});
