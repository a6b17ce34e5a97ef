import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { OwnerAllowances } from "../../server/console/owner-allowances.ts";
import { Allowance } from "../../server/limits/allowance.ts";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { eventually } from "../support/signals.ts";
import { PageSocket } from "./page-socket.ts";

describe("an allowance", () => {
	test("is so much at once, and so much a second after that; what is refused is not spent", () => {
		const allowance = new Allowance({ atOnce: 10, perSecond: 2 }, 0);
		expect([6, 5, 4, 1].map((cost) => allowance.spend(cost, 0))).toEqual([true, false, true, false]);
		expect([allowance.spend(2, 900), allowance.spend(2, 1_000), allowance.spend(1, 1_000)]).toEqual([
			false,
			true,
			false,
		]);
		expect([allowance.spend(11, 60_000), allowance.spend(10, 60_000), allowance.spend(1, 60_000)]).toEqual([
			false,
			true,
			false,
		]);
	});

	test("is each owner's own, and suffices for 200 pages that come back at once", () => {
		const owners = new OwnerAllowances();
		let heard = 0;
		while (owners.spend("a", 1, 0)) heard++;
		expect(heard).toBeGreaterThanOrEqual(200 * 22);
		expect(heard).toBeLessThan(10_000);
		expect(owners.spend("b", 1, 0)).toBe(true);
	});
});

describe("a page", () => {
	let service: RunningService;
	const open: PageSocket[] = [];

	beforeAll(async () => {
		service = await startService({ LUNA_STREAMS_HTTP_SETTINGS__TRUSTED_PROXIES: '["127.0.0.0/8"]' });
	});
	afterEach(() => {
		for (const page of open.splice(0)) page.close();
	});
	afterAll(() => service.stop());

	async function connect(address: string): Promise<PageSocket> {
		const page = await PageSocket.open(service.url, { headers: { "X-Forwarded-For": address } });
		open.push(page);
		return page;
	}

	test("that pings without end is closed, like one that says too much", async () => {
		const page = await connect("203.0.113.7");
		for (let at = 0; at < 1_000; at++) page.socket.ping("x".repeat(100));
		expect(await page.ended()).toEqual({ code: 4003, reason: "abuse" });
	});

	test("that says little, but at length, is closed", async () => {
		const page = await connect("203.0.113.8");
		for (let at = 0; at < 30; at++) page.socket.send(" ".repeat(60_000));
		expect(await page.ended()).toEqual({ code: 4003, reason: "abuse" });
		expect(page.of("error").length).toBeLessThan(15);
	});

	test("is closed when all of its owner say too much, and those of others are not", async () => {
		const own = await Promise.all(Array.from({ length: 40 }, () => connect("203.0.113.9")));
		const other = await connect("203.0.113.10");
		for (const page of own) for (let at = 0; at < 8; at++) page.socket.send(" ".repeat(65_000));
		await eventually(() => own.some(({ closed }) => closed?.code === 4003), { timeoutMs: 10_000 });
		expect(own.some(({ closed }) => closed === null)).toBe(true);
		other.say({ op: "counts", sub: 1 });
		await other.next("counts");
	});

	test("goes on when 200 of one owner come back at once, with what each shows", async () => {
		const pages = await Promise.all(Array.from({ length: 200 }, () => connect("203.0.113.11")));
		for (const page of pages) {
			for (let sub = 1; sub <= 10; sub++) {
				page.say({ op: "counts", sub });
				page.say({ op: "watch", sub, stream_ids: [] });
			}
		}
		await Promise.all(pages.map((page) => page.next("counts", ({ sub }) => sub === 10)));
		expect(pages.filter(({ closed }) => closed !== null)).toEqual([]);
	});
});
