import { afterAll, beforeAll, expect, test } from "vitest";
import { describedRoutes } from "../../scripts/described-api.ts";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { eventually } from "../support/signals.ts";

let service: RunningService;
beforeAll(async () => {
	service = await startService();
});
afterAll(() => service?.stop());

const id = "557d54ec-29ad-4f3c-93b4-c9092ef12515";
/** Nearly the largest body that is let in, of nothing but depth. */
const DEPTH = 4_000_000;
const lists = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const routes = (await describedRoutes()).filter(({ body }) => body !== undefined);

/** Members of each body at every depth, with the deep value in their place: `{"data":{"roi":…}}`. */
function* places(schema: unknown, depth = 0): Generator<(deep: string) => string> {
	const {
		properties = {},
		items,
		anyOf,
	} = Object(schema) as {
		properties?: Record<string, unknown>;
		items?: unknown;
		anyOf?: unknown[];
	};
	if (depth > 4) return;
	for (const [name, member] of Object.entries(properties)) {
		yield (deep) => `{"${name}":${deep}}`;
		for (const inner of places(member, depth + 1)) yield (deep) => `{"${name}":${inner(deep)}}`;
	}
	if (items !== undefined) for (const inner of places(items, depth + 1)) yield (deep) => `[${inner(deep)}]`;
	for (const each of anyOf ?? []) yield* places(each, depth);
}

async function send(method: string, pattern: string, body: string): Promise<{ status: number; error_code: number }> {
	const path = pattern.replace(/\{\w+\}/g, id);
	const answer = await fetch(service.url + path, { method, headers: { "Content-Type": "application/json" }, body });
	const { error_code } = (await answer.json()) as { error_code: number };
	return { status: answer.status, error_code };
}

test("a body of nothing but depth, as large as may be, is refused with 400", async () => {
	for (const body of [lists(DEPTH), objects(1_000_000)])
		expect(await send("POST", "/1/streams", body)).toEqual({ status: 400, error_code: 12022 });
}, 30_000);

test.each(routes.map(({ method, pattern, body, maxBody = 8e6 }) => [method, pattern, body!.schema, maxBody] as const))(
	"%s %s refuses what is deep, and what is deep at any of its members, with 400",
	async (method, pattern, schema, maxBody) => {
		// Of some the body is a small one. An object is six bytes and more.
		const depth = Math.min(200_000, Math.floor(maxBody / 20));
		for (const body of [lists(depth), objects(depth / 2)])
			expect(await send(method, pattern, body)).toEqual({ status: 400, error_code: 12022 });
		const deep = objects(Math.min(20_000, depth));
		const all = [...places(schema)];
		for (let at = 0; at < all.length; at += 8) {
			const answers = await Promise.all(all.slice(at, at + 8).map((place) => send(method, pattern, place(deep))));
			for (const answer of answers) expect(answer).toEqual({ status: 400, error_code: 12022 });
		}
	},
	60_000,
);

test("the service goes on, and has nothing of it in its log", async () => {
	// A busy machine's database may have been too slow for a moment.
	await eventually(async () => expect((await fetch(`${service.url}/healthcheck`)).status).toBe(200));
	expect(service.lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
