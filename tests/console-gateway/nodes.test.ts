import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLogger } from "../../server/log.ts";
import { Perigee } from "../../server/perigee.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { ApiClient } from "../main-job/api-client.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { eventually } from "../support/signals.ts";
import { PageSocket } from "./page-socket.ts";

let redis: TestRedis;
let database: FreshDatabase;
const nodes: Perigee[] = [];
const clients: ApiClient[] = [];

beforeAll(async () => {
	redis = await startRedis();
	database = await freshDatabase();
	for (let at = 0; at < 2; at++) nodes.push(await startNode());
});
afterAll(async () => {
	for (const client of clients) client.close();
	for (const node of nodes) await node.stop();
	await database.drop();
	await redis.stop();
});

async function startNode(): Promise<Perigee> {
	const env = {
		PORT: "0",
		DATABASE_URL: database.url,
		REDIS_URL: redis.url,
		LUNA_STREAMS_HTTP_SETTINGS__DRAIN_DELAY: "0",
		LUNA_STREAMS_LOGGER__LOG_LEVEL: "silent",
	};
	const settings = loadSettings({ argv: [], env });
	const node = new Perigee({
		settings,
		log: createLogger(settings),
		onFatal: (error) => {
			throw error;
		},
	});
	await node.start();
	return node;
}

function urlOf(node: Perigee): string {
	return `http://127.0.0.1:${node.port}`;
}

function clientOf(node: Perigee): ApiClient {
	const client = new ApiClient(urlOf(node));
	clients.push(client);
	return client;
}

describe("on two nodes", () => {
	test("a page of one is told what is done on the other", async () => {
		const [here, there] = [nodes[0]!, clientOf(nodes[1]!)];
		const id = await there.create(streamBody());
		const page = await PageSocket.open(urlOf(here));
		page.say({ op: "streams", sub: 1, filter: {}, order: "oldest" });
		await page.next("snapshot");
		await there.expect(204, "PATCH", `/1/streams/${id}`, { status: "pause" });
		await page.next("changes", ({ subs }) => subs[0]!.rows.some(({ status }) => status === "pause"));
		await there.expect(204, "DELETE", `/1/streams/${id}`);
		await page.next("changes", ({ subs }) => subs[0]!.gone.includes(id));
		page.say({ op: "nodes", sub: 2 });
		await page.next("nodes", ({ nodes, redis }) => nodes.length === 2 && redis === "connected");
		page.close();
	});

	test("after messages may have been missed, pages get everything anew", async () => {
		const there = clientOf(nodes[1]!);
		const id = await there.create(streamBody());
		const page = await PageSocket.open(urlOf(nodes[0]!));
		page.say({ op: "streams", sub: 1, filter: {}, order: "oldest" });
		await page.next("snapshot");
		await redis.crash();
		await there.expect(204, "PATCH", `/1/streams/${id}`, { status: "pause" });
		await redis.restart();
		await eventually(
			() =>
				page
					.of("snapshot")
					.at(-1)
					?.rows.some(({ status }) => status === "pause") === true,
			{
				timeoutMs: 20_000,
			},
		);
		page.close();
	});

	test("a page that changes the node gets a snapshot there", async () => {
		const first = await PageSocket.open(urlOf(nodes[0]!));
		first.say({ op: "streams", sub: 1, filter: {}, order: "oldest" });
		const { view_id, position } = await first.next("snapshot");
		const second = await PageSocket.open(urlOf(nodes[1]!));
		second.say({ op: "streams", sub: 1, filter: {}, order: "oldest", since: { ...position, view_id } });
		expect((await second.next("snapshot")).position.boot_id).not.toBe(position.boot_id);
		first.close();
		second.close();
	});

	test("a node that stops ends its actions, says how far they came, and closes its pages with a code", async () => {
		const leaving = await startNode();
		const client = clientOf(leaving);
		for (let at = 0; at < 20; at++) await client.create(streamBody());
		const { set_id } = await client.expect<{ set_id: string }>(201, "POST", "/console/sets", { filter: {} });
		const page = await PageSocket.open(urlOf(leaving));
		const path = `/console/sets/${set_id}/actions`;
		const { action_id } = await client.expect<{ action_id: string }>(202, "POST", path, { action: "pause" });
		page.say({ op: "action", sub: 1, action_id });
		await page.next("action");
		await leaving.stop();
		expect(await page.ended()).toEqual({ code: 4001, reason: "leaving" });
		expect(page.of("action").at(-1)!.progress).toMatchObject({ finished: true });
	});
});
