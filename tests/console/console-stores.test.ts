import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ActionProgress, StreamSet } from "../../client/console/protocol.ts";
import { hrefOf, parseAddress } from "../../web-console/src/app/address.ts";
import { keyName } from "../../web-console/src/app/key-names.ts";
import { ageText } from "../../web-console/src/controls/durations.ts";
import { namesWords, questionWords } from "../../web-console/src/places/streams/action-words.ts";
import { errorWords, progressOf, rateWords, restartWords } from "../../web-console/src/places/streams/row-words.ts";
import { layoutOf, sizeOf } from "../../web-console/src/places/wall/layout.ts";
import { Bulk } from "../../web-console/src/stores/bulk.ts";
import { ConsoleApi, Refusal } from "../../web-console/src/stores/console-api.ts";
import { Selection } from "../../web-console/src/stores/selection.ts";
import { idOf, rowOf } from "./rows.ts";
import { ToldConnection } from "./told-connection.ts";

describe("addresses", () => {
	test("what goes into one comes out of it", () => {
		const text = fc.string({ unit: "grapheme", minLength: 1 });
		fc.assert(
			fc.property(text, fc.array(text, { maxLength: 3 }), text, (place, rest, q) => {
				const { query, ...path } = parseAddress(hrefOf(place, rest, { q, empty: "" }));
				expect(path).toEqual({ place, rest });
				expect([...query]).toEqual([["q", q]]);
			}),
		);
	});

	test("whatever stands there can be read", () => {
		expect(parseAddress("").place).toBe("");
		expect(parseAddress("#/%E0%A4%A/x?q=%")).toMatchObject({ place: "%E0%A4%A", rest: ["x"] });
		fc.assert(fc.property(fc.string({ unit: "binary" }), (hash) => void parseAddress(hash)));
	});
});

test("keys have one name, on whatever keyboard", () => {
	const press = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
	expect(keyName({ ...press, key: "j" })).toBe("j");
	expect(keyName({ ...press, key: "A", shiftKey: true })).toBe("Shift+A");
	expect(keyName({ ...press, key: "?", shiftKey: true })).toBe("?");
	expect(keyName({ ...press, key: " " })).toBe("Space");
	expect(keyName({ ...press, key: "ArrowDown", shiftKey: true })).toBe("Shift+ArrowDown");
	expect(keyName({ ...press, key: "a", metaKey: true })).toBe("Ctrl+a");
});

describe("the selection", () => {
	test("is some streams, or all that match, and never both", () => {
		const selection = new Selection();
		selection.toggle(idOf(1), 1);
		selection.add([idOf(2), idOf(3)]);
		selection.toggle(idOf(2), 2);
		expect(selection.selected.value).toEqual({ kind: "some", ids: new Set([idOf(1), idOf(3)]) });
		expect(selection.anchor).toBe(2);
		selection.all();
		expect(selection.has(idOf(99))).toBe(true);
		selection.toggle(idOf(4), 4);
		expect(selection.selected.value).toEqual({ kind: "some", ids: new Set([idOf(4)]) });
		selection.clear();
		expect(selection.has(idOf(4))).toBe(false);
	});
});

describe("a bulk action", () => {
	const set: StreamSet = {
		set_id: idOf(900),
		total: 3,
		capped: false,
		counts: { pending: 0, in_progress: 3, done: 0, pause: 0, cancel: 0, failure: 0 },
		names: ["Gate", "", "Yard"],
		expires_in: 300,
	};
	const progress = (done: number): ActionProgress => ({
		action_id: idOf(901),
		action: "pause",
		total: 3,
		done,
		outcomes: { applied: done, unchanged: 0, refused: 0, failed: 0 },
		problems: [],
		finished: done === 3,
	});
	const settled = () => new Promise((resolve) => setImmediate(resolve));

	test("freezes, asks, and is done once, however often it is confirmed; then it is followed to its end", async () => {
		const connection = new ToldConnection();
		const begun: unknown[] = [];
		const api = {
			freeze: async () => set,
			begin: async (...what: unknown[]) => {
				begun.push(what);
				return progress(0);
			},
		};
		const bulk = new Bulk("attach", { stream_ids: [idOf(1)] }, api, connection);
		expect(bulk.state.value.step).toBe("freezing");
		await settled();
		expect(bulk.state.value).toEqual({ step: "asking", set });
		void bulk.confirm(idOf(5));
		await bulk.confirm(idOf(5));
		await settled();
		expect(begun).toEqual([[idOf(900), "attach", idOf(5)]]);
		expect(connection.questions).toEqual([{ op: "action", action_id: idOf(901) }]);
		connection.tell({ type: "action", progress: progress(2) });
		expect(bulk.state.value).toMatchObject({ step: "running", progress: { done: 2 } });
		connection.tell({ type: "action", progress: progress(3) });
		expect(bulk.state.value).toMatchObject({ step: "finished" });
		expect(connection.ended).toBe(true);
	});

	test("that cannot be prepared or begun says why", async () => {
		const answer = { error_code: 39903, desc: "Forbidden", detail: "Only for operators" };
		const api = new ConsoleApi("http://x/", async () => ({ ok: false, status: 403, json: async () => answer }));
		const bulk = new Bulk("pause", { filter: {} }, api, new ToldConnection());
		await settled();
		expect(bulk.state.value).toEqual({ step: "failed", reason: "Forbidden: Only for operators" });
	});

	test("says exactly how many and which", () => {
		expect(questionWords("pause", set)).toBe("Pause 3 streams");
		expect(questionWords("delete", { ...set, total: 1 })).toBe("Delete 1 stream");
		expect(questionWords("delete", { ...set, total: 100_000, capped: true })).toBe(
			"Delete 100,000 streams, the first that match; there are more",
		);
		expect(namesWords(set)).toBe("Gate, (no name) and Yard");
		expect(namesWords({ ...set, total: 1203 })).toBe("Gate, (no name), Yard and 1,200 more");
	});
});

describe("the console's own resources", () => {
	test("are asked for below the page, and errors come in the catalogue's words", async () => {
		const asked: unknown[] = [];
		let answer: { ok: boolean; status: number; json: () => Promise<unknown> } = {
			ok: true,
			status: 204,
			json: () => Promise.reject(new Error("no body")),
		};
		const api = new ConsoleApi("http://x/6/luna/", async (url, { method, body }) => {
			asked.push([method, url, body]);
			return answer;
		});
		await api.deleteView("a/b");
		expect(asked).toEqual([["DELETE", "http://x/6/luna/console/views/a%2Fb", undefined]]);
		const fault = { error_code: 39902, desc: "Unauthorized", detail: "No session" };
		answer = { ok: false, status: 401, json: async () => fault };
		await expect(api.savedViews()).rejects.toEqual(new Refusal(39902, "Unauthorized: No session"));
		expect(await api.me()).toBeNull();
		answer = { ok: false, status: 502, json: () => Promise.reject(new SyntaxError("not JSON")) };
		await expect(api.savedViews()).rejects.toThrow("The service answered 502.");
		await expect(api.me()).rejects.toThrow("The service answered 502.");
	});
});

describe("what a row says", () => {
	test("progress of sources that have an end, frames per second while it runs", () => {
		expect(progressOf(rowOf(1, { type: "videofile", progress: 0.4 }))).toBe(0.4);
		expect(progressOf(rowOf(1, { type: "tcp", progress: 0.4 }))).toBeNull();
		expect(rateWords(rowOf(1, { frame_rate: 14.98 }))).toBe("15 fps");
		expect(rateWords(rowOf(1, { frame_rate: 15, status: "done" }))).toBe("");
	});

	test("how autorestart stands", () => {
		const { restart } = rowOf(1);
		const words = (more: Partial<typeof restart>) =>
			restartWords(rowOf(1, { restart: { ...restart, on: true, ...more } }));
		expect(restartWords(rowOf(1))).toBe("");
		expect(words({ status: "enabled" })).toBe("on");
		expect(words({ status: "in_progress", current_attempt: 2 })).toBe("2/10");
		expect(words({ status: "failed", current_attempt: 10 })).toBe("10/10 used");
		expect(words({ status: "denied" })).toBe("denied");
	});

	test("an error with its number, and what its detail adds", () => {
		expect(errorWords({ error_code: 5, desc: "refused", detail: "by 10.0.0.1" })).toBe("5 refused: by 10.0.0.1");
		expect(errorWords({ error_code: 5, desc: "refused", detail: "refused" })).toBe("5 refused");
	});

	test("ages in a few signs", () => {
		expect([-5, 999, 1000, 59_999, 60_000, 7_200_000, 172_800_000].map(ageText)).toEqual([
			"now",
			"now",
			"1 s",
			"59 s",
			"1 min",
			"2 h",
			"2 d",
		]);
	});
});

describe("the wall's tiles", () => {
	test("fill the width, whatever it is, in a size near the one that was asked for", () => {
		fc.assert(
			fc.property(fc.integer({ min: 200, max: 8000 }), fc.integer({ min: 160, max: 640 }), (width, size) => {
				const { columns, row } = layoutOf(width, size);
				expect(columns).toBeGreaterThanOrEqual(1);
				expect(row).toBeGreaterThan(32);
				const tile = (width - 6) / columns - 6;
				if (columns > 1) expect(Math.abs(tile - size)).toBeLessThanOrEqual(size / 2 + 6);
			}),
		);
		expect([sizeOf("320"), sizeOf("5"), sizeOf("x"), sizeOf(null)]).toEqual([320, 280, 280, 280]);
	});
});
