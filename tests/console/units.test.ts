import { describe, expect, test } from "vitest";
import { NodeHistory } from "../../web-console/src/charts/history.ts";
import { ago, bytes, countOf, duration, until } from "../../web-console/src/controls/units.ts";
import { FormState } from "../../web-console/src/forms/form-state.ts";
import { settingsOf } from "../../web-console/src/places/stream/settings-list.ts";

describe("numbers with their units", () => {
	test.each([
		[0, "0 s"],
		[420, "0.4 s"],
		[9_990, "9.9 s"],
		[42_900, "42 s"],
		[200_000, "3 min 20 s"],
		[7_200_000, "2 h"],
		[7_500_000, "2 h 5 min"],
		[356_400_000, "4 d 3 h"],
		[-5, "0 s"],
		[Number.NaN, "–"],
	])("%d ms is %s", (ms, text) => {
		expect(duration(ms)).toBe(text);
	});

	test("ages are rounded down, what is left is rounded up", () => {
		expect([ago(0, 999), ago(0, 1999), ago(5000, 0)]).toEqual(["just now", "1 s ago", "just now"]);
		expect([until(1, 0), until(1001, 0), until(0, 0)]).toEqual(["1 s", "2 s", "now"]);
	});

	test("sizes and counts", () => {
		expect([bytes(0), bytes(1023), bytes(3.4 * 1024 ** 2), bytes(2 ** 50)]).toEqual([
			"0 B",
			"1,023 B",
			"3.4 MiB",
			"1,024 TiB",
		]);
		expect([countOf(1, "stream"), countOf(12_345, "stream")]).toEqual(["1 stream", "12,345 streams"]);
	});
});

describe("the nodes' history", () => {
	const node = (node_id: string, feedback_per_s: number) => ({
		node_id,
		boot_id: "",
		self: false,
		version: "",
		started_at: 0,
		shards: 0,
		actors: 0,
		requests_per_s: 0,
		feedback_per_s,
		commits_per_s: 0,
		commit_p50_ms: 0,
		commit_p99_ms: 0,
		loop_p99_ms: 0,
		console_sockets: 0,
		live_previews: 0,
		rss_bytes: 0,
	});

	test("has a line a node, with gaps where it was away", () => {
		const history = new NodeHistory();
		history.add(1000, [node("a", 1)]);
		history.add(2000, [node("a", 2), node("b", 3)]);
		history.add(2000, [node("a", 9)]);
		history.add(3000, [node("b", 4)]);
		expect(history.names).toEqual(["a", "b"]);
		expect(history.series("feedback_per_s", 10)).toEqual([
			[1, 2, 3],
			[10, 20, null],
			[null, 30, 40],
		]);
	});

	test("keeps ten minutes, and forgets a node that left before", () => {
		const history = new NodeHistory();
		history.add(0, [node("gone", 1)]);
		for (let second = 1; second <= 700; second++) history.add(second * 1000, [node("a", second)]);
		expect(history.names).toEqual(["a"]);
		expect(history.series("feedback_per_s")[0]).toHaveLength(600);
		expect(history.rounds).toBe(701);
	});
});

describe("a form", () => {
	test("says what is wrong with a field when it was left, and with all when it is sent", () => {
		const form = new FormState({ "data.type": "tcp", "autorestart.delay": "0" });
		expect(form.messageAt("autorestart.delay")).toBe("");
		form.leave("autorestart.delay");
		expect(form.messageAt("autorestart.delay")).toBe("Must be 1 or more.");
		expect([form.messageAt("data.reference"), form.wrong]).toEqual(["", 0]);
		expect(form.body()).toBeUndefined();
		expect([form.messageAt("data.reference"), form.wrong]).toEqual(["This is needed.", 3]);
	});

	test("shows what the service says until the field is changed", () => {
		const form = new FormState({
			account_id: "557d54ec-29ad-4f3c-93b4-c9092ef12515",
			"data.type": "tcp",
			"data.reference": "rtsp://camera/1",
		});
		expect(form.body()).toMatchObject({ data: { type: "tcp", reference: "rtsp://camera/1" } });
		form.refuse({ path: "data.reference", message: "no" });
		expect(form.messageAt("data.reference")).toBe("no");
		form.set({ name: "x" });
		expect(form.messageAt("data.reference")).toBe("no");
		form.set({ "data.reference": "rtsp://camera/2" });
		expect(form.messageAt("data.reference")).toBe("");
		form.refuse({ path: "", message: "away" });
		expect(form.general.value).toBe("away");
	});
});

describe("a stream's settings", () => {
	test("are said in words, without what it reports of itself", () => {
		const texts = (value: unknown, path: string) =>
			settingsOf(value, path).map(({ path: at, text }) => `${at}: ${text}`);
		expect(texts({ restart: 1, delay: 5, current_attempt: 2, status: "enabled" }, "autorestart")).toEqual([
			"autorestart.restart: yes",
			"autorestart.delay: 5",
		]);
		expect(texts({ roi: { x: 10, y: 20, width: 0, height: 50, mode: "percent" }, endless: false }, "data")).toEqual([
			"data.roi: from 10, 20 %, size to the edge × 50 %",
			"data.endless: no",
		]);
		expect(texts({ city: "", geo_position: null, weights: [0, 1] }, "location")).toEqual([
			"location.city: not given",
			"location.geo_position: not given",
			"location.weights: 0, 1",
		]);
	});
});
