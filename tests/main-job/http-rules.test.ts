import { beforeAll, describe, expect, test } from "vitest";
import { head, raw } from "../server/raw-client.ts";
import { type RunningService, startService } from "./service-fixture.ts";
import { ACCOUNT, OTHER_ACCOUNT, streamBody, UNKNOWN } from "./stream-bodies.ts";

const PREFIX = "/6/luna-streams";
let service: RunningService;
beforeAll(async () => {
	service = await startService({
		LUNA_STREAMS_HTTP_SETTINGS__PREFIX: PREFIX,
		LUNA_STREAMS_HTTP_SETTINGS__ALLOWED_HOSTS: "streams.example",
	});
	return service.stop;
});

describe("PREFIX", () => {
	test("everything is served below it as well, and links lead there", async () => {
		const { status, headers, body } = await service.api.ask<{ stream_id: string }>(
			"POST",
			`${PREFIX}/1/streams`,
			streamBody(),
		);
		expect({ status, location: headers.location }).toEqual({
			status: 201,
			location: `${PREFIX}/1/streams/${body.stream_id}`,
		});
		for (const prefix of ["", PREFIX])
			for (const path of [
				`/1/streams/${body.stream_id}`,
				"/version",
				"/healthcheck",
				"/metrics",
				"/config",
				"/1/groups",
			])
				expect((await service.api.ask("GET", prefix + path)).status, prefix + path).toBe(200);
		for (const path of ["/6", "/6/luna-stream/1/streams", `${PREFIX}${PREFIX}/version`, `${PREFIX}x/version`])
			expect((await service.api.ask("GET", path)).body, path).toMatchObject({ error_code: 12013 });
	});
});

describe("Host", () => {
	const statusOf = async (host: string): Promise<string> => {
		const { text } = await raw(service.port, head("GET /version", { Host: host }));
		return text.slice(9, 12);
	};
	test("is loopback or one of ALLOWED_HOSTS, with any port or none", async () => {
		for (const host of ["127.0.0.1", "127.0.0.1:1", "localhost", "LOCALHOST:5160", "[::1]:80", "streams.example:443"])
			expect(await statusOf(host), host).toBe("200");
	});
	test("of anybody else is 403/39903, also on a path that does not exist", async () => {
		for (const host of ["evil.example", "streams.example.evil.example", "localhost.evil.example:80", "169.254.169.254"])
			expect(await statusOf(host), host).toBe("403");
		const { text } = await raw(service.port, head("GET /nowhere", { Host: "evil.example" }), (all) =>
			all.includes("}"),
		);
		expect(text).toContain('"error_code":39903');
	});
});

describe("request ids", () => {
	test("stand on every answer: the client's own when it is one, else a new one", async () => {
		const own = `1700000000,${ACCOUNT}`;
		const requests = [
			["GET", "/version", 200],
			["GET", "/nowhere", 404],
			["PUT", "/version", 405],
			["GET", `/1/streams/${UNKNOWN}`, 404],
			["GET", "/1/streams?page=0", 400],
			["POST", "/1/streams", 415],
		] as const;
		for (const [method, path, status] of requests) {
			const echoed = await service.api.ask(method, path, undefined, { "Luna-Request-Id": own });
			expect(echoed.status, path).toBe(status);
			expect(echoed.headers["luna-request-id"], path).toBe(own);
			const made = await service.api.ask(method, path, undefined, { "Luna-Request-Id": `${own}x` });
			expect(made.headers["luna-request-id"], path).toMatch(/^\d{10},[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
			expect(made.headers["luna-request-id"], path).not.toBe(own);
		}
	});
});

test("lists, pages, counts and the queue agree with each other while streams are created", async () => {
	const before = await service.api.count();
	const each = 60;
	const creators = 4;
	let done = 0;
	const created: string[] = [];
	const create = async (at: number): Promise<void> => {
		const api = service.client({ connections: 1 });
		for (let made = 0; made < each; made++)
			created.push(
				await api.create(streamBody({ account_id: at % 2 ? ACCOUNT : OTHER_ACCOUNT, name: `creator-${at}` })),
			);
		done++;
	};
	/** All ids, page by page, the way that a client has to. */
	const walk = async (query: string, pageSize: number): Promise<string[]> => {
		const ids: string[] = [];
		for (let page = 1; ; page++) {
			const streams = await service.api.list(`${query}&page=${page}&page_size=${pageSize}`);
			ids.push(...streams.map(({ stream_id }) => stream_id));
			if (streams.length < pageSize) return ids;
		}
	};
	const read = async (query: string, pageSize: number): Promise<void> => {
		let seen: string[] = [];
		while (done < creators) {
			const answered = created.slice();
			const least = await service.api.count(query);
			const ids = await walk(query, pageSize);
			const most = await service.api.count(query);
			expect(new Set(ids).size, "no stream stands on two pages").toBe(ids.length);
			expect(ids.length).toBeGreaterThanOrEqual(least);
			expect(ids.length).toBeLessThanOrEqual(most);
			// New ones come at the end.
			expect(ids.slice(0, seen.length)).toEqual(seen);
			if (query === "")
				expect(
					answered.filter((id) => !ids.includes(id)),
					"answered, yet not listed",
				).toEqual([]);
			seen = ids;
		}
	};
	await Promise.all([
		...Array.from({ length: creators }, (_, at) => create(at)),
		read("", 1000),
		read("", 23),
		read(`account_id=${OTHER_ACCOUNT}&statuses=pending`, 17),
	]);

	expect(await service.api.count()).toBe(before + creators * each);
	const all = await walk("", 100);
	expect(await walk("", 7)).toEqual(all);
	const accounts = await Promise.all([ACCOUNT, OTHER_ACCOUNT].map((id) => walk(`account_id=${id}`, 11)));
	expect(accounts.flat().sort()).toEqual([...all].sort());
	const { streams } = await service.api.expect<{ streams: { stream_id: string }[] }>(
		200,
		"GET",
		"/1/streams/processing/queue?limit=10000",
	);
	expect(streams.map(({ stream_id }) => stream_id)).toEqual(all);
});
