import { afterEach, expect, test, vi } from "vitest";
import { newToken } from "../../server/access/secret-text.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { startGuarded } from "./access-fixture.ts";

afterEach(() => vi.restoreAllMocks());

test("of who is not let in no body is parsed, however soon it came whole", async () => {
	await using own = await startGuarded();
	const parse = vi.spyOn(JSON, "parse");
	const parsed = (word: string) => parse.mock.calls.some(([text]) => text.includes(word));
	const body = (word: string) => ({ ...streamBody(), description: word });
	const strangers = Array.from({ length: 20 }, () =>
		own.ask(newToken().text, "POST", "/1/streams", body("a stranger's")),
	);
	expect((await Promise.all(strangers)).map(({ status }) => status)).toEqual(Array(20).fill(401));
	expect(parsed("a stranger's")).toBe(false);
	// Who is seen for the first time is waited for in the same way.
	const { token } = await own.token({ role: "operator" });
	expect((await own.ask(token, "POST", "/1/streams", body("one of ours"))).status).toBe(201);
	expect(parsed("one of ours")).toBe(true);
});
