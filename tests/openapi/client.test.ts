import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { createPerigeeClient, type PerigeeClientOptions } from "../../client/perigee-client.ts";
import { inParts, type Query, readQuery, writeQuery } from "../../client/query.ts";
import type { Page, StreamFilters, StreamRow } from "../../persistence/stream-row.ts";
import { ID, RecordingEngine, row, smallBody } from "../server/recording-engine.ts";
import { serve } from "../server/serve.ts";

/** Ids that sort in the order of their creation. */
const ids = Array.from({ length: 700 }, (_, at) => `00000000-0000-4000-a000-${String(at).padStart(12, "0")}`);

/** Lists and counts by ids as the service does; every third stream is failed. */
class EngineOfMany extends RecordingEngine {
	override async list(filters: StreamFilters, { page, page_size }: Page) {
		return this.#matching(filters).slice((page - 1) * page_size, page * page_size);
	}
	override async count(filters: StreamFilters) {
		return this.#matching(filters).length;
	}
	override async look(filters: StreamFilters, limit: number) {
		return this.#matching(filters).slice(0, limit);
	}
	#matching({ stream_ids = ids }: StreamFilters): StreamRow[] {
		const wanted = new Set(stream_ids);
		return ids
			.filter((id) => wanted.has(id))
			.map((stream_id) => ({
				...row,
				stream_id,
				create_time: new Date(1_700_000_000_000 + Number(stream_id.slice(-12))).toISOString(),
			}));
	}
}

/** A client of a running server, and the requests that it sends. */
async function connected(options: Partial<PerigeeClientOptions> = {}) {
	const engine = new EngineOfMany();
	const serving = await serve({ parts: { engine } });
	onTestFinished(() => serving[Symbol.asyncDispose]());
	const requests: Request[] = [];
	const send = (request: Request) => {
		requests.push(request);
		return fetch(request);
	};
	const client = createPerigeeClient({ baseUrl: serving.url, send, ...options });
	return { client, requests, engine };
}

const shuffled = ids.map((id, at) => ids[(at * 311) % ids.length] ?? id);

test("requests and answers have the types of the description", async () => {
	const { client } = await connected();
	const created = await client.POST("/1/streams", {
		body: { ...smallBody, data: { type: "tcp", reference: "rtsp://camera" }, event_handler: { api_version: 6 } },
	});
	expect(created.data?.version satisfies number | undefined).toBe(1);
	expect(created.response.headers.get("location")).toBe(`/1/streams/${ID}`);
	const { data } = await client.GET("/1/streams/{stream_id}", { params: { path: { stream_id: ID } } });
	expect(data?.status).toBe("in_progress");
});

test("an error is a value, with the catalogue's number", async () => {
	const { client } = await connected();
	const unknown = { params: { path: { stream_id: ids[0]! } } };
	const { data, error, response } = await client.GET("/1/streams/{stream_id}", unknown);
	expect(data).toBeUndefined();
	expect(error?.error_code).toBe(39001);
	expect(response.status).toBe(404);
});

test("every request has an id of its own, and those of an agent its name", async () => {
	const { client, requests, engine } = await connected({ agentId: "agent-7" });
	const sent = await client.POST("/1/streams/processing/queue", { body: { filters: {}, limit: 1 } });
	await client.GET("/version");
	const given = requests.map((each) => each.headers.get("luna-request-id"));
	for (const id of given)
		expect(id).toMatch(/^[0-9]{10},[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	expect(new Set(given).size).toBe(2);
	// It had the form: the service kept it.
	expect(sent.response.headers.get("luna-request-id")).toBe(given[0]);
	expect(engine.calls.find(({ method }) => method === "take")?.with).toMatchObject({ agent_id: "agent-7" });
});

test("lists in queries reach the service as lists", async () => {
	const { client, requests } = await connected();
	await client.GET("/1/streams", { params: { query: { stream_ids: ids.slice(0, 3), statuses: ["failure", "done"] } } });
	expect(new URL(requests[0]!.url).search).toBe(`?stream_ids=${ids.slice(0, 3).join(",")}&statuses=failure,done`);
});

test("more ids than one request may name are counted in parts", async () => {
	const { client, requests } = await connected();
	const { data } = await client.GET("/1/streams/count", { params: { query: { stream_ids: shuffled } } });
	expect(data).toEqual({ streams_count: 700 });
	expect(requests.length).toBeGreaterThan(8);
	for (const { url } of requests) expect(new URL(url).pathname.length + new URL(url).search.length).toBeLessThan(3000);
});

test.each([
	[1, 10],
	[3, 50],
	[1, 1000],
	[70, 10],
	[71, 10],
])("page %i of %i streams is the same in parts as it would be at once", async (page, page_size) => {
	const { client } = await connected();
	const { data } = await client.GET("/1/streams", { params: { query: { stream_ids: shuffled, page, page_size } } });
	const shown = data?.streams.map((each) => each.stream_id);
	expect(shown).toEqual(ids.slice((page - 1) * page_size, page * page_size));
});

test("a look into the queue shows no more than its limit, whatever number of parts it takes", async () => {
	const { client } = await connected();
	const query = { stream_ids: shuffled, limit: 25 };
	const { data } = await client.GET("/1/streams/processing/queue", { params: { query } });
	expect(data?.streams.map((each) => each.stream_id)).toEqual(ids.slice(0, 25));
});

test("log records in parts come newest first, with the members that were asked for", async () => {
	const { client } = await connected();
	const query = { stream_ids: shuffled, targets: ["status" as const], page_size: 5 };
	const { data } = await client.GET("/1/streams/logs", { params: { query } });
	expect(data?.logs).toEqual(Array.from({ length: 5 }, () => ({ status: "in_progress" })));
});

test("an error of one part is the answer to the whole", async () => {
	const { client } = await connected();
	const query = { stream_ids: [...ids, "not-an-id"] };
	const { error, response } = await client.GET("/1/streams", { params: { query } });
	expect(response.status).toBe(400);
	expect(error?.detail).toBe("Bad query parameters 'stream_ids'");
});

test("parts of a query are short enough, and together they match what the whole does", () => {
	const words = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,12}$/), { minLength: 1, maxLength: 60 });
	const queries = fc.record({ stream_ids: words, group_names: words, statuses: fc.constant(["done", "pause"]) });
	fc.assert(
		fc.property(queries, fc.integer({ min: 80, max: 400 }), (lists, room) => {
			const query: Query = readQuery(`?${writeQuery(Object.entries(lists))}`);
			const parts = inParts(query, room);
			for (const part of parts) expect(writeQuery(part).length).toBeLessThanOrEqual(room);
			const pairs = parts.flatMap((part) => {
				const { stream_ids = [], group_names = [], statuses } = Object.fromEntries(part);
				expect(statuses).toEqual(lists.statuses);
				return stream_ids.flatMap((id) => group_names.map((group) => `${id} ${group}`));
			});
			const whole = lists.stream_ids.flatMap((id) => lists.group_names.map((group) => `${id} ${group}`));
			expect(pairs.sort()).toEqual(whole.sort());
		}),
		{ numRuns: 50 },
	);
});
