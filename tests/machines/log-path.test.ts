import { describe, expect, it } from "vitest";
import { endsAt, explainLogPath, isLogPath } from "../support/log-path.ts";

const path = (text: string) => text.split(" ");

describe("the log of a stream is a path of the contract's table", () => {
	it.each([
		["a stream that was created and taken, and is done", "pending in_progress done"],
		["created paused, then resumed", "pause pending in_progress"],
		["feedback whose error changed", "pending in_progress in_progress in_progress done"],
		["a lost handler", "pending in_progress handler_lost restart pending in_progress"],
		["an autorestart", "pending in_progress failure restart pending in_progress failure"],
		["PUT while in progress", "pending in_progress restart pending in_progress"],
		["PUT of a paused stream to pause, twice", "pause restart pause restart pause"],
		["PUT of a pending stream", "pending restart pending restart pause"],
		["patched from rest to rest", "pending cancel pause cancel pending pause pending"],
		["deleted, whatever it did", "pending in_progress failure deleted"],
	])("%s", (_, text) => {
		expect(explainLogPath(path(text))).toBeNull();
		expect(isLogPath(path(text))).toBe(true);
		expect(endsAt(path(text))).toBe(path(text).at(-1));
	});

	it.each([
		["begins with a take", "in_progress done"],
		["is done without having been taken", "pending done"],
		["changes its status after its deletion", "pending deleted pending"],
		["loses a handler that it has not", "pending handler_lost restart pending"],
		["is lost into a pause", "pending in_progress handler_lost restart pause"],
		["has a change torn apart by another", "pending in_progress handler_lost in_progress restart pending"],
		["has a restart torn apart by another", "pending in_progress failure restart in_progress"],
		["is paused twice", "pending pause pause"],
		["is cancelled after it was done", "pending in_progress done cancel"],
		["is taken twice without coming back", "pending in_progress failure in_progress"],
		["ends inside a change", "pending in_progress handler_lost restart"],
		["ends inside a PUT", "pending restart"],
		["says what no log says", "pending not_found"],
		["says what an object inherits", "pending constructor"],
	])("not so a log that %s", (_, text) => {
		expect(explainLogPath(path(text))).toEqual(expect.any(String));
		expect(isLogPath(path(text))).toBe(false);
	});

	it("may begin anywhere when its older records were cleared", () => {
		expect(isLogPath(path("in_progress done"), "anywhere")).toBe(true);
		expect(isLogPath(path("restart pause pending"), "anywhere")).toBe(true);
		expect(isLogPath(path("deleted"), "anywhere")).toBe(true);
		expect(isLogPath(path("done cancel"), "anywhere")).toBe(false);
		expect(endsAt(path("in_progress done"))).toBe("done");
	});

	it("says at which record it breaks", () => {
		expect(explainLogPath(path("pending in_progress done cancel"))).toBe(
			"record 3 (cancel) may not follow pending, in_progress, done",
		);
	});

	it("an empty log is a path and ends nowhere", () => {
		expect(isLogPath([])).toBe(true);
		expect(() => endsAt([])).toThrow("empty");
	});
});
