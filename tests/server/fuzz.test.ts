import fc from "fast-check";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogue } from "../../server/http/catalogue.ts";
import type { Route } from "../../server/http/route.ts";
import { routeTable } from "../../server/routes/table.ts";
import { error } from "../../server/schemas/service.ts";
import { ID, RecordingEngine, smallBody } from "./recording-engine.ts";
import { feedbackItem, fullBody, groupBody } from "./sample-bodies.ts";
import { posted, type Serving, serve } from "./serve.ts";

let serving: Serving;
let table: Route[] = [];
beforeAll(async () => {
	serving = await serve();
	table = routeTable({
		engine: new RecordingEngine(),
		previews: undefined as never,
		version: "1.2.3",
		clock: undefined as never,
		checkNeighbours: async () => undefined,
		files: [],
	});
});
afterAll(() => serving.server.stop());

const isError = Compile(error);
const pathOf = (pattern: string) => pattern.replace(/\{\w+\}/g, ID);
const good: Record<string, unknown> = {
	"POST /1/streams": fullBody,
	"PUT /1/streams/{stream_id}": smallBody,
	"POST /1/streams/processing/queue": { filters: {}, limit: 1 },
	"POST /1/streams/processing/feedback": { streams: [feedbackItem] },
	"POST /1/groups": groupBody,
};
const needed: Record<string, string> = {
	"GET /1/streams/processing/queue": "?limit=1",
	"DELETE /1/streams/logs": "?log_time__lt=2021-09-21T11:11:41Z",
};

test("whatever is sent to a route is answered as it is described, and never with code 1", async () => {
	const piece = fc.oneof(
		fc.constantFrom("=", "&", ",", "%", "%00", "names", "page", "limit", "stream_ids", "wait", ID, "1"),
		fc.string({ maxLength: 4 }).map(encodeURI),
	);
	await fc.assert(
		fc.asyncProperty(
			fc.nat(1_000),
			fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(good))),
			fc.array(piece, { maxLength: 6 }),
			async (at, body, query) => {
				const { method, pattern, answers } = table[at % table.length]!;
				const path = `${pathOf(pattern)}?${query.join("")}`;
				const response = await serving.ask(path, method === "GET" ? {} : posted(body ?? null, method));
				if (answers.some((each) => each.status === response.status)) {
					await response.arrayBuffer();
					return;
				}
				const answer = await response.json();
				expect(isError.Check(answer)).toBe(true);
				const { error_code } = answer as { error_code: keyof typeof catalogue };
				expect(error_code).not.toBe(1);
				expect(catalogue[error_code].http).toBe(response.status);
			},
		),
		{ numRuns: 500 },
	);
	expect(serving.server.requestsUnderWay).toBe(0);
});

test("answers fit the schemas that describe them", async () => {
	let checked = 0;
	for (const { method, pattern, answers } of table) {
		const name = `${method} ${pattern}`;
		const [answer] = answers;
		if (answer?.schema === undefined || (method !== "GET" && good[name] === undefined && needed[name] === undefined))
			continue;
		const init = good[name] === undefined ? { method } : posted(good[name], method);
		const response = await serving.ask(pathOf(pattern) + (needed[name] ?? ""), init);
		expect([name, response.status]).toEqual([name, answer.status]);
		const body = await response.json();
		const schema: TSchema = answer.schema;
		expect([name, Compile(schema).Errors(body)]).toEqual([name, []]);
		checked++;
	}
	expect(checked).toBeGreaterThanOrEqual(15);
});
