import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fault } from "../../persistence/fault.ts";
import { describedApi } from "../../scripts/described-api.ts";
import { streamFormFile, streamFormModule } from "../../scripts/stream-form.ts";
import { bodyCheck } from "../../server/http/validation.ts";
import { streamToWrite } from "../../server/schemas/stream.ts";
import { bodyOf, draftOf } from "../../web-console/src/forms/draft.ts";
import { schemaAt } from "../../web-console/src/forms/form-schema.ts";
import { placed } from "../../web-console/src/forms/server-errors.ts";
import { validateStream } from "../../web-console/src/forms/validate.ts";
import { anyStream, goodStream } from "./stream-bodies.ts";

const check = bodyCheck(streamToWrite);

/** The path that the service refuses a body for; undefined when it takes it. */
function refusedAt(body: unknown): string | undefined {
	try {
		check.read(body);
		return undefined;
	} catch (error) {
		if (error instanceof Fault && error.code === 12022) return String(error.values["path"]);
		throw error;
	}
}

/** Null and nothing mean the same of the old handler, and so do null and empty of a place. */
function meaning(stream: unknown): unknown {
	return JSON.parse(JSON.stringify(stream), (name, value) =>
		name === "detection_handler" && value === null
			? undefined
			: /^(city|area|district|street|house_number)$/.test(name) && value === ""
				? null
				: value,
	);
}

test("client/generated/stream-form.ts is what the API's description says (else: npm run generate:client)", async () => {
	expect(streamFormModule(await describedApi())).toBe(readFileSync(streamFormFile, "utf8"));
});

describe("the check before sending", () => {
	test("takes what the service takes, and refuses what it refuses", () => {
		fc.assert(
			fc.property(fc.oneof(goodStream, anyStream), (body) => {
				const problems = validateStream(body);
				const path = refusedAt(body);
				expect({ refused: path !== undefined, problems: [...problems] }).toEqual({
					refused: problems.size > 0,
					problems: [...problems],
				});
			}),
			{ numRuns: 2000 },
		);
	});

	test.each([
		["event_handler.origin", `http://${"a.".repeat(150)}/`, undefined],
		["event_handler.origin", `http://u@${"a.".repeat(150)}:1/`, "Must be an address that begins with"],
		["event_handler.authorization.token", "a token", undefined],
		["event_handler.authorization.token", "tokén", "Only what a header takes"],
		["event_handler.authorization.token", "token\n", "Only what a header takes"],
	])("of %s %j as the service does", (path, value, problem) => {
		const handler = path === "event_handler.origin" ? { origin: value } : { authorization: { token: value } };
		const body = {
			account_id: "557d54ec-29ad-4f3c-93b4-c9092ef12515",
			data: { type: "tcp", reference: "rtsp://camera/1" },
			event_handler: { api_version: 6, ...handler },
		};
		expect(refusedAt(body)).toBe(problem === undefined ? undefined : path);
		if (problem === undefined) expect([...validateStream(body)]).toEqual([]);
		else expect(validateStream(body).get(path)).toContain(problem);
	});

	test("says where, and what to do", () => {
		const body = {
			account_id: "nobody",
			name: "é".repeat(129),
			data: { type: "tcp", reference: "", roi: { x: 60, y: 0, width: 50, height: 10, mode: "percent" }, rotation: 45 },
			event_handler: { api_version: 6, origin: "ftp://somewhere" },
			policies: { sending: { silent_period: 1.5 }, liveness: { livenesses_weights: [0, 2, 0] } },
			autorestart: { delay: "soon" },
		};
		expect(Object.fromEntries(validateStream(body))).toEqual({
			account_id: "Must be an id such as 557d54ec-29ad-4f3c-93b4-c9092ef12515, in lower case.",
			name: "At most 128 characters; these are 129.",
			"data.reference": "This is needed.",
			"data.roi.width": "Ends outside the frame: x and width together are more than 100 %.",
			"data.rotation": "Choose one of the list.",
			"event_handler.origin": "Must be an address that begins with http:// or https:// and names a host.",
			"policies.sending.silent_period": "Must be a whole number.",
			"policies.liveness.livenesses_weights": "Item 2: Must be 1 or less.",
			"autorestart.delay": "Must be a number.",
		});
	});

	test("an empty form says what is needed", () => {
		expect([...validateStream(bodyOf({ "data.type": "tcp" })).keys()].sort()).toEqual(["account_id", "data.reference"]);
	});
});

describe("fields and body", () => {
	test("a stream that is written from its fields is the same stream", () => {
		fc.assert(
			fc.property(goodStream, (body) => {
				const again = bodyOf(draftOf(body));
				expect(refusedAt(again)).toBeUndefined();
				expect(meaning(check.read(again))).toEqual(meaning(check.read(body)));
			}),
			{ numRuns: 1000 },
		);
	});

	test("whatever stands in the fields, the body can be judged", () => {
		const paths = ["account_id", "data.type", "data.reference", "data.roi.mode", "data.roi.x", "autorestart.delay"];
		fc.assert(
			fc.property(fc.dictionary(fc.constantFrom(...paths), fc.oneof(fc.string(), fc.boolean())), (draft) => {
				const body = bodyOf(draft);
				expect(validateStream(body).size > 0).toBe(refusedAt(body) !== undefined);
			}),
		);
	});

	test("a region of another mode than chosen, and members of another type of source, are not sent", () => {
		const draft = {
			"data.type": "images",
			"data.reference": "/pictures",
			"data.endless": false,
			"data.roi.mode": "",
			"data.roi.x": "5",
		};
		expect(bodyOf(draft)).toEqual({
			data: { type: "images", reference: "/pictures" },
			event_handler: { api_version: 6 },
		});
	});
});

describe("an error of the service", () => {
	const answer = (path: string) => ({
		error_code: 12022,
		desc: "Bad/incomplete input data",
		detail: `Failed to validate input json. Path: '${path}', message: 'it's wrong'`,
	});

	test("is shown at the field that it is about", () => {
		expect(placed(answer("data.roi.x"))).toEqual({ path: "data.roi.x", message: "it's wrong" });
		expect(placed(answer("policies.liveness.livenesses_weights.1"))).toMatchObject({
			path: "policies.liveness.livenesses_weights",
		});
		expect(placed(answer(""))).toMatchObject({ path: "" });
		expect(placed(answer("no_such_thing"))).toMatchObject({ path: "" });
	});

	test("or at the form as a whole", () => {
		expect(placed({ error_code: 39007, desc: "Object not found", detail: "Group named 'x' not found" }).path).toBe(
			"group_name",
		);
		expect(placed({ error_code: 39001, desc: "Object not found", detail: "Stream with id 'x' not found" })).toEqual({
			path: "",
			message: "Object not found: Stream with id 'x' not found",
		});
	});

	test("members are found by their paths, through unions and what may be null", () => {
		expect(schemaAt("data.preferred_program_stream_frame_width")).toMatchObject({ default: 800, minimum: 1 });
		expect(schemaAt("location.geo_position.longitude")).toMatchObject({ minimum: -180, maximum: 180 });
		expect(schemaAt("event_handler.authorization.token")).toMatchObject({ minLength: 1 });
		expect(schemaAt("data.roi.mode")).toMatchObject({ const: "abs" });
		expect(schemaAt("nothing")).toBeUndefined();
	});
});
