import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { boundBacklog } from "../../server/console/backlog.ts";
import { BEHIND } from "../../server/http/socket.ts";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { eventually } from "../support/signals.ts";
import { PageSocket } from "./page-socket.ts";
import { QuietPage } from "./quiet-page.ts";

describe("what waits for pages", () => {
	/** Pages for which so many bytes wait. */
	const pages = (owner: string, ...waiting: number[]) =>
		waiting.map((bytes) => Object.assign(new QuietPage(owner), { waiting: bytes }));
	const bounded = (all: readonly QuietPage[], most: { ofOwner: number; all: number }) => {
		boundBacklog(
			all.map(({ session }) => session),
			most,
		);
		return all.map(({ session }) => session.ending ?? "stays");
	};

	test("is bounded for each owner: the page goes for which most waits", () => {
		const all = [...pages("a", 10, 50, 20, 30), ...pages("b", 60)];
		expect(bounded(all, { ofOwner: 60, all: 1_000 })).toEqual(["stays", "slow", "stays", "stays", "stays"]);
	});

	test("is bounded for all together, and those that are closed already count no more", () => {
		const all = [...pages("a", 60, 50), ...pages("b", 20, 10), ...pages("c", 40)];
		expect(bounded(all, { ofOwner: 60, all: 110 })).toEqual(["slow", "slow", "stays", "stays", "stays"]);
	});

	test("is as much as the bounds, and nobody goes", () => {
		expect(bounded([...pages("a", 30, 30), ...pages("b", 40)], { ofOwner: 60, all: 100 })).toEqual(
			Array(3).fill("stays"),
		);
	});

	test("is looked at regularly, whoever sent it", () => {
		const page = new QuietPage("a");
		page.waiting = BEHIND + 1;
		const now = performance.now();
		page.session.check(now);
		expect(page.session.behind).toBe(true);
		page.session.alive();
		page.session.check(now + 21_000);
		expect(page.session.ending).toBe("slow");
	});
});

describe("a page", () => {
	let service: RunningService;
	const open: PageSocket[] = [];
	const from = (address: string) => ({ headers: { "X-Forwarded-For": address } });

	beforeAll(async () => {
		service = await startService({ LUNA_STREAMS_HTTP_SETTINGS__TRUSTED_PROXIES: '["127.0.0.0/8"]' });
		await Promise.all(Array.from({ length: 60 }, () => service.api.create(streamBody())));
		const error = { error_code: 1, desc: "x", detail: "y".repeat(16_000) };
		await service.sql`UPDATE stream_states SET last_error = ${JSON.stringify(error)}::text::json`;
	});
	afterEach(async () => {
		for (const page of open.splice(0)) page.close();
		await eventually(async () => (await service.api.metric("perigee_console_sockets")) === 0);
	});
	afterAll(() => service.stop());

	async function connect(address: string): Promise<PageSocket> {
		const page = await PageSocket.open(service.url, from(address));
		open.push(page);
		return page;
	}

	/** One that reads no more, and asks for fifteen snapshots of 1 MB each. */
	async function frozen(address: string): Promise<PageSocket> {
		const page = await connect(address);
		page.say({ op: "streams", sub: 1, filter: {}, order: "oldest" });
		await page.next("snapshot");
		page.socket.pause();
		for (let sub = 2; sub <= 16; sub++) page.say({ op: "streams", sub, filter: {}, order: "oldest" });
		return page;
	}

	/** For which more waits than what counts as behind. */
	async function behind(): Promise<PageSocket> {
		const page = await frozen("203.0.113.9");
		await eventually(async () => (await service.api.metric("perigee_console_sockets_behind")) === 1, {
			timeoutMs: 15_000,
		});
		return page;
	}

	test.each([
		["sends bytes", (page: PageSocket) => page.socket.send(Buffer.from([1]), { binary: true })],
		["says too much", (page: PageSocket) => page.socket.send("x".repeat(70_000))],
	])("that is behind and %s keeps nothing when it is not counted any more", async (_, offend) => {
		const page = await behind();
		const asked = page.said.length;
		offend(page);
		await eventually(async () => (await service.api.metric("perigee_console_sockets")) === 0);
		page.socket.resume();
		// With a code, it would have been told everything before.
		expect((await page.ended()).code).toBe(1006);
		expect(page.said.length).toBeGreaterThan(asked);
	});

	test("is closed when more waits for all of its owner than may, long before it would be for being behind", async () => {
		const slow = () => service.api.metric("perigee_console_sockets_slow_total");
		const before = await slow();
		await frozen("203.0.113.10");
		await Promise.all(Array.from({ length: 10 }, () => frozen("203.0.113.9")));
		await eventually(async () => (await slow()) > before, { timeoutMs: 15_000 });
		expect(await service.api.metric("perigee_console_sockets_behind")).toBeGreaterThan(4);
	});
});
