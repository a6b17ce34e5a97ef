import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { decode } from "@msgpack/msgpack";
import fc from "fast-check";
import { Compile } from "typebox/compile";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../../server/http/catalogue.ts";
import type { Route } from "../../server/http/route.ts";
import { faultsOf } from "../../server/openapi/operation.ts";
import { readViewer } from "../../server/openapi/viewer.ts";
import { serviceRoutes } from "../../server/routes/table.ts";
import { error } from "../../server/schemas/service.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { type ApiClient, IDLE, type StreamView } from "../main-job/api-client.ts";
import { ServiceProcess } from "../main-job/service-process.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { newSeed } from "../support/seeded-random.ts";
import type { Known } from "./arbitraries.ts";
import { type FuzzedRequest, idIn, requestTo } from "./requests.ts";

const seed = newSeed();
const runs = Number(process.env["FUZZ_RUNS"] ?? 100);
console.log(`fuzzing every route ${runs} times: TEST_SEED=${seed}`);

/** The table of the routes that the service serves, for what it declares; nothing is asked of these parts. */
const table: Route[] = serviceRoutes({
	engine: undefined as never,
	previews: undefined as never,
	version: "1.2.3",
	clock: undefined as never,
	checkNeighbours: async () => undefined,
	files: [],
	settings: loadSettings({ argv: [], env: {} }),
	metrics: undefined as never,
	plugins: { list: () => [] },
	tokens: undefined as never,
	sessions: null,
	console: undefined as never,
	audit: undefined as never,
	viewer: await readViewer(),
	manual: [],
}).filter(({ internal }) => internal !== true);

let database: FreshDatabase;
let service: ServiceProcess;
let api: ApiClient;
const agent = new Agent({ keepAlive: true, maxSockets: 16, timeout: IDLE });

beforeAll(async () => {
	database = await freshDatabase();
	service = await new ServiceProcess({ DATABASE_URL: database.url }).ready();
	api = service.client();
	await furnish();
	await renew.set_id();
	for (const each of [renew.action_id, renew.view_id, renew.token_id]) await each();
});
afterAll(async () => {
	agent.destroy();
	await service.end();
	await database.drop();
});

const names = ["hd_stream_2", "stream_group-1", "cameras"];
const passing = {
	set_id: [] as string[],
	action_id: [] as string[],
	view_id: [] as string[],
	token_id: [] as string[],
};
const known: Known = { streams: [], groups: [], passing, account: "557d54ec-29ad-4f3c-93b4-c9092ef12515", names };

/** Where no agent is. */
const unheard = "http://127.0.0.1:1/";

/** Groups for the requests to speak about. What was deleted since the last time is replaced. */
async function furnishGroups(): Promise<void> {
	const { groups, account } = known;
	for (const group_name of names) await api.ask("POST", "/1/groups", { account_id: account, group_name });
	const left = await api.expect<{ group_id: string }[]>(200, "GET", `/1/groups?group_names=${names}`);
	groups.splice(0, groups.length, ...left.map(({ group_id }) => group_id));
}

/** The same with streams of every kind, some of them in progress. */
async function furnish(): Promise<void> {
	const { streams, account } = known;
	const { streams: found } = await api.expect<{ streams: StreamView[] }>(
		200,
		"GET",
		`/1/streams?page_size=1000&stream_ids=${[account, ...streams]}`,
	);
	const there = found.map(({ stream_id }) => stream_id);
	const kept = streams.filter((each) => there.includes(each));
	await furnishGroups();
	const missing = Array.from({ length: 24 - kept.length }, (_, at) => at);
	const made = missing.map((at) => {
		const data = { type: ["tcp", "udp", "videofile", "images"][at % 4], reference: "rtsp://camera.test/1" };
		const body = { account_id: account, name: names[at % 3], data, event_handler: { api_version: 6 } };
		const autorestart = { restart: at % 2, delay: 1 };
		return api.create({ ...body, status: at % 3 === 0 ? "pause" : "pending", autorestart });
	});
	// At once: others ask about them meanwhile.
	streams.splice(0, streams.length, ...kept, ...(await Promise.all(made)));
	const taken = await api.take(6, { stream_ids: streams.slice(-12) });
	const preview = { live: { url: unheard }, last_frame: { url: unheard } };
	await api.feedback(taken.map(({ stream_id, version }) => ({ stream_id, version, status: "in_progress", preview })));
}

/** What only the console has, which is bounded in number or kept for minutes: a new one of each, for when the last is gone. */
const renew = {
	async set_id() {
		const { set_id } = await api.expect<{ set_id: string }>(201, "POST", "/console/sets", {
			stream_ids: known.streams,
		});
		passing.set_id.splice(0, 1, set_id);
	},
	async action_id() {
		const act = () => api.ask("POST", `/console/sets/${passing.set_id[0]}/actions`, { action: "resume" });
		let answer = await act();
		if (answer.status === 404) {
			await renew.set_id();
			answer = await act();
		}
		expect(answer.status).toBe(202);
		passing.action_id.splice(0, 1, (answer.body as { action_id: string }).action_id);
	},
	async view_id() {
		const view = { name: "The night shift", place: "streams", query: "q=status:failure" };
		const { view_id } = await api.expect<{ view_id: string }>(201, "POST", "/console/views", view);
		passing.view_id.splice(0, 1, view_id);
	},
	async token_id() {
		const token = { name: "A fuzzed one", role: "viewer" };
		const { token_id } = await api.expect<{ token_id: string }>(201, "POST", "/console/tokens", token);
		passing.token_id.splice(0, 1, token_id);
	},
};

const isPassing = (name: string): name is keyof typeof passing => name in passing;

/** Replaces what a request has deleted, or found to be gone, so that the next ones are about something. */
async function replace(route: Route, { path }: FuzzedRequest, answer: Answer, done: number): Promise<void> {
	const name = idIn(route);
	// There is room for few views.
	if (route.method === "POST" && route.pattern === "/console/views" && answer.status === 201)
		await api.ask("DELETE", `/console/views/${(bodyOf(answer) as { view_id: string }).view_id}`);
	if (isPassing(name)) {
		const missed = answer.status === 404 && path.includes(passing[name][0] ?? "");
		if (missed || answer.status === 204) await renew[name]();
	} else if (route.method === "DELETE") {
		// There are few groups, and one request may delete all streams.
		const gone = route.pattern === "/1/streams/{stream_id}" ? done % 8 === 0 : answer.status === 204;
		if (gone) await (route.pattern === "/1/groups/{group_id}" ? furnishGroups() : furnish());
	}
}

interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	bytes: Buffer;
}

/**
 * The answer, which has to come within ten seconds. A connection that has been idle may be closed while it is used again: then once
 * more, over one of its own.
 */
function send(sent: FuzzedRequest, by: Agent | false = agent): Promise<Answer> {
	const { method, path, headers, body } = sent;
	const length: Record<string, number> = body === undefined ? {} : { "Content-Length": body.length };
	return new Promise((resolve, reject) => {
		const options = { method, agent: by, headers: { ...length, ...headers }, signal: AbortSignal.timeout(10_000) };
		const asked = request(service.url + path, options, (response) => {
			const chunks: Buffer[] = [];
			response.on("data", (chunk) => chunks.push(chunk));
			response.on("error", reject);
			response.on("end", () =>
				resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }),
			);
		});
		asked.on("error", (error) => {
			const closed = asked.reusedSocket && "code" in error && error.code === "ECONNRESET";
			if (closed) send(sent, false).then(resolve, reject);
			else reject(error);
		});
		asked.end(body);
	});
}

const isError = Compile(error);
const compiled = new Map(
	table.flatMap(({ answers }) =>
		answers.flatMap(({ schema }) => (schema === undefined ? [] : [[schema, Compile(schema)] as const])),
	),
);

function bodyOf({ headers, bytes }: Pick<Answer, "headers" | "bytes">): unknown {
	return headers["content-type"] === "application/msgpack" ? decode(bytes) : JSON.parse(bytes.toString());
}

/** Why an answer is not one that the route declares; undefined when it is. */
function fault(route: Route, sent: FuzzedRequest, { status, headers, bytes }: Answer): string | undefined {
	if (!/^[0-9]{10},[0-9a-f-]{36}$/.test(String(headers["luna-request-id"]))) return "no Luna-Request-Id";
	if (status === 304 && route.headers?.includes("if-none-match")) return undefined;
	const type = headers["content-type"] ?? "";
	const value = () => bodyOf({ headers, bytes });
	const notes = route.answers.filter((each) => each.status === status);
	if (notes.some((each) => each.type !== undefined && type.startsWith(each.type))) return undefined;
	if (notes.length > 0) {
		const schema = notes.find((each) => each.schema !== undefined)?.schema;
		if (schema === undefined) return undefined;
		return compiled.get(schema)?.Check(value()) === true ? undefined : "the answer is not what its schema says";
	}
	const body: unknown = value();
	if (!isError.Check(body)) return "neither declared nor an error";
	const code = body.error_code as keyof typeof catalogue;
	if (catalogue[code]?.http !== status) return "an error of another status";
	// Nothing is away here, and no host is wrong; an origin may be, where it is looked at.
	const foreign = sent.headers["Origin"] !== undefined && route.headers?.includes("origin") === true;
	if (code === 1 || code === 39905 || (code === 39903 && !foreign)) return "an error that nothing here calls for";
	if (code === 12013 && !sent.odd && !isPassing(idIn(route))) return "a known path is not found";
	return faultsOf(route).includes(code) ? undefined : "an error that the route does not declare";
}

/** Names, for the reader of a failure. */
function told({ method, path, headers, body }: FuzzedRequest, answer: Answer): string {
	const text = body === undefined ? "" : body.toString().slice(0, 2_000);
	return `${method} ${path}\n${JSON.stringify(headers)}\n${text}\n→ ${answer.status} ${answer.bytes.toString().slice(0, 1_000)}`;
}

describe.concurrent("whatever is sent, the answer is declared", () => {
	test.each(table.map((route) => [`${route.method} ${route.pattern}`, route] as const))(
		"%s",
		async (name, route) => {
			const statuses: Record<string, number> = {};
			let done = 0;
			await fc.assert(
				fc.asyncProperty(requestTo(route, known), async (sent) => {
					const head = sent.path.length + JSON.stringify(sent.headers).length;
					// A longer head is cut off by the server, which is no answer.
					fc.pre(head < 3_800);
					const answer = await send(sent);
					statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
					const wrong = fault(route, sent, answer);
					if (answer.status === 204) done += 1;
					await replace(route, sent, answer, done);
					if (wrong !== undefined) throw new Error(`${wrong}: ${told(sent, answer)}`);
				}),
				{ numRuns: runs, seed },
			);
			// What nobody gets through the checks with would say little about what is behind them.
			const shown = name.includes("/preview/") ? [404, 502] : route.answers.map(({ status }) => status);
			const through = shown.some((status) => (statuses[status] ?? 0) >= runs / 50);
			expect(through, `${name}: ${JSON.stringify(statuses)}`).toBe(true);
			console.log(`${name}: ${JSON.stringify(statuses)}`);
		},
		60_000 + runs * 150,
	);
});

test(
	"paths and verbs of nobody are answered too",
	async () => {
		const verbs = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE");
		const path = fc.oneof(
			fc.webPath({ size: "medium" }),
			fc.constantFrom(...table.map(({ pattern }) => pattern)),
			fc.tuple(fc.constantFrom(...table.map(({ pattern }) => pattern)), fc.webPath()).map((parts) => parts.join("")),
			fc.constantFrom(
				"//",
				"/%00",
				"/..",
				"/1/streams/..%2f..",
				"/1/streams//",
				"/*",
				"/%",
				"/docs/dev/../../package.json",
			),
		);
		await fc.assert(
			fc.asyncProperty(verbs, path, async (method, asked) => {
				const answer = await send({
					method,
					path: asked.startsWith("/") ? asked : `/${asked}`,
					headers: {},
					body: undefined,
					odd: true,
				});
				expect(answer.headers["luna-request-id"]).toBeDefined();
				expect(answer.status === 502 || answer.status < 500, `${method} ${asked}: ${answer.status}`).toBe(true);
			}),
			{ numRuns: runs * 3, seed },
		);
	},
	60_000 + runs * 50,
);

test("and the service lives: nothing failed in it, nothing is stuck", async () => {
	expect(service.over).toBe(false);
	expect((await service.client().ask("GET", "/healthcheck")).status).toBe(200);
	const errors = service.lines.filter(({ level }) => level === "error" || level === "fatal" || Number(level) >= 50);
	expect(errors).toEqual([]);
	service.child.kill("SIGTERM");
	expect(await service.ended).toBe(0);
});
