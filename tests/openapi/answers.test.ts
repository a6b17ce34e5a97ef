import { encode } from "@msgpack/msgpack";
import { beforeAll, expect, test } from "vitest";
import { describedApi } from "../../scripts/described-api.ts";
import { OpenApiAnswers, type SeenAnswer } from "../support/openapi-answer.ts";

const id = "426542d6-5509-4e5b-8a01-e2abd5c0a8c6";
const headers = {
	"luna-request-id": "1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a",
	"content-type": "application/json",
};
const body = (value: unknown) => Buffer.from(JSON.stringify(value));
const notFound = body({ error_code: 39001, desc: "Object not found", detail: "Stream with id 'x' not found" });
const created: SeenAnswer = {
	method: "POST",
	path: "/1/streams",
	status: 201,
	headers: { ...headers, location: `/1/streams/${id}` },
	body: body({ stream_id: id, version: 1 }),
};

let answers: OpenApiAnswers;
beforeAll(async () => {
	answers = new OpenApiAnswers(await describedApi(), ["/6/luna-streams"]);
});

test.each<[string, Partial<SeenAnswer>]>([
	["as it should be", {}],
	[
		"as MessagePack",
		{ headers: { ...headers, "content-type": "application/msgpack" }, body: encode({ stream_id: id, version: 1 }) },
	],
	["an error", { method: "GET", path: `/1/streams/${id}?account_id=x`, status: 404, body: notFound }],
	["another verb", { method: "PUT", status: 405, body: notFound }],
	["another path", { path: "/elsewhere", status: 200, body: body("anything") }],
	["HEAD", { method: "HEAD", path: "/version", status: 200, body: undefined }],
	["OPTIONS", { method: "OPTIONS", status: 204, headers: { ...headers, allow: "GET" }, body: undefined }],
	[
		"a picture",
		{
			method: "GET",
			path: `/1/streams/${id}/preview/last_frame`,
			status: 200,
			headers: { ...headers, "content-type": "image/webp" },
		},
	],
])("what the description allows passes: %s", (_, change) => {
	expect(() => answers.check({ ...created, ...change })).not.toThrow();
});

test.each<[string, Partial<SeenAnswer>, RegExp]>([
	["no request id", { headers: { "content-type": "application/json" } }, /Luna-Request-Id/],
	["a status that it does not have", { status: 200 }, /knows no such status/],
	["a member too little", { body: body({ stream_id: id }) }, /version/],
	["a wrong value", { body: body({ stream_id: "x", version: 1 }) }, /stream_id/],
	["another type", { headers: { ...headers, "content-type": "text/html" } }, /no body of type 'text\/html'/],
	["a body where none belongs", { method: "DELETE", path: `/1/streams/${id}`, status: 204 }, /no body/],
	["an error without its detail", { status: 400, body: body({ error_code: 12022, desc: "" }) }, /detail/],
	["39905 without Retry-After", { status: 503, body: notFound }, /Retry-After/],
	["OPTIONS without Allow", { method: "OPTIONS", status: 204, body: undefined }, /Allow/],
	["a wrong body below the prefix", { path: "/6/luna-streams/1/streams", body: body({}) }, /stream_id/],
	["a wrong error of an unknown path", { path: "/elsewhere", status: 404, body: body({}) }, /error_code/],
])("what it does not allow is an error: %s", (_, change, message) => {
	expect(() => answers.check({ ...created, ...change })).toThrow(message);
});
