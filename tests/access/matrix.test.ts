import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describedRoutes } from "../../scripts/described-api.ts";
import { type Action, actions } from "../../server/access/actions.ts";
import type { Route } from "../../server/http/route.ts";
import { type Answered, type GuardedService, startGuarded } from "./access-fixture.ts";
import { account, hall, insiders, makeCallers, outsiders, roles, strangers } from "./matrix-callers.ts";

const routes = (await describedRoutes()).filter(
	({ pattern }) => pattern !== "/" && pattern !== "/docs/dev" && !pattern.includes("*"),
);
const nameOf = ({ method, pattern }: Pick<Route, "method" | "pattern">) => `${method} ${pattern}`;

/** Everything that a request may need to exist, made anew for it. */
interface Furnished {
	stream_id: string;
	group_id: string;
	token_id: string;
	/** What belongs to who made it: a frozen set, a bulk action and a saved view. */
	set_id?: string;
	action_id?: string;
	view_id?: string;
}

const handler = { api_version: 6, bestshot_handler: { handler_id: "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b" } };
const streamBody = {
	account_id: account,
	name: "door",
	data: { type: "tcp", reference: "rtsp://camera/1" },
	event_handler: handler,
	group_name: hall,
};

/** A good request to each route that needs more than its path. A route without one here is asked with its path alone. */
const requests: Record<string, (made: Furnished) => { query?: string; body?: unknown }> = {
	"POST /1/streams": () => ({ body: streamBody }),
	"DELETE /1/streams": ({ stream_id }) => ({ body: { stream_ids: [stream_id] } }),
	"PATCH /1/streams/{stream_id}": () => ({ body: { description: "patched" } }),
	"PUT /1/streams/{stream_id}": () => ({ body: streamBody }),
	"GET /1/streams/processing/queue": () => ({ query: "?limit=10" }),
	"POST /1/streams/processing/queue": ({ stream_id }) => ({ body: { filters: { stream_ids: [stream_id] }, limit: 1 } }),
	"POST /1/streams/processing/feedback": ({ stream_id }) => ({
		body: { streams: [{ stream_id, version: 1, status: "in_progress" }] },
	}),
	"DELETE /1/streams/logs": () => ({ query: "?log_time__lt=2000-01-01T00:00:00Z" }),
	"POST /1/groups": () => ({ body: { account_id: account, group_name: `new-${Math.random()}`.replace(".", "") } }),
	"PATCH /1/groups/{group_id}": () => ({ body: { description: "patched" } }),
	"POST /1/linker": ({ stream_id, group_id }) => ({ body: { action: "attach", stream_ids: [stream_id], group_id } }),
	"PATCH /1/linker": ({ stream_id, group_id }) => ({ body: { action: "detach", stream_ids: [stream_id], group_id } }),
	"POST /console/streams/search": () => ({ body: { filter: {} } }),
	"PUT /console/streams/{stream_id}": () => ({ body: streamBody }),
	"POST /console/reference-tests": ({ stream_id }) => ({
		query: "?wait=0",
		body: { account_id: account, data: streamBody.data, stream_id },
	}),
	"POST /console/sets": () => ({ body: { filter: {} } }),
	"POST /console/sets/{set_id}/actions": () => ({ body: { action: "pause" } }),
	"POST /console/views": () => ({ body: { name: "mine", place: "streams", query: "" } }),
	"POST /console/tokens": () => ({ body: { name: "made", role: "viewer" } }),
	"POST /console/login": () => ({ body: { token: own.admin } }),
};

/** What a caller who may, but sees other accounts or groups only, is answered by each route that is about streams or groups. */
const elsewhere: Record<string, (answer: Answered, made: Furnished) => void> = {
	"POST /1/streams": ({ body }) => expect([39903, 39007]).toContain(body.error_code),
	"GET /1/streams": ({ body }) => expect(body).toEqual({ streams: [] }),
	"DELETE /1/streams": ({ status }) => expect(status).toBe(204),
	"GET /1/streams/count": ({ body }) => expect(body).toEqual({ streams_count: 0 }),
	"GET /1/streams/processing/queue": ({ body }) => expect(body).toEqual({ streams: [] }),
	"POST /1/streams/processing/queue": ({ body }) => expect(body).toEqual({ streams: [] }),
	"POST /1/streams/processing/feedback": ({ body }, { stream_id }) =>
		expect(body).toEqual({
			streams: { modified: [], unmodified: [{ stream_id, version: 1, status: "not_found" }] },
		}),
	"GET /1/streams/logs": ({ body }) => expect(body).toEqual({ logs: [] }),
	"POST /1/groups": ({ body }) => expect(body).toMatchObject({ error_code: 39903 }),
	"GET /1/groups": ({ body }) => expect(body).toEqual([]),
	"GET /1/groups/count": ({ body }) => expect(body).toEqual({ groups_count: 0 }),
	"POST /1/linker": ({ body }) => expect(body).toMatchObject({ error_code: 39008 }),
	"PATCH /1/linker": ({ body }) => expect(body).toMatchObject({ error_code: 39008 }),
	"POST /console/streams/search": ({ body }) => expect(body).toMatchObject({ total: 0, rows: [] }),
	"GET /console/streams/logs": ({ body }) => expect(body).toEqual({ logs: [] }),
	"POST /console/reference-tests": ({ body }) => expect(body).toMatchObject({ error_code: 39001 }),
	"POST /console/sets": ({ body }) => expect(body).toMatchObject({ total: 0, names: [] }),
	// Sets and actions are their makers'; saved views belong to those who see the same.
	"GET /console/sets/{set_id}": ({ status }) => expect(status).toBe(404),
	"POST /console/sets/{set_id}/actions": ({ status }) => expect(status).toBe(404),
	"GET /console/actions/{action_id}": ({ status }) => expect(status).toBe(404),
	"DELETE /console/actions/{action_id}": ({ status }) => expect(status).toBe(404),
	"GET /console/views": ({ status }) => expect(status).toBe(200),
	"POST /console/views": ({ status }) => expect(status).toBe(201),
	"DELETE /console/views/{view_id}": ({ status }) => expect(status).toBe(404),
	"GET /console/me": ({ status }) => expect(status).toBe(200),
};

let own: GuardedService;
let hallId: string;
/** Tokens by what they are. */
let tokens: Record<string, string> = {};
let asked = 0;

beforeAll(async () => {
	own = await startGuarded();
	tokens = await makeCallers(own);
});
afterAll(async () => {
	console.log(
		`authorisation matrix: ${routes.length} routes × ${Object.keys(tokens).length} callers, ${asked} requests judged`,
	);
	await own?.service.stop();
});

async function furnish(): Promise<Furnished> {
	const created = await own.ask(own.admin, "POST", "/1/groups", { account_id: account, group_name: hall });
	if (created.status === 201) hallId = created.body.group_id;
	const { body: stream } = await own.ask(own.admin, "POST", "/1/streams", streamBody);
	const { token_id } = await own.token({});
	return { stream_id: stream.stream_id, group_id: hallId, token_id };
}

/** Of what a route takes that belongs to who made it, one that a caller has made; one of the admin's where the caller may not make any. */
async function furnishFor(
	caller: string,
	{ pattern }: Route,
): Promise<Pick<Furnished, "set_id" | "action_id" | "view_id">> {
	if (!/\{(set|action|view)_id\}/.test(pattern)) return {};
	const post = async (path: string, body: unknown) => {
		const made = await own.ask(tokens[caller]!, "POST", path, body);
		return made.status < 300 ? made.body : (await own.ask(own.admin, "POST", path, body)).body;
	};
	const { view_id } = await post("/console/views", { name: caller, place: "streams", query: "" });
	const { set_id } = await post("/console/sets", { stream_ids: [account] });
	const { action_id } = await post(`/console/sets/${set_id}/actions`, { action: "pause" });
	return { view_id, set_id, action_id };
}

async function send(route: Route, caller: string, made: Furnished): Promise<Answered> {
	asked++;
	const { query = "", body } = requests[nameOf(route)]?.(made) ?? {};
	const path = route.pattern.replace(
		/\{(\w+)\}/g,
		(_, name: string) => new Map(Object.entries(made)).get(name) ?? account,
	);
	return own.ask(tokens[caller]!, route.method, path + query, body);
}

const nowhere: Furnished = { stream_id: account, group_id: account, token_id: account };

describe.each(routes.map((route) => [nameOf(route), route] as const))("%s", (name, route) => {
	const { access } = route;
	const rule = access === "public" ? null : (actions[access as Action] as { roles: readonly string[]; whole?: true });

	test("lets in nobody who is not known", async () => {
		for (const caller of strangers) {
			const { body, status } = await send(route, caller, nowhere);
			if (rule === null) expect([39902, 39903], caller).not.toContain(body?.error_code);
			else expect([status, body.error_code], caller).toEqual([401, 39902]);
		}
	});

	test.each(roles)("for a role %s, its accounts and groups", async (role) => {
		const mayAll = rule === null || rule.roles.includes(role);
		for (const caller of insiders(role)) {
			const whole = caller === role;
			const made = mayAll ? { ...(await furnish()), ...(await furnishFor(caller, route)) } : nowhere;
			const { body, status } = await send(route, caller, made);
			if (mayAll && (whole || rule?.whole !== true)) {
				if (name === "POST /1/groups" && caller.endsWith("group")) expect(body.error_code).toBe(39903);
				else {
					expect([39902, 39903, 39001, 39008], `${caller}: ${JSON.stringify(body)}`).not.toContain(body?.error_code);
					expect(status, caller).toBeLessThan(500);
					// An agent has no action of its own to look at.
					const none = role === "agent" || role === "viewer";
					if (/\{(set|view)_id\}/.test(route.pattern)) expect(status, caller).toBeLessThan(400);
					else if (/\{action_id\}/.test(route.pattern)) expect(status < 400, caller).toBe(!none);
				}
			} else expect([status, body.error_code], caller).toEqual([403, 39903]);
		}
	});

	test.each(roles)("shows a role %s nothing of other accounts and groups", async (role) => {
		if (rule === null) return;
		const made = { ...(await furnish()), ...(await furnishFor(role, route)) };
		for (const caller of outsiders(role)) {
			const answer = await send(route, caller, made);
			const code = answer.body?.error_code;
			if (!rule.roles.includes(role) || rule.whole) {
				expect([answer.status, code], caller).toEqual([403, 39903]);
			} else if (route.pattern.includes("{stream_id}")) {
				expect([answer.status, code], caller).toEqual([404, 39001]);
			} else if (route.pattern.includes("{group_id}")) {
				expect([answer.status, code], caller).toEqual([404, 39008]);
			} else {
				const judge = elsewhere[name];
				if (judge === undefined) throw new Error(`say in this test what ${name} answers out of scope`);
				judge(answer, made);
			}
		}
		expect((await own.ask(own.admin, "GET", `/1/streams/${made.stream_id}`)).body).toMatchObject({
			version: 1,
			status: "pending",
			description: "",
			groups: [hall],
		});
	});
});
