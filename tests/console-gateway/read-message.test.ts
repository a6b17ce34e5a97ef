import { describe, expect, test } from "vitest";
import { readMessage } from "../../server/console/read-message.ts";
import { bodyCheck } from "../../server/http/validation.ts";
import { clientMessage } from "../../server/schemas/console/messages.ts";

const outcome = (read: () => unknown) => {
	try {
		return { value: read() };
	} catch (error) {
		return { error };
	}
};

describe("a message is judged by its op alone, as it would be by the whole description", () => {
	const whole = bodyCheck(clientMessage);
	test.each([
		{ op: "counts", sub: 1 },
		{ op: "counts", sub: -1 },
		{ op: "counts", sub: 1, x: 1, y: 2 },
		{ op: "streams", sub: 1, filter: {}, order: "oldest" },
		{ op: "streams", sub: 1, filter: { x: 1 }, order: "oldest" },
		{ op: "streams", sub: 1, filter: {} },
		{ op: "pictures", streams: [{ stream_id: "x", rate: "live" }] },
		{ op: "fly" },
		{ op: { op: "counts" }, sub: 1 },
		{ op: null },
		{ sub: 1 },
		{},
		[],
		[{ op: "counts", sub: 1 }],
		"counts",
		null,
	])("%j", (message) => {
		expect(outcome(() => readMessage(JSON.stringify(message)))).toEqual(outcome(() => whole.read(message)));
	});
});

test("one of thousands of unknown members is refused by the first", () => {
	const members = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`k${at}`, at]));
	expect(() => readMessage(JSON.stringify({ op: "counts", sub: 1, ...members }))).toThrow(
		expect.objectContaining({ code: 12022 }),
	);
	expect(outcome(() => readMessage(JSON.stringify({ op: "fly", ...members })))).toEqual(
		outcome(() => readMessage('{"op":"fly"}')),
	);
});
