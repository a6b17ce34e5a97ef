import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import type { Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { newSessionText, newToken } from "../../server/access/secret-text.ts";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { openSocket } from "../support/bare-socket.ts";
import { eventually } from "../support/signals.ts";
import { type GuardedService, startGuarded } from "./access-fixture.ts";

/** Loopback counts like any other address, and says who is behind it. */
const counted = {
	LUNA_STREAMS_LIMITS__EXEMPT_NETWORKS: "",
	LUNA_STREAMS_HTTP_SETTINGS__TRUSTED_PROXIES: "127.0.0.0/8",
};
const from = (address: string) => ({ "X-Forwarded-For": address });

/** What comes at once is let in together, and counted: asks in waves until one of them meets the bound. */
async function untilRefused<Answer extends { status: number }>(ask: () => Promise<Answer>): Promise<Answer[]> {
	const answers: Answer[] = [];
	for (let wave = 0; wave < 50 && !answers.some(({ status }) => status === 429); wave++)
		answers.push(...(await Promise.all(Array.from({ length: 50 }, ask))));
	return answers;
}

async function refusals(service: Pick<RunningService, "url">, headers: Record<string, string> = {}) {
	const text = await (await fetch(`${service.url}/metrics`, { headers })).text();
	return Object.fromEntries(
		[...text.matchAll(/^perigee_refused_total\{limit="(\w+)"\} (\d+)$/gm)].map(([, name, count]) => [
			name,
			Number(count),
		]),
	);
}

/** Asks so many times at once, again and again, while the work is done; gives what was answered meanwhile. */
async function crowding(ask: () => Promise<{ status: number }>, work: () => Promise<void>): Promise<number[]> {
	const statuses: number[] = [];
	let over = false;
	const asker = async () => {
		while (!over) statuses.push((await ask()).status);
	};
	const crowd = Array.from({ length: 300 }, asker);
	try {
		// Whoever waited longest has been told that its turn did not come.
		await eventually(() => statuses.length > 0);
		await work();
	} finally {
		over = true;
		await Promise.all(crowd);
	}
	return statuses;
}

/** How long a list may take where nobody can read one: seconds. */
const SHORT = { LUNA_STREAMS_DB__DB_SETTINGS__LIST_TIMEOUT: "0.5" };

/** Nobody reads a table while the work is done: each list of it ends after its time, with 39905. */
async function locking({ sql }: RunningService, table: string, work: () => Promise<void>): Promise<void> {
	await sql.begin(async (within) => {
		await within`LOCK TABLE ${within(table)} IN ACCESS EXCLUSIVE MODE`;
		await work();
	});
}

describe("lists that one client asks for without end", () => {
	test("are not waited for by other addresses, whatever they ask for", async () => {
		const service = await startService({ ...counted, ...SHORT });
		try {
			const client = service.client({ connections: 300 });
			const crowded = () => client.ask("GET", "/console/tokens", undefined, from("203.0.113.9"));
			const filter = { names: ["a"] };
			const others: [method: string, path: string, body?: unknown][] = [
				["GET", "/1/streams?page_size=10"],
				["GET", "/1/streams/count"],
				["GET", "/1/streams/logs"],
				["GET", "/1/streams/processing/queue?limit=1"],
				["GET", "/1/groups"],
				["GET", "/1/groups/count"],
				["GET", "/console/audit"],
				["GET", "/console/views"],
				["POST", "/console/streams/search", { filter }],
				["POST", "/console/sets", { filter }],
				["DELETE", "/1/streams/logs?log_time__lt=2020-01-01T00:00:00Z"],
			];
			await locking(service, "tokens", async () => {
				let answers: string[] = [];
				const statuses = await crowding(crowded, async () => {
					answers = await Promise.all(
						others.map(async ([method, path, body], at) => {
							const { status } = await service.api.ask(method, path, body, from(`203.0.113.${10 + at}`));
							return `${status} ${method} ${path}`;
						}),
					);
				});
				expect(new Set(statuses)).toEqual(new Set([503]));
				expect(answers).toEqual(
					others.map(([method, path]) => `${path === "/console/sets" ? 201 : 200} ${method} ${path}`),
				);
			});
		} finally {
			await service.stop();
		}
	});

	test("are not waited for by another token of the same address", async () => {
		await using own = await startGuarded({ ...counted, ...SHORT, AUTH__CACHE_TTL: "300" });
		const [{ token }, other] = [await own.token({ role: "viewer" }), await own.token({ role: "viewer" })];
		const ask = async (client: typeof own.service.api, by: string, path: string) => {
			const shown = { Authorization: `Bearer ${by}`, ...from("203.0.113.9") };
			return client.ask("GET", path, undefined, shown);
		};
		const client = own.service.client({ connections: 300 });
		const count = async (by: string) => (await ask(own.service.api, by, "/1/streams/count")).status;
		// Known before the crowd comes.
		for (const each of [token, other.token]) expect(await count(each)).toBe(200);
		await locking(own.service, "groups", async () => {
			const counts: number[] = [];
			await crowding(
				() => ask(client, token, "/1/groups"),
				async () => {
					for (let at = 0; at < 5; at++) counts.push(await count(other.token));
				},
			);
			expect(new Set(counts)).toEqual(new Set([200]));
		});
	});
});

describe("too many requests are answered 429 with Retry-After, and counted", () => {
	test("of one token, while others go on; and the same again when the window is over", async () => {
		await using own = await startGuarded({ LUNA_STREAMS_LIMITS__TOKEN_RATE: "10" });
		const [{ token }, other] = [await own.token({ role: "agent" }), await own.token({ role: "agent" })];
		const answers = await untilRefused(() => own.ask(token, "POST", "/1/streams/processing/feedback", { streams: [] }));
		const refused = answers.filter(({ status }) => status === 429);
		expect(refused.length).toBeGreaterThan(0);
		expect(answers.length - refused.length).toBeGreaterThanOrEqual(10);
		expect(refused[0]!.body).toEqual({ error_code: 39904, desc: "Too many requests", detail: "Retry after 1 s" });
		expect(refused[0]!.headers.get("retry-after")).toBe("1");
		expect((await own.ask(other.token, "GET", "/1/streams")).status).toBe(200);
		const { token_rate } = await refusals(own.service, { Authorization: `Bearer ${own.admin}` });
		expect(token_rate).toBe(refused.length);
		await eventually(async () => (await own.ask(token, "GET", "/1/streams")).status === 200);
	});

	test("of one address when nobody is asked who it is", async () => {
		const service = await startService({ ...counted, LUNA_STREAMS_LIMITS__ADDRESS_RATE: "10" });
		try {
			const ask = (address: string) => fetch(`${service.url}/1/streams/count`, { headers: from(address) });
			const answers = await untilRefused(() => ask("203.0.113.9"));
			expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
			expect((await ask("203.0.113.10")).status).toBe(200);
			// Whoever writes more than the proxy did is the same client still.
			let at = 0;
			const last = await untilRefused(() => ask(`198.51.100.${at++ % 256}, 203.0.113.11`));
			expect(last.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
			await eventually(async () => (await ask("203.0.113.9")).status === 200);
		} finally {
			await service.stop();
		}
	});

	test("with tokens that open nothing; who is known already goes on from the same address", async () => {
		await using own = await startGuarded({
			...counted,
			LUNA_STREAMS_LIMITS__FAILURE_RATE: "10",
			AUTH__CACHE_TTL: "300",
		});
		const wrong = () => `perigee_${randomUUID()}${randomUUID()}`.replaceAll("-", "").slice(0, 59);
		const guess = async (address: string) => {
			const { status, headers } = await own.ask(wrong(), "GET", "/1/streams", undefined, from(address));
			return { status, after: Number(headers.get("retry-after")) };
		};
		const home = from("203.0.113.9");
		expect((await own.ask(own.admin, "GET", "/1/streams", undefined, home)).status).toBe(200);
		const statuses: number[] = [];
		for (let guesses = 0; guesses < 15; guesses++) statuses.push((await guess("203.0.113.9")).status);
		expect(statuses).toEqual([...Array(11).fill(401), ...Array(4).fill(429)]);
		expect((await guess("203.0.113.9")).after).toBeGreaterThan(30);
		const login = await own.ask("", "POST", "/console/login", { token: own.admin }, home);
		expect(login.status).toBe(429);
		expect((await own.ask(own.admin, "GET", "/1/streams", undefined, home)).status).toBe(200);
		expect((await guess("203.0.113.10")).status).toBe(401);
	});

	test("without a record in the audit of each: the bound that refused them counts them", async () => {
		await using own = await startGuarded({ ...counted, LUNA_STREAMS_LIMITS__FAILURE_RATE: "10" });
		const statuses: number[] = [];
		for (let guesses = 0; guesses < 15; guesses++) {
			const path = `/1/streams/${randomUUID()}`;
			statuses.push((await own.ask(newToken().text, "DELETE", path, undefined, from("203.0.113.9"))).status);
		}
		expect(statuses).toEqual([...Array(11).fill(401), ...Array(4).fill(429)]);
		// Records are kept in their order, and this one is when it is answered.
		expect((await own.ask(own.admin, "POST", "/1/streams", streamBody())).status).toBe(201);
		const recorded = await own.service.sql<{ status: number }[]>`SELECT status FROM audit ORDER BY record_number`;
		expect(recorded.map(({ status }) => status)).toEqual([...Array(11).fill(401), 201]);
		expect((await refusals(own.service, { Authorization: `Bearer ${own.admin}` }))["failures"]).toBe(4);
		const { body } = await own.ask(own.admin, "GET", "/metrics");
		expect(body).toMatch(/^perigee_audit_lost_total 0$/m);
	});

	test("with logouts of sessions that are none; who is known already may log out from the same address", async () => {
		await using own = await startGuarded({
			...counted,
			LUNA_STREAMS_LIMITS__FAILURE_RATE: "10",
			AUTH__CACHE_TTL: "300",
		});
		const logout = (session: string, address: string) =>
			own.ask("", "POST", "/console/logout", undefined, { Cookie: `perigee_session=${session}`, ...from(address) });
		const me = (cookie: string, address: string) =>
			own.ask("", "GET", "/console/me", undefined, { Cookie: cookie, ...from(address) });
		const { headers } = await own.ask("", "POST", "/console/login", { token: own.admin }, from("203.0.113.9"));
		const [cookie = ""] = (headers.get("set-cookie") ?? "").split(";");
		expect((await me(cookie, "203.0.113.9")).status).toBe(200);
		const statuses: number[] = [];
		for (let times = 0; times < 15; times++) statuses.push((await logout(newSessionText(), "203.0.113.9")).status);
		expect(statuses).toEqual([...Array(11).fill(204), ...Array(4).fill(429)]);
		const refused = await logout(newSessionText(), "203.0.113.9");
		expect(refused.body).toMatchObject({ error_code: 39904 });
		expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(30);
		expect((await logout(newSessionText(), "203.0.113.10")).status).toBe(204);
		expect((await logout(cookie.replace("perigee_session=", ""), "203.0.113.9")).status).toBe(204);
		expect((await me(cookie, "203.0.113.10")).status, "its session is over").toBe(401);
	});

	test("that are under way from one address at the same time", async () => {
		const service = await startService({ ...counted, LUNA_STREAMS_LIMITS__ADDRESS_REQUESTS: "5" });
		try {
			const ending = new AbortController();
			const take = () =>
				fetch(`${service.url}/1/streams/processing/queue?wait=30`, {
					method: "POST",
					headers: { "Content-Type": "application/json", ...from("203.0.113.9") },
					body: JSON.stringify({ filters: {}, limit: 1 }),
					signal: ending.signal,
				});
			const waiting = Array.from({ length: 5 }, take);
			await eventually(async () => {
				const text = await (await fetch(`${service.url}/metrics`, { headers: from("203.0.113.10") })).text();
				return /^perigee_queue_waiters 5$/m.test(text);
			});
			expect((await take()).status).toBe(429);
			ending.abort();
			await Promise.allSettled(waiting);
			await eventually(
				async () => (await fetch(`${service.url}/1/streams`, { headers: from("203.0.113.9") })).status === 200,
			);
			expect(await refusals(service)).toMatchObject({ address_requests: 1 });
		} finally {
			await service.stop();
		}
	});

	test("and those of a node that has as many as it bears are answered 503 at once", async () => {
		const service = await startService({ LUNA_STREAMS_LIMITS__MAX_REQUESTS: "5" });
		try {
			const take = () => service.client().ask("POST", "/1/streams/processing/queue?wait=2", { filters: {}, limit: 1 });
			const waiting = Array.from({ length: 5 }, take);
			const began = performance.now();
			const answer = await eventually(async () => {
				const { status, body, headers } = await service.client().ask("GET", "/1/streams");
				return status === 503 && { body, headers };
			});
			expect(performance.now() - began).toBeLessThan(2_000);
			expect(answer.body).toMatchObject({ error_code: 39905, detail: "room for another request is unavailable" });
			expect(answer.headers["retry-after"]).toBe("1");
			for (const each of await Promise.all(waiting)) expect(each.status).toBe(200);
			expect((await service.client().ask("GET", "/1/streams")).status).toBe(200);
		} finally {
			await service.stop();
		}
	});

	test("of pages of one address", async () => {
		const service = await startService({ ...counted, LUNA_STREAMS_LIMITS__ADDRESS_SOCKETS: "2" });
		try {
			const open = (address: string) =>
				new Promise<{ status: number; end: () => void }>((resolve, reject) => {
					const upgrade = {
						Connection: "Upgrade",
						Upgrade: "websocket",
						"Sec-WebSocket-Version": "13",
						"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
					};
					const asked = request(`${service.url}/console/socket`, { headers: { ...upgrade, ...from(address) } });
					asked.on("upgrade", (response, socket) =>
						resolve({ status: response.statusCode ?? 0, end: () => socket.destroy() }),
					);
					asked.on("response", (response) => {
						response.resume();
						resolve({ status: response.statusCode ?? 0, end: () => undefined });
					});
					asked.on("error", reject);
					asked.end();
				});
			const pages = [await open("203.0.113.9"), await open("203.0.113.9")];
			expect(pages.map(({ status }) => status)).toEqual([101, 101]);
			expect((await open("203.0.113.9")).status).toBe(429);
			const other = await open("203.0.113.10");
			expect(other.status).toBe(101);
			pages[0]!.end();
			const next = await eventually(async () => {
				const page = await open("203.0.113.9");
				return page.status === 101 && page;
			});
			expect((await refusals(service))["address_sockets"]).toBeGreaterThan(0);
			for (const { end } of [...pages, other, next]) end();
		} finally {
			await service.stop();
		}
	});
});

describe("whoever shows nothing that tells who it is counts by its address, where others count by their tokens", () => {
	let own: GuardedService;
	/** Each comes from an address of its own. */
	let last = 0;
	beforeAll(async () => {
		own = await startGuarded({ ...counted, LUNA_STREAMS_LIMITS__ADDRESS_RATE: "10" });
	});
	afterAll(() => own?.service.stop());

	test.each([
		["no token", "GET", "/1/streams", {}, 401],
		["no token, and a body", "POST", "/1/streams", {}, 401],
		["a header that holds none", "GET", "/1/streams", { Authorization: "Bearer nonsense" }, 401],
		["another scheme", "GET", "/1/streams", { Authorization: "Basic YTpi" }, 401],
		["a cookie of nobody", "GET", "/1/streams", { Cookie: "perigee_session=x" }, 401],
		["a path that is none", "GET", "/nowhere", {}, 404],
		["a verb that is not served", "DELETE", "/version", {}, 405],
		["a question for the verbs", "OPTIONS", "/1/streams", {}, 204],
		["a public path", "GET", "/version", {}, 200],
	] as const)("%s", async (_, method, path, headers, status) => {
		const body = method === "POST" ? {} : undefined;
		const home = from(`203.0.113.${++last}`);
		const answers = await untilRefused(() => own.ask("", method, path, body, { ...headers, ...home }));
		const statuses = answers.map((each) => each.status);
		expect(new Set(statuses)).toEqual(new Set([status, 429]));
		expect(statuses.filter((each) => each !== 429).length).toBeGreaterThanOrEqual(10);
		expect((await own.ask(own.admin, "GET", "/1/streams", undefined, home)).status, "who is known").toBe(200);
		const other = from(`203.0.113.${++last}`);
		expect((await own.ask("", method, path, body, { ...headers, ...other })).status).toBe(status);
	});

	test("and a header that holds no token is one that opens nothing", async () => {
		await using own = await startGuarded({ ...counted, LUNA_STREAMS_LIMITS__FAILURE_RATE: "10" });
		const headers = { Authorization: "Bearer nonsense", ...from("203.0.113.9") };
		for (let times = 0; times < 12; times++) await own.ask("", "GET", "/1/streams", undefined, headers);
		const login = await own.ask("", "POST", "/console/login", { token: own.admin }, from("203.0.113.9"));
		expect(login.status).toBe(429);
	});
});

describe("bodies that do not come whole", () => {
	const PART = 600_000;
	const sockets: Socket[] = [];
	afterEach(() => {
		for (const socket of sockets.splice(0)) socket.destroy();
	});

	/** Sends the head of a request and a part of its body, and holds the rest back. Gives the answer's status when there is one. */
	function part(
		service: Pick<RunningService, "url">,
		address: string,
		head = "POST /1/streams",
	): { status: () => number } {
		const socket = openSocket(Number(new URL(service.url).port));
		sockets.push(socket);
		let said = "";
		socket.on("error", () => undefined);
		socket.on("data", (data) => {
			said += data.toString("latin1");
		});
		socket.write(
			`${head.replace(/\n|$/, " HTTP/1.1\r\n")}Host: localhost\r\nX-Forwarded-For: ${address}\r\nContent-Type: application/json\r\nContent-Length: ${2 * PART}\r\n\r\n`,
		);
		socket.write(Buffer.alloc(PART, " "));
		return { status: () => Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 0) };
	}

	test("are bounded together: of one address with 429, of all with 503, and what is gone counts no more", async () => {
		const bounds = {
			LUNA_STREAMS_LIMITS__ADDRESS_BODY_BYTES: "1000000",
			LUNA_STREAMS_LIMITS__MAX_BODY_BYTES: "2000000",
		};
		const service = await startService({ ...counted, ...bounds });
		try {
			const [first, second] = [part(service, "203.0.113.9"), part(service, "203.0.113.9")];
			await eventually(() => [first, second].some(({ status }) => status() === 429));
			expect([first.status(), second.status()].sort()).toEqual([0, 429]);
			const others = ["203.0.113.10", "203.0.113.11", "203.0.113.12"].map((address) => part(service, address));
			await eventually(() => others.some(({ status }) => status() === 503));
			expect(others.map(({ status }) => status()).sort()).toEqual([0, 0, 503]);
			// A body that comes at once is none of them.
			const whole = await fetch(`${service.url}/1/streams`, {
				method: "POST",
				headers: { "Content-Type": "application/json", ...from("203.0.113.9") },
				body: JSON.stringify(streamBody()),
			});
			expect(whole.status).toBe(201);
			expect(await refusals(service)).toMatchObject({ address_body_bytes: 1, body_bytes: 1 });
			for (const socket of sockets.splice(0)) socket.destroy();
			await eventually(() => {
				const again = part(service, "203.0.113.9");
				return eventually(() => again.status() === 0 && sockets.at(-1)!.bytesWritten > PART);
			});
		} finally {
			await service.stop();
		}
	});

	test("are held no longer than until their answer", async () => {
		await using own = await startGuarded({ ...counted, LUNA_STREAMS_LIMITS__ADDRESS_BODY_BYTES: "1000000" });
		const wrong = `perigee_${"x".repeat(51)}`;
		for (let times = 0; times < 4; times++) {
			const refused = part(own.service, "203.0.113.9", `POST /1/streams\nAuthorization: Bearer ${wrong}\r\n`);
			await eventually(() => refused.status() === 401);
			// What comes after it is dropped.
			sockets.at(-1)!.write(Buffer.alloc(PART / 2, " "));
		}
		expect(await refusals(own.service, { Authorization: `Bearer ${own.admin}` })).toMatchObject({
			address_body_bytes: 0,
		});
	});

	test("of a login are small", async () => {
		await using own = await startGuarded();
		const { status, body } = await own.ask("", "POST", "/console/login", { token: "x".repeat(20_000) });
		expect({ status, body }).toMatchObject({ status: 413, body: { error_code: 39901 } });
	});
});

describe("with the defaults", () => {
	test("an agent of thousands of streams is never refused", async () => {
		await using own = await startGuarded(counted);
		const { token } = await own.token({ role: "agent" });
		const ids = await Promise.all(
			Array.from(
				{ length: 50 },
				async () => (await own.ask(own.admin, "POST", "/1/streams", streamBody())).body.stream_id,
			),
		);
		await own.ask(token, "POST", "/1/streams/processing/queue", { filters: {}, limit: 50 });
		const streams = ids.map((stream_id: string) => ({ stream_id, version: 1, status: "in_progress" }));
		const statuses = new Set<number>();
		// 50,000 reports in one go.
		const report = async () => {
			for (let round = 0; round < 100; round++)
				statuses.add((await own.ask(token, "POST", "/1/streams/processing/feedback", { streams })).status);
		};
		await Promise.all(Array.from({ length: 10 }, report));
		expect([...statuses]).toEqual([200]);
	}, 30_000);

	test("the audit says the client's address when the proxy in front is trusted", async () => {
		const service = await startService(counted);
		try {
			await service.api.ask("POST", "/1/streams", streamBody(), from("6.6.6.6, 2001:db8::7"));
			const { records } = await service.api.expect<{ records: { address: string }[] }>(200, "GET", "/console/audit");
			expect(records.map(({ address }) => address)).toEqual(["2001:db8::7"]);
			const lines = request(`${service.url}/1/streams`, {
				method: "POST",
				headers: { "Content-Type": "application/json", "X-Forwarded-For": ["6.6.6.6", "2001:db8::8"] },
			});
			const answered = once(lines, "response");
			lines.end(JSON.stringify(streamBody()));
			(await answered)[0].resume();
			const { records: after } = await service.api.expect<{ records: { address: string }[] }>(
				200,
				"GET",
				"/console/audit",
			);
			expect(after[0]?.address, "of several lines the last one counts").toBe("2001:db8::8");
		} finally {
			await service.stop();
		}
	});
});
