import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyOfStream, createCommand, shellWord } from "../../web-console/src/places/stream/curl.ts";

const anyText = fc.oneof(
	fc.string({ unit: "binary", maxLength: 40 }),
	fc.string({ unit: fc.constantFrom(..."'\"\\$`!#&;|<>(){}[]*?~ \n\t%=-é🎥\u202e"), maxLength: 30 }),
);
const text = anyText.map((each) => each.replaceAll("\0", "").replace(/[\ud800-\udfff]/gu, ""));

/** What a real shell makes of the words of a command. */
function wordsOf(command: string): string[] {
	const words = execFileSync("sh", ["-c", `printf '%s\\0' ${command}`], { encoding: "utf8", maxBuffer: 64 << 20 });
	return words.split("\0").slice(0, -1);
}

describe("a command to copy", () => {
	test("gives the shell exactly the text, whatever is in it", () => {
		fc.assert(
			fc.property(fc.array(text, { minLength: 1, maxLength: 60 }), (texts) => {
				expect(wordsOf(texts.map(shellWord).join(" "))).toEqual(texts);
			}),
			{ numRuns: 100 },
		);
	});

	test("creates the same stream, without its secrets", () => {
		fc.assert(
			fc.property(text, text, text, (name, description, token) => {
				const stream = {
					stream_id: "x",
					version: 3,
					name,
					description,
					status: "failure",
					account_id: "a",
					data: { type: "tcp", reference: "rtsp://********@camera/main" },
					event_handler: { api_version: 6, authorization: { token: "********" } },
					autorestart: { restart: 1, attempt_count: 2, delay: 3, status: "enabled", current_attempt: 1 },
					last_error: { error_code: 1, desc: token, detail: "" },
				};
				const words = wordsOf(createCommand("http://127.0.0.1:5160/", stream));
				expect(words.slice(0, -1)).toEqual([
					"curl",
					"-sS",
					"-X",
					"POST",
					"http://127.0.0.1:5160/1/streams",
					"-H",
					"Content-Type: application/json",
					"--data-raw",
				]);
				expect(JSON.parse(words.at(-1) ?? "")).toEqual({
					name: name.replaceAll("********", "<secret>"),
					description: description.replaceAll("********", "<secret>"),
					account_id: "a",
					data: { type: "tcp", reference: "rtsp://<secret>@camera/main" },
					event_handler: { api_version: 6, authorization: { token: "<secret>" } },
					autorestart: { restart: 1, attempt_count: 2, delay: 3 },
				});
			}),
			{ numRuns: 50 },
		);
	});

	test("holds nothing that the service would refuse in a body", () => {
		expect(Object.keys(bodyOfStream({ stream_id: "x", version: 1, groups: [], name: "n" }))).toEqual([
			"name",
			"autorestart",
		]);
	});
});
