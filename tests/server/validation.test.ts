import fc from "fast-check";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { describe, expect, test } from "vitest";
import { Fault } from "../../persistence/fault.ts";
import { bodyCheck } from "../../server/http/validation.ts";
import { firstFailure } from "../../server/http/walk.ts";
import { feedback } from "../../server/schemas/feedback.ts";
import { groupPatch, groupToWrite, link } from "../../server/schemas/group.ts";
import { queueTake } from "../../server/schemas/queue.ts";
import { streamPatch, streamsToDelete, streamToWrite } from "../../server/schemas/stream.ts";
import { ID, smallBody } from "./recording-engine.ts";
import { feedbackItem, fullBody, groupBody } from "./sample-bodies.ts";

function failure(schema: TSchema, value: unknown): { path: unknown; message: unknown } | "good" {
	try {
		bodyCheck(schema).read(value);
		return "good";
	} catch (error) {
		if (!(error instanceof Fault) || error.code !== 12022) throw error;
		return { path: error.values["path"], message: error.values["message"] };
	}
}
const path = (schema: TSchema, value: unknown) => {
	const found = failure(schema, value);
	return found === "good" ? "good" : found.path;
};
const withData = (data: object) => ({ ...smallBody, data: { ...smallBody.data, ...data } });
const withVideo = (video_info: object) => ({ streams: [{ ...feedbackItem, video_info }] });

describe("the path and message of 12022", () => {
	test("an unknown member is named by the path of the object that holds it", () => {
		const unexpected = "Additional properties are not allowed ('faces' was unexpected)";
		expect(failure(streamsToDelete, { faces: [] })).toEqual({ path: "", message: unexpected });
		expect(failure(streamToWrite, withData({ faces: 1 }))).toEqual({ path: "data", message: unexpected });
	});

	test("a filter or a patch without any value is refused at the root", () => {
		const nothing = { path: "", message: "at least one field must have a value" };
		expect(failure(streamPatch, {})).toEqual(nothing);
		expect(failure(streamsToDelete, {})).toEqual(nothing);
		expect(failure(streamsToDelete, { stream_ids: [], names: [] })).toEqual(nothing);
		expect(failure(streamsToDelete, { names: [""] })).toBe("good");
	});

	test("a nested member has a dotted path", () => {
		const item = { ...feedbackItem, preview: { live: { url: "http://" } } };
		expect(failure(feedback, { streams: [item] })).toEqual({
			path: "streams.0.preview.live.url",
			message: "URL host invalid",
		});
	});

	test("the first failing member in document order is named, what is missing after it", () => {
		expect(path(streamToWrite, { description: 1, name: 2 })).toBe("description");
		expect(path(streamToWrite, { name: 2, description: 1 })).toBe("name");
		expect(path(streamToWrite, { name: "" })).toBe("account_id");
		expect(path(streamToWrite, { group_name: "a b", bogus: 1 })).toBe("group_name");
		expect(path(streamToWrite, { bogus: 1, group_name: "a b" })).toBe("");
	});

	test("what is not an object is refused at the root", () => {
		for (const value of [null, 1, "x", [], true]) expect(path(streamToWrite, value)).toBe("");
	});

	test("data is judged by its type", () => {
		expect(path(streamToWrite, withData({ type: "file" }))).toBe("data.type");
		expect(path(streamToWrite, { ...smallBody, data: { reference: "x" } })).toBe("data.type");
		expect(path(streamToWrite, withData({ type: "videofile", endless: true }))).toBe("data");
		expect(path(streamToWrite, withData({ type: "images", preferred_program_stream_frame_width: 1 }))).toBe("data");
		expect(path(streamToWrite, withData({ type: "udp", endless: 1 }))).toBe("data.endless");
	});

	test("authorization holds a token or an account_id", () => {
		const by = (authorization: object) => ({ ...smallBody, event_handler: { api_version: 6, authorization } });
		expect(path(streamToWrite, by({ token: "t" }))).toBe("good");
		expect(path(streamToWrite, by({ account_id: ID }))).toBe("good");
		expect(path(streamToWrite, by({ token: "t", account_id: ID }))).toBe("event_handler.authorization");
		expect(path(streamToWrite, by({ account_id: "x" }))).toBe("event_handler.authorization.account_id");
		expect(path(streamToWrite, by({}))).toBe("event_handler.authorization.token");
		expect(path(streamToWrite, by({ token: "x".repeat(8_192) }))).toBe("good");
		for (const token of ["x".repeat(8_193), "a\u0001", "tokén"])
			expect(path(streamToWrite, by({ token }))).toBe("event_handler.authorization.token");
	});

	test("the host of a url is no longer than a name can be", () => {
		const at = (origin: string) => ({ ...smallBody, event_handler: { api_version: 6, origin } });
		for (const origin of [
			`http://${"a.".repeat(149)}a/`,
			`http://u:${"p".repeat(900)}@host/${"x".repeat(900)}`,
			"http://höst/",
		])
			expect(path(streamToWrite, at(origin)), origin).toBe("good");
		// To make ASCII of these takes seven milliseconds each.
		for (const host of [
			`${"a.".repeat(150)}a`,
			Array.from({ length: 2_000 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join(""),
		])
			for (const origin of [`http://${host}/`, `http://u@${host}`, `http://${host}?a@b`])
				expect(path(streamToWrite, at(origin))).toBe("event_handler.origin");
	});
});

describe("limits", () => {
	test("regions: pixels are integers to 65536, percents are numbers whose sums stay within 100", () => {
		const roi = (given: object) => withData({ roi: { x: 0, y: 0, width: 0, height: 0, ...given } });
		expect(path(streamToWrite, roi({ width: 65_536 }))).toBe("good");
		expect(path(streamToWrite, roi({ width: 65_537 }))).toBe("data.roi.width");
		expect(path(streamToWrite, roi({ width: 0.5 }))).toBe("data.roi.width");
		expect(path(streamToWrite, roi({ x: 33.3, width: 66.7, mode: "percent" }))).toBe("good");
		expect(path(streamToWrite, roi({ x: 50, width: 51, mode: "percent" }))).toBe("data.roi");
		expect(path(streamToWrite, roi({ y: 50, height: 51, mode: "percent" }))).toBe("data.roi");
		expect(path(streamToWrite, roi({ width: 101, mode: "percent" }))).toBe("data.roi.width");
		expect(path(streamToWrite, roi({ mode: "share" }))).toBe("data.roi.mode");
	});

	test("lengths count code points", () => {
		expect(path(streamToWrite, { ...smallBody, name: "😀".repeat(128) })).toBe("good");
		expect(path(streamToWrite, { ...smallBody, name: "😀".repeat(129) })).toBe("name");
		expect(path(streamToWrite, withData({ reference: "" }))).toBe("data.reference");
		expect(path(streamToWrite, withData({ reference: "x".repeat(513) }))).toBe("data.reference");
	});

	test("U+0000 and lone surrogates are refused, pairs are not", () => {
		for (const name of ["a\0", "\ud83d", "\ude00x", "\ude00\ud83d"]) {
			expect(path(streamToWrite, { ...smallBody, name })).toBe("name");
		}
		expect(path(streamToWrite, { ...smallBody, name: "\ud83d\ude00" })).toBe("good");
	});

	test("integers end at 2147483647; 1.0 is one, 1.5 and a huge number are none", () => {
		const fps = (text: string) => JSON.parse(`{"real_time_mode_fps":${text}}`);
		for (const [text, want] of [
			["2147483647", "good"],
			["1.0", "good"],
			["1e2", "good"],
			["2147483648", "policies.real_time_mode_fps"],
			["1.5", "policies.real_time_mode_fps"],
			["1e400", "policies.real_time_mode_fps"],
			["-1", "policies.real_time_mode_fps"],
			['"1"', "policies.real_time_mode_fps"],
		] as const) {
			expect(path(streamToWrite, { ...smallBody, policies: fps(text) })).toBe(want);
		}
	});

	test("uuids are lower case", () => {
		expect(path(streamToWrite, { ...smallBody, account_id: ID.toUpperCase() })).toBe("account_id");
		expect(path(link, { action: "attach", group_id: ID, stream_ids: [ID, ID.toUpperCase()] })).toBe("stream_ids.1");
		expect(path(link, { action: "attach", group_id: ID, stream_ids: [] })).toBe("stream_ids");
		expect(path(link, { action: "attach", group_id: ID, stream_ids: Array(1001).fill(ID) })).toBe("stream_ids");
	});

	test("video_info: members may be absent or null, times are RFC 3339", () => {
		expect(path(feedback, withVideo({}))).toBe("good");
		expect(path(feedback, withVideo({ width: null, start_time: null, progress: 1 }))).toBe("good");
		expect(path(feedback, withVideo({ start_time: "yesterday" }))).toBe("streams.0.video_info.start_time");
		expect(path(feedback, withVideo({ progress: 1.01 }))).toBe("streams.0.video_info.progress");
		expect(path(feedback, withVideo({ frame_rate: -1 }))).toBe("streams.0.video_info.frame_rate");
	});

	test("preview urls are http or https, with a host, of at most 2048 characters", () => {
		const live = (url: unknown) => ({ streams: [{ ...feedbackItem, preview: { live: { url } } }] });
		for (const url of ["http://h", "https://user@h:1/x?y", "http://[::1]:9/x", `http://h/${"x".repeat(2039)}`]) {
			expect(path(feedback, live(url))).toBe("good");
		}
		const bad = [
			"",
			"h",
			"ftp://h",
			"http:h",
			"http:///x",
			"http://:80/",
			"http://a b/",
			"//h",
			1,
			`http://h/${"x".repeat(2040)}`,
		];
		for (const url of bad) expect(path(feedback, live(url))).toBe("streams.0.preview.live.url");
	});

	test("any status of the reference page parses in feedback, another word does not", () => {
		const item = (status: string) => ({ streams: [{ stream_id: ID, version: 1, status }] });
		expect(path(feedback, item("not_found"))).toBe("good");
		expect(path(feedback, item("deleted"))).toBe("streams.0.status");
	});

	test("a description of null is refused", () => {
		expect(path(streamPatch, { description: null })).toBe("description");
		expect(path(groupPatch, { description: null })).toBe("description");
		expect(path(groupPatch, {})).toBe("description");
	});
});

describe("defaults", () => {
	test("are filled in at every depth, members in one order", () => {
		const read = bodyCheck(streamToWrite).read({
			...smallBody,
			location: { house_number: "1", city: "x" },
			policies: { filtering: { min_score: 0 } },
		});
		expect(JSON.stringify(read.location)).toBe(
			'{"city":"x","area":null,"district":null,"street":null,"house_number":"1","geo_position":null}',
		);
		expect(read.policies?.filtering).toEqual({
			min_score: 0,
			detection_yaw_threshold: 40,
			detection_pitch_threshold: 40,
			detection_roll_threshold: 30,
			yaw_number: 1,
			yaw_collection_mode: false,
			mouth_occlusion_threshold: 0,
			min_body_size_threshold: 0,
		});
		expect(read.policies?.healthcheck).toEqual({ max_error_count: 10, period: 3600, retry_delay: 5 });
		expect(read).toMatchObject({
			name: "",
			description: "",
			status: "pending",
			autorestart: { restart: 0, delay: 60 },
		});
	});

	test("belong to the type of the data", () => {
		const data = (type: string) => bodyCheck(streamToWrite).read(withData({ type })).data;
		expect(data("tcp")).toMatchObject({ endless: true, preferred_program_stream_frame_width: 800, rotation: 0 });
		expect(data("videofile")).not.toHaveProperty("endless");
		expect(data("images")).not.toHaveProperty("preferred_program_stream_frame_width");
	});

	test("leave what was written, false and 0 and null as well", () => {
		expect(bodyCheck(streamToWrite).read(fullBody)).toMatchObject(fullBody);
	});

	test("a written value that is whole passes unchanged a second time", () => {
		const once = bodyCheck(streamToWrite).read(fullBody);
		expect(bodyCheck(streamToWrite).read(once)).toEqual(once);
	});

	test("a body cannot reach the prototype of anything", () => {
		const body = JSON.parse('{"__proto__":{"polluted":1},"limit":1,"filters":{}}');
		expect(failure(queueTake, body)).toEqual({
			path: "",
			message: "Additional properties are not allowed ('__proto__' was unexpected)",
		});
		expect(path(queueTake, { limit: 1, filters: {}, constructor: 1 })).toBe("");
	});
});

/** Changes one place of a JSON value: replaces it, takes it away or puts a member beside it. */
function changed(
	value: unknown,
	steps: number[],
	what: { kind: "replace" | "remove" | "add"; junk: unknown },
): unknown {
	const root = { value: structuredClone(value) };
	let holder: Record<string, unknown> = root;
	let name = "value";
	for (const step of steps) {
		const here = holder[name];
		if (typeof here !== "object" || here === null || Object.keys(here).length === 0) break;
		const names = Object.keys(here);
		holder = here as Record<string, unknown>;
		name = names[step % names.length] ?? "";
	}
	if (what.kind === "replace") holder[name] = what.junk;
	if (what.kind === "remove" && !Array.isArray(holder) && holder !== root) delete holder[name];
	if (what.kind === "add" && !Array.isArray(holder) && holder !== root) holder[`${name}_`] = what.junk;
	return root.value;
}

test("the compiled check refuses a value exactly when the walk finds what is wrong with it", () => {
	const junk = fc.oneof(
		fc.jsonValue({ maxDepth: 2 }),
		fc.constantFrom(
			0,
			1,
			-1,
			1.5,
			101,
			65_537,
			2 ** 31,
			"",
			"abs",
			"percent",
			"tcp",
			"images",
			ID,
			"http://",
			"\0",
			null,
			{},
			[],
		),
	);
	const change = fc.record({
		steps: fc.array(fc.nat(20), { maxLength: 5 }),
		what: fc.record({ kind: fc.constantFrom("replace" as const, "remove" as const, "add" as const), junk }),
	});
	const bodies: [TSchema, unknown][] = [
		[streamToWrite, fullBody],
		[streamToWrite, { ...fullBody, data: { type: "images", reference: "x" } }],
		[feedback, { streams: [feedbackItem, { ...feedbackItem, error: null }] }],
		[streamPatch, { description: "d", status: "pause" }],
		[streamsToDelete, { stream_ids: [ID], names: ["a"] }],
		[queueTake, { filters: { stream_ids: [ID], group_names: ["g"] }, limit: 1 }],
		[groupToWrite, groupBody],
		[link, { action: "attach", stream_ids: [ID], group_id: ID }],
	];
	const checked = bodies.map(([schema, body]) => ({ schema, body, check: Compile(schema) }));
	for (const { check, body } of checked) expect(check.Check(body)).toBe(true);
	let refused = 0;
	fc.assert(
		fc.property(
			fc.constantFrom(...checked),
			fc.array(change, { minLength: 1, maxLength: 3 }),
			({ schema, body, check }, changes) => {
				const value = changes.reduce<unknown>((before, { steps, what }) => changed(before, steps, what), body);
				const good = check.Check(value);
				if (!good) refused++;
				expect(firstFailure(schema, value) === undefined).toBe(good);
			},
		),
		{ numRuns: 5_000 },
	);
	expect(refused).toBeGreaterThan(1_000);
});
