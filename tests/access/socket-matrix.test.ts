import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClientMessage, ServerMessage } from "../../client/console/protocol.ts";
import { clientMessage } from "../../server/schemas/console/messages.ts";
import { PageSocket } from "../console-gateway/page-socket.ts";
import { eventually } from "../support/signals.ts";
import { type GuardedService, startGuarded } from "./access-fixture.ts";
import { account, hall, insiders, makeCallers, outsiders, roles, strangers } from "./matrix-callers.ts";

let own: GuardedService;
let asked = 0;
let tokens: Record<string, string> = {};
/** All that there are: callers are judged side by side, each by a stream of its own. */
const streams: string[] = [];
const pages: PageSocket[] = [];
/** One whose token expires. What else is judged here goes on meanwhile. */
let expiring: PageSocket | undefined;

beforeAll(async () => {
	own = await startGuarded();
	const { token } = await own.token({ role: "viewer", expire_time: new Date(Date.now() + 1_500).toISOString() });
	expiring = await open(token);
	tokens = await makeCallers(own);
	await own.ask(own.admin, "POST", "/1/groups", { account_id: account, group_name: hall });
});
afterAll(async () => {
	for (const page of pages) page.close();
	console.log(`socket matrix: ${Object.keys(tokens).length} callers, ${asked} messages judged`);
	await own?.service.stop();
});

async function makeStream(): Promise<string> {
	const { body } = await own.ask(own.admin, "POST", "/1/streams", {
		account_id: account,
		name: "door",
		data: { type: "tcp", reference: "rtsp://camera/1" },
		event_handler: { api_version: 6, bestshot_handler: { handler_id: account } },
		group_name: hall,
	});
	streams.push(body.stream_id);
	return body.stream_id;
}

async function open(token: string): Promise<PageSocket> {
	const page = await PageSocket.open(own.service.url, { headers: { Authorization: `Bearer ${token}` } });
	pages.push(page);
	return page;
}

interface Judged {
	message: (stream_id: string) => ClientMessage;
	/** What comes back first. */
	type: ServerMessage["type"];
	/** Whether what came back tells of a stream. */
	shows: (answer: never) => boolean;
	/** It concerns the service as a whole, and is for these roles only. */
	whole?: readonly string[];
}

/** Every message that asks for something, with what it answers. `end` and `rows` speak of what was asked for before. */
const messages: Record<Exclude<ClientMessage["op"], "end" | "rows" | "watch" | "pictures">, Judged> = {
	streams: {
		message: () => ({ op: "streams", sub: 1, filter: {}, order: "oldest" }),
		type: "snapshot",
		shows: ({ total, rows }: Extract<ServerMessage, { type: "snapshot" }>) => total > 0 || rows.length > 0,
	},
	stream: {
		message: (stream_id) => ({ op: "stream", sub: 2, stream_id }),
		type: "stream",
		shows: ({ detail }: Extract<ServerMessage, { type: "stream" }>) => detail !== null,
	},
	counts: {
		message: () => ({ op: "counts", sub: 3 }),
		type: "counts",
		shows: ({ counts }: Extract<ServerMessage, { type: "counts" }>) => Object.values(counts).some((each) => each > 0),
	},
	logs: {
		message: () => ({ op: "logs", sub: 4, filter: {}, since: 0 }),
		type: "logs",
		shows: ({ records }: Extract<ServerMessage, { type: "logs" }>) => records.length > 0,
	},
	queue: {
		message: () => ({ op: "queue", sub: 5 }),
		type: "queue",
		shows: ({ pending, first }: Extract<ServerMessage, { type: "queue" }>) => pending > 0 || first.length > 0,
	},
	nodes: {
		message: () => ({ op: "nodes", sub: 6 }),
		type: "nodes",
		shows: () => true,
		whole: ["viewer", "operator", "admin"],
	},
	action: {
		message: () => ({ op: "action", sub: 7, action_id: account }),
		type: "action",
		// Another's action is none.
		shows: ({ progress }: Extract<ServerMessage, { type: "action" }>) => progress !== null,
	},
};

test("every message of the socket is judged here", () => {
	const ops = clientMessage.anyOf.map(({ properties }) => properties.op.const);
	expect([...ops].sort()).toEqual([...Object.keys(messages), "end", "rows", "watch", "pictures"].sort());
});

test.each(strangers)("%s opens no socket", async (caller) => {
	const token = tokens[caller]!;
	const page = new PageSocket(own.service.url, token === "" ? {} : { headers: { Authorization: `Bearer ${token}` } });
	const { status, body } = await eventually(() => page.refused ?? false);
	expect([status, JSON.parse(body).error_code]).toEqual([401, 39902]);
});

// Side by side, since each waits for a round of telemetry, which comes once a second.
describe.concurrent("a page", () => {
	describe.each(roles)("of a role %s", (role) => {
		test.each(insiders(role))("(%s) sees what is in its scope", async (caller) => {
			await judge(caller, role, caller === role, true);
		});

		test.each(outsiders(role))("(%s) sees nothing of what is out of it", async (caller) => {
			await judge(caller, role, false, false);
		});
	});
});

async function judge(caller: string, role: string, isWhole: boolean, visible: boolean): Promise<void> {
	const stream_id = await makeStream();
	const page = await open(tokens[caller]!);
	for (const [op, { message, type, shows, whole }] of Object.entries(messages)) {
		asked++;
		const said = message(stream_id);
		page.say(said);
		if (whole !== undefined && !(isWhole && whole.includes(role))) {
			const { error_code, sub } = await page.next("error");
			expect([error_code, sub], `${caller}: ${op}`).toEqual([39903, "sub" in said ? said.sub : undefined]);
			continue;
		}
		// Nothing is told of the log where there is nothing to tell.
		if (op === "logs" && !visible) continue;
		const expected = op === "nodes" ? true : op === "action" ? false : visible;
		// Counters may be a second old at first.
		const isLate = (answer: ServerMessage) => op === "counts" && expected && !shows(answer as never);
		const answer = await page.next(type, (each) => !isLate(each));
		expect(shows(answer as never), `${caller}: ${op} ${JSON.stringify(answer)}`).toBe(expected);
	}
	// Telemetry and pictures of a stream that is named outright.
	page.say({ op: "rows", sub: 1, from: 0, count: 100 });
	const { rows } = await page.next("rows");
	expect(
		rows.some((row) => row?.stream_id === stream_id),
		`${caller}: rows`,
	).toBe(visible);
	asked += 3;
	page.say({ op: "pictures", streams: [{ stream_id, rate: "still" }] });
	page.say({ op: "watch", sub: 1, stream_ids: [stream_id] });
	// A round of telemetry goes to all who look: when one has heard of it, nobody else will.
	const witness = visible ? page : await open(own.admin);
	if (witness !== page) {
		witness.say({ op: "streams", sub: 1, filter: {}, order: "oldest" });
		await witness.next("snapshot");
		witness.say({ op: "watch", sub: 1, stream_ids: [stream_id] });
	}
	await witness.next("telemetry", ({ rows: moved }) => moved.some((row) => row.stream_id === stream_id));
	// A change is told to who may see it, and to nobody else: the end of the round is known by an answer after it.
	const patch = (status: string) => own.ask(own.admin, "PATCH", `/1/streams/${stream_id}`, { status });
	const told = (status: string) =>
		page.next("changes", ({ subs }) =>
			subs.some(({ rows: changed }) => changed.some((row) => row.stream_id === stream_id && row.status === status)),
		);
	await patch("pause");
	if (visible) await told("pause");
	await patch("pending");
	if (visible) await told("pending");
	else {
		page.say({ op: "stream", sub: 8, stream_id });
		await page.next("stream");
		const said = JSON.stringify(page.said);
		expect(
			streams.filter((each) => said.includes(each)),
			caller,
		).toEqual([]);
		expect(page.pictures).toEqual([]);
	}
	page.close();
}

describe.concurrent("a socket is closed with 4004", () => {
	const unauthorized = { code: 4004, reason: "unauthorized" };

	test.each(roles)("when the token of a role %s is revoked", async (role) => {
		const { token, token_id } = await own.token({ role });
		const page = await open(token);
		await own.ask(own.admin, "DELETE", `/console/tokens/${token_id}`);
		expect(await page.ended()).toEqual(unauthorized);
	});

	test("when its session is closed, by itself or with all of its owner's", async () => {
		const { token } = await own.token({ role: "viewer" });
		const logIn = async () => {
			const { headers } = await own.ask("", "POST", "/console/login", { token });
			const [Cookie = ""] = (headers.get("set-cookie") ?? "").split(";");
			const page = await PageSocket.open(own.service.url, { headers: { Cookie, Origin: own.service.url } });
			pages.push(page);
			return { Cookie, page };
		};
		const [one, two, three] = [await logIn(), await logIn(), await logIn()];
		const out = (Cookie: string, query = "") =>
			own.ask("", "POST", `/console/logout${query}`, undefined, { Cookie, Origin: own.service.url });
		await out(one.Cookie);
		expect(await one.page.ended()).toEqual(unauthorized);
		expect([two.page.closed, three.page.closed]).toEqual([null, null]);
		await out(two.Cookie, "?everywhere=1");
		for (const { page } of [two, three]) expect(await page.ended()).toEqual(unauthorized);
	});

	test("when its token expires, within a quarter of a minute", async () => {
		const closed = await eventually(() => expiring?.closed ?? false, { timeoutMs: 25_000 });
		expect(closed).toEqual(unauthorized);
	}, 30_000);

	test("and no other socket is", async () => {
		const page = await open(tokens["viewer"]!);
		const { token_id } = await own.token({ role: "viewer" });
		await own.ask(own.admin, "DELETE", `/console/tokens/${token_id}`);
		page.say({ op: "stream", sub: 1, stream_id: account });
		await page.next("stream");
		expect(page.closed).toBe(null);
	});
});
