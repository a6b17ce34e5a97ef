import { describe, expect, test } from "vitest";
import { expectInvalid, said } from "./faults.ts";
import { openTarget, UNKNOWN } from "./target.ts";

const target = await openTarget();
const { api } = target;
const most = 2_147_483_647;
/** One code point, two UTF-16 units, four bytes. */
const wide = "🎥";
const longUrl = (length: number) => "http://store.example/".padEnd(length, "x");

/** Values of one member, given by its path, that are taken and that are refused. */
type Limit = readonly [path: string, good: readonly unknown[], bad: readonly unknown[]];

const flag: readonly [unknown[], unknown[]] = [
	[true, false],
	[0, 1, "true", null],
];
const count: readonly [unknown[], unknown[]] = [
	[0, 1, most],
	[-1, most + 1, 0.5, "1", null, true, 1e300],
];
const share: readonly [unknown[], unknown[]] = [
	[0, 1, 0.6, 1e-9],
	[-0.001, 1.001, "0.5", null],
];
const degrees: readonly [unknown[], unknown[]] = [
	[0, 180, 40.5],
	[-0.1, 180.1, "40", null],
];
const address: readonly [unknown[], unknown[]] = [
	["", "x".repeat(256), wide.repeat(256), null],
	["x".repeat(257), wide.repeat(257), 1],
];
const url: readonly [unknown[], unknown[]] = [
	["http://127.0.0.1:5000", "https://luna.example/6?x=1", "http://[::1]:80/", longUrl(2048)],
	["", "luna", "ftp://host/", "http://", "http:///x", "../dictionary", "http://a b/", null, 1, longUrl(2049)],
];
const uuid: readonly [unknown[], unknown[]] = [
	[UNKNOWN, crypto.randomUUID()],
	["", "x", UNKNOWN.replace("0", "A"), `${UNKNOWN}0`, null, 1],
];
const unclean = ["a\u0000b", "\u0000", "\ud800", "\udc00x", "x\ud83d"];

const written: readonly Limit[] = [
	["account_id", ...uuid],
	[
		"name",
		["", "x".repeat(128), wide.repeat(128), "a,b", "\n"],
		["x".repeat(129), wide.repeat(129), 1, null, ...unclean],
	],
	["description", ["", "x".repeat(512), wide.repeat(512)], ["x".repeat(513), wide.repeat(513), 1, null, ...unclean]],
	["group_name", [], ["", "a b", "ü", "a".repeat(129), null, 1, "a\n"]],
	[
		"data.reference",
		["r", "x".repeat(512), wide.repeat(512)],
		["", "x".repeat(513), wide.repeat(513), null, 1, ...unclean],
	],
	["data.type", ["tcp", "udp"], ["", "rtsp", "TCP", null, 1]],
	["data.rotation", [0, 90, 180, 270], [45, 360, -90, "90", null]],
	["data.preferred_program_stream_frame_width", [1, 800, most], [0, -1, most + 1, 800.5, "800", null]],
	["data.endless", ...flag],
	["data.roi", [], [null, [], "whole", 1]],
	["event_handler", [], [null, [], "x"]],
	["event_handler.api_version", [6], [5, 7, "6", null]],
	["event_handler.origin", ...url],
	["event_handler.frame_store", ...url],
	["event_handler.bestshot_handler.handler_id", ...uuid],
	["event_handler.bestshot_handler", [], [null, []]],
	["event_handler.detection_handler", [null, { handler_id: UNKNOWN }], [[], "x"]],
	["event_handler.authorization", [{ token: "t" }, { account_id: UNKNOWN }], [null, [], "t"]],
	["event_handler.authorization.token", ["t", "x".repeat(8_192)], ["", null, 1, ...unclean]],
	["event_handler.authorization.account_id", ...uuid],
	["policies", [{}], [null, [], 1]],
	["policies.sending", [{}], [null, []]],
	["policies.sending.time_period_of_searching", [-1, 0, most], [-2, most + 1, 0.5, "1", null]],
	["policies.sending.silent_period", ...count],
	["policies.sending.type", ["sec", "frames"], ["", "seconds", null, 1]],
	["policies.sending.number_of_bestshots_to_send", ...count],
	["policies.sending.send_only_full_set", ...flag],
	["policies.sending.delete_track_after_sending", ...flag],
	["policies.primary_track_policy.use_primary_track_policy", ...flag],
	["policies.primary_track_policy.best_shot_min_size", ...count],
	["policies.primary_track_policy.best_shot_proper_size", ...count],
	["policies.liveness.use_shoulders_liveness_filtration", ...flag],
	["policies.liveness.use_mask_liveness_filtration", ...flag],
	["policies.liveness.use_flying_faces_liveness_filtration", ...flag],
	["policies.liveness.liveness_mode", [0, 1, 2], [-1, 3, 0.5, "0", null]],
	["policies.liveness.number_of_liveness_checks", ...count],
	["policies.liveness.liveness_threshold", ...share],
	[
		"policies.liveness.livenesses_weights",
		[
			[0, 0, 0],
			[1, 1, 1],
			[0.05, 0.45, 0.5],
		],
		[[], [0, 0], [0, 0, 0, 0], null, 1],
	],
	["policies.liveness.mask_backgrounds_count", ...count],
	["policies.filtering.min_score", ...share],
	["policies.filtering.detection_yaw_threshold", ...degrees],
	["policies.filtering.detection_pitch_threshold", ...degrees],
	["policies.filtering.detection_roll_threshold", ...degrees],
	["policies.filtering.yaw_number", [1, most], [0, -1, most + 1, 1.5, "1", null]],
	["policies.filtering.yaw_collection_mode", ...flag],
	["policies.filtering.mouth_occlusion_threshold", ...share],
	["policies.filtering.min_body_size_threshold", [0, 0.1, 5000], [-0.1, "0", null]],
	["policies.frame_processing_mode", ["auto", "full_frame", "scale_frame"], ["", "full", null, 0]],
	["policies.real_time_mode_fps", ...count],
	["policies.ffmpeg_threads_number", ...count],
	["policies.healthcheck.max_error_count", ...count],
	["policies.healthcheck.period", [1, most], [0, -1, most + 1, 1.5, null]],
	["policies.healthcheck.retry_delay", ...count],
	["policies.healthcheck.timeout", [1, most], [0, -1, most + 1, 0.5, "1", null]],
	["location", [{}], [null, [], "Moscow"]],
	["location.city", ...address],
	["location.area", ...address],
	["location.district", ...address],
	["location.street", ...address],
	["location.house_number", ...address],
	["location.geo_position", [null, { longitude: 180, latitude: -90 }], [[], "x"]],
	["autorestart", [{}], [null, [], 1]],
	["autorestart.restart", [0, 1], [-1, 2, true, "1", null]],
	["autorestart.attempt_count", [1, most], [0, -1, most + 1, 1.5, "1", null]],
	["autorestart.delay", [1, most], [0, -1, most + 1, 0.5, "1", null]],
];

/** The body with one member set, whatever lies on the way to it. */
function having(path: string, value: unknown, body = target.body()): Record<string, unknown> {
	const [name = "", ...rest] = path.split(".");
	const within = (body[name] ?? {}) as Record<string, unknown>;
	return { ...body, [name]: rest.length === 0 ? value : having(rest.join("."), value, { ...within }) };
}

function at(value: unknown, path: string): unknown {
	return path.split(".").reduce((part, name) => (part as Record<string, unknown>)[name], value);
}

describe("members of a stream", () => {
	test.each(written)("%s has its limits", async (path, good, bad) => {
		await Promise.all([
			...good.map(async (value) => {
				const answer = await api.post<{ stream_id: string }>("/1/streams", having(path, value));
				expect(answer.status, `${path} ${JSON.stringify(value)}: ${JSON.stringify(answer.body)}`).toBe(201);
				target.owns(answer.body.stream_id);
				const kept = at(await target.stream(answer.body.stream_id), path);
				if (typeof value === "object" && value !== null) expect(kept).toMatchObject(value);
				else expect(kept).toBe(value);
			}),
			...bad.map(async (value) =>
				expectInvalid(await api.post("/1/streams", having(path, value)), path, `${path} ${JSON.stringify(value)}`),
			),
		]);
	});
	test("a group name has 1 to 128 characters of its alphabet", async () => {
		for (const name of [`Az_-9${target.mark}`, target.mark.padEnd(128, "x")]) {
			await target.createGroup(name);
			expect((await target.stream(await target.create({ group_name: name }))).groups).toEqual([name]);
		}
	});
	test("a weight is 0 to 1, and its place is told", async () => {
		const path = "policies.liveness.livenesses_weights";
		expectInvalid(await api.post("/1/streams", having(path, [0, 1.1, 0])), `${path}.1`);
		expectInvalid(await api.post("/1/streams", having(path, [0, 0, "0"])), `${path}.2`);
	});
	test("a position on the globe has both numbers, within the globe", async () => {
		const path = "location.geo_position";
		for (const value of [
			{ longitude: 180, latitude: 90 },
			{ longitude: -180, latitude: -90 },
			{ longitude: 36.616, latitude: 55.752 },
		])
			expect((await target.stream(await target.create(having(path, value)))).location["geo_position"]).toEqual(value);
		for (const [name, value] of Object.entries({
			longitude: [180.1, -180.1, null, "0"],
			latitude: [90.1, -90.1, null, "0"],
		}))
			for (const bad of value)
				expectInvalid(
					await api.post("/1/streams", having(`${path}.${name}`, bad, having(path, { longitude: 0, latitude: 0 }))),
					`${path}.${name}`,
				);
		expectInvalid(await api.post("/1/streams", having(path, { longitude: 0 })), `${path}.latitude`);
	});
});

describe("regions", () => {
	const kept = async (member: string, region: object) => {
		const id = await target.create(having(`data.${member}`, region));
		return (await target.stream(id)).data[member];
	};
	const zero = { x: 0, y: 0, width: 0, height: 0 };
	test("in pixels are integers 0 to 65536", async () => {
		for (const member of ["roi", "droi"]) {
			const largest = { x: 65_536, y: 65_536, width: 65_536, height: 65_536, mode: "abs" };
			for (const region of [{ ...zero, mode: "abs" }, largest]) expect(await kept(member, region)).toEqual(region);
			expect(await kept(member, zero)).toEqual({ ...zero, mode: "abs" });
			for (const name of Object.keys(zero))
				for (const value of [-1, 65_537, 0.5, "0", null])
					expectInvalid(
						await api.post("/1/streams", having(`data.${member}`, { ...zero, [name]: value })),
						`data.${member}.${name}`,
					);
		}
	});
	test("in percent are numbers 0 to 100 that end within the frame", async () => {
		const percent = { ...zero, mode: "percent" };
		for (const member of ["roi", "droi"]) {
			for (const region of [percent, { ...percent, x: 10.5, width: 89.5, height: 100 }, { ...percent, x: 100, y: 100 }])
				expect(await kept(member, region)).toEqual(region);
			for (const name of Object.keys(zero))
				for (const value of [-0.1, 100.1, "0", null])
					expectInvalid(
						await api.post("/1/streams", having(`data.${member}`, { ...percent, [name]: value })),
						`data.${member}.${name}`,
					);
			for (const beyond of [
				{ x: 50, width: 50.5 },
				{ y: 0.5, height: 100 },
			])
				expectInvalid(
					await api.post("/1/streams", having(`data.${member}`, { ...percent, ...beyond })),
					`data.${member}`,
				);
		}
	});
	test("have all four numbers and a known mode", async () => {
		for (const name of Object.keys(zero))
			expectInvalid(
				await api.post("/1/streams", having("data.roi", { ...zero, [name]: undefined })),
				`data.roi.${name}`,
			);
		for (const mode of ["", "ABS", "pixels", null])
			expectInvalid(await api.post("/1/streams", having("data.roi", { ...zero, mode })), "data.roi.mode");
	});
});

test("a patched description has at most 128 characters, one in PUT 512", async () => {
	const id = await target.create();
	for (const description of ["x".repeat(128), wide.repeat(128)]) {
		await target.patch(id, { description });
		expect((await target.stream(id)).description).toBe(description);
	}
	for (const description of ["x".repeat(129), wide.repeat(129), 1, ...unclean])
		expectInvalid(await api.patch(`/1/streams/${id}`, { description }), "description");
	expect((await api.put(`/1/streams/${id}`, target.body({ description: wide.repeat(512) }))).status).toBe(200);
});

test("members of a group have their limits", async () => {
	for (const description of ["", "x".repeat(256), wide.repeat(256)]) {
		const { group_id } = await target.createGroup(target.name(), { description });
		expect((await target.groups(`group_ids=${group_id}`))[0]?.description).toBe(description);
	}
	const body = { account_id: target.account, group_name: target.name() };
	for (const [name, values] of Object.entries({
		account_id: uuid[1],
		group_name: ["", "a b", "ü", "a".repeat(129), null, 1, "a\n"],
		description: ["x".repeat(257), wide.repeat(257), null, 1, ...unclean],
	}))
		for (const value of values)
			expectInvalid(await api.post("/1/groups", { ...body, [name]: value }), name, `${name} ${JSON.stringify(value)}`);
	for (const name of Object.keys(body))
		expectInvalid(await api.post("/1/groups", { ...body, [name]: undefined }), name);
});

describe("feedback", () => {
	const post = (item: object) => api.post("/1/streams/processing/feedback", { streams: [item] });
	const item = { stream_id: UNKNOWN, version: 1, status: "in_progress" };
	const amount: readonly [unknown[], unknown[]] = [
		[0, 25, 29.97, null],
		[-0.1, "25", true],
	];
	const limits: readonly Limit[] = [
		["stream_id", ...uuid],
		["version", [0, 1, most], [-1, most + 1, 1.5, "1", null]],
		[
			"status",
			["pending", "in_progress", "done", "pause", "restart", "cancel", "failure", "handler_lost", "not_found"],
			["", "deleted", "DONE", null, 1],
		],
		["error", [null], [[], "x", 1, {}]],
		["error.error_code", [0, 1, most], ["1", 0.5, most + 1, null]],
		["error.desc", ["", "x".repeat(256), wide.repeat(256)], ["x".repeat(257), wide.repeat(257), null, 1, ...unclean]],
		[
			"error.detail",
			["", "x".repeat(2048), wide.repeat(2048)],
			["x".repeat(2049), wide.repeat(2049), null, 1, ...unclean],
		],
		["video_info", [null, {}], [[], "x", 1]],
		["video_info.width", [0, 1920, null], [-1, 0.5, "1", most + 1]],
		["video_info.height", [0, 1080, null], [-1, 0.5, "1", most + 1]],
		["video_info.frame_rate", ...amount],
		["video_info.bit_rate", ...amount],
		["video_info.gop_size", ...amount],
		["video_info.duration", ...amount],
		["video_info.progress", [0, 1, 0.5, null], [-0.1, 1.1, "1"]],
		["video_info.start_time", ["2018-08-11T09:11:41.674Z", null], ["", "yesterday", 1]],
		["preview", [null, {}], [[], "x"]],
		["preview.live", [null], [[], "x", {}]],
		["preview.last_frame", [null], [[], "x", {}]],
		["preview.live.url", ...url],
		["preview.last_frame.url", ...url],
	];
	const error = { error_code: 1, desc: "d", detail: "e" };
	/** Where a refusal of this value is shown: a missing member's own path. */
	const shown = (path: string, value: unknown) =>
		JSON.stringify(value) === "{}" ? (path === "error" ? "error.error_code" : `${path}.url`) : path;
	test.each(limits)("%s has its limits", async (path, good, bad) => {
		const base = path.startsWith("error.") ? { ...item, error } : item;
		for (const value of good) {
			const answer = await post(having(path, value, base));
			expect(answer.status, `${path} ${JSON.stringify(value)}: ${JSON.stringify(answer.body)}`).toBe(200);
		}
		for (const value of bad)
			expectInvalid(
				await post(having(path, value, base)),
				`streams.0.${shown(path, value)}`,
				`${path} ${JSON.stringify(value)}`,
			);
	});
	test("takes 0 to 10,000 items", async () => {
		const answerTo = (length: number) =>
			api.post("/1/streams/processing/feedback", { streams: Array(length).fill(item) });
		expect(said(await answerTo(0))).toEqual({ status: 200, body: { streams: { modified: [], unmodified: [] } } });
		expect((await answerTo(10_000)).status).toBe(200);
		expectInvalid(await answerTo(10_001), "streams");
	});
});

describe("lists of a thousand", () => {
	const ids = Array.from({ length: 1_001 }, () => crypto.randomUUID());
	const names = ids.map((id) => `${target.mark}-${id}`);
	test("DELETE of streams takes 1,000 ids and 1,000 names", async () => {
		const thousand = { stream_ids: ids.slice(1), names: names.slice(1) };
		expect((await api.delete("/1/streams", thousand)).status).toBe(204);
		expectInvalid(await api.delete("/1/streams", { stream_ids: ids }), "stream_ids");
		expectInvalid(await api.delete("/1/streams", { names }), "names");
		expectInvalid(await api.delete("/1/streams", { names: [wide.repeat(129)] }), "names.0");
		expect((await api.delete("/1/streams", { names: [target.mark + wide.repeat(120)] })).status).toBe(204);
	});
	test("the linker takes 1 to 1,000 ids", async () => {
		const { group_id } = await target.createGroup();
		const stream_id = await target.create();
		const link = (stream_ids: string[]) => api.post("/1/linker", { action: "attach", group_id, stream_ids });
		expect((await link(Array(1_000).fill(stream_id))).status).toBe(204);
		expectInvalid(await link(ids), "stream_ids");
		expectInvalid(await link([]), "stream_ids");
	});
	test("a page has 1 to 1,000 items", async () => {
		for (const path of ["/1/streams", "/1/groups", "/1/streams/logs"])
			for (const query of ["page_size=1", "page_size=1000", "page=1", "page=2147483647"])
				expect((await api.get(`${path}?account_id=${target.account}&${query}`)).status, `${path}?${query}`).toBe(200);
	});
});

test("limits of the queue", async () => {
	const post = (body: object, query = "") => api.post(`/1/streams/processing/queue${query}`, body);
	const filters = { stream_ids: [UNKNOWN] };
	for (const limit of [1, 1_000, most]) expect((await post({ filters, limit })).status).toBe(200);
	for (const limit of [0, -1, 1.5, "1", null, most + 1]) expectInvalid(await post({ filters, limit }), "limit");
	expectInvalid(await post({ filters }), "limit");
	expectInvalid(await post({ limit: 1 }), "filters");
	for (const [name, bad] of Object.entries({
		stream_ids: "none",
		names: wide.repeat(129),
		group_ids: "none",
		group_names: 1,
	}))
		expectInvalid(await post({ filters: { [name]: [bad] }, limit: 1 }), `filters.${name}.0`);
	expectInvalid(await post({ filters: null, limit: 1 }), "filters");
	for (const wait of ["0", "0.05", "0.0"])
		expect((await post({ filters, limit: 1 }, `?wait=${wait}`)).status).toBe(200);
	for (const wait of ["-1", "61", "60.5", "x", ""])
		expect((await post({ filters, limit: 1 }, `?wait=${wait}`)).status, wait).toBe(400);
	for (const limit of ["1", String(most)])
		expect((await api.get(`/1/streams/processing/queue?stream_ids=${UNKNOWN}&limit=${limit}`)).status).toBe(200);
});
