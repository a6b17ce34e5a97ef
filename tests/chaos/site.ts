import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import type { OutsideProgram } from "../../scripts/cluster/outside-program.ts";
import { startProxy } from "../../scripts/cluster/proxy.ts";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { ServiceProcess } from "../main-job/service-process.ts";
import { freshDatabase } from "../support/database.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { freePort, startRedis, type TestRedis } from "../support/redis.ts";
import { eventually } from "../support/signals.ts";
import { Caller } from "./caller.ts";

const SHARDS = 256;

export interface SiteOptions {
	nodes?: number;
	/** Settings of every node. */
	env?: Record<string, string>;
	/** The database to stand on, which somebody else ends; one of the test run's server unless given. */
	databaseUrl?: string;
	/** Where a fault proxy stands between the nodes and what they need. */
	through?: readonly ("database" | "redis")[];
	/** The numbers of the nodes that it stands before; all of them unless given. */
	faulty?: readonly number[];
}

/** Several nodes in processes of their own that are one service, on one database and one Redis of the test's own. */
export interface Site {
	nodes: readonly SiteNode[];
	/** Connections of the test's own to the database, past the fault proxy. */
	sql: postgres.Sql;
	redis: TestRedis;
	/** On the way to the database; without one in the options it does not lie on it. */
	toDatabase: FaultProxy;
	toRedis: FaultProxy;
	/** Puts HAProxy in front of the nodes, as `npm run cluster` does, and gives its address. */
	startProxy(): Promise<string>;
	stop(): Promise<void>;
}

/** A node that can be ended and started again, at the same address. */
export class SiteNode {
	readonly number: number;
	readonly url: string;
	/** Asks this node alone. */
	readonly caller: Caller;
	readonly #env: Record<string, string>;
	#service: ServiceProcess | null = null;

	constructor(number: number, port: number, env: Record<string, string>) {
		this.number = number;
		this.url = `http://127.0.0.1:${port}`;
		this.#env = { ...env, PORT: String(port) };
		this.caller = new Caller(this.url);
	}

	get service(): ServiceProcess {
		if (this.#service === null) throw new Error("the node was never started");
		return this.#service;
	}

	async start(): Promise<void> {
		this.#service = new ServiceProcess(this.#env, ["dist/server/main.js"]);
		await this.#service.ready();
	}

	signal(signal: NodeJS.Signals): void {
		process.kill(this.service.pid, signal);
	}

	async kill(): Promise<void> {
		await this.service.kill();
	}

	async end(): Promise<void> {
		this.caller.close();
		await this.#service?.end();
	}
}

export async function startSite({
	nodes: count = 3,
	env = {},
	databaseUrl: given,
	through = [],
	faulty,
}: SiteOptions = {}): Promise<Site> {
	// Built, a node starts in a third of the time.
	await ensureBuilt(["service"]);
	const ends: (() => Promise<unknown>)[] = [];
	const stop = async () => {
		for (const end of ends.reverse()) await end();
	};
	try {
		const database = given === undefined ? await freshDatabase() : { url: given, drop: async () => undefined };
		ends.push(database.drop);
		const sql = postgres(database.url, { max: 4, onnotice: () => undefined });
		ends.push(() => sql.end());
		const redis = await startRedis();
		ends.push(() => redis.stop());
		const databaseUrl = new URL(database.url);
		const toDatabase = new FaultProxy({ host: databaseUrl.hostname, port: Number(databaseUrl.port) });
		const toRedis = new FaultProxy({ port: redis.port });
		for (const way of [toDatabase, toRedis]) {
			await way.start();
			ends.push(() => way.stop());
		}
		const settings = (number: number) => {
			const ways = (faulty?.includes(number) ?? true) ? through : [];
			const url = new URL(databaseUrl);
			if (ways.includes("database")) url.host = `127.0.0.1:${toDatabase.port}`;
			const redisPort = ways.includes("redis") ? toRedis.port : redis.port;
			return { DATABASE_URL: url.href, REDIS_URL: `redis://127.0.0.1:${redisPort}`, ...env };
		};
		const nodes: SiteNode[] = [];
		for (let number = 1; number <= count; number++) {
			const node = new SiteNode(number, await freePort(), settings(number));
			nodes.push(node);
			ends.push(() => node.end());
		}
		await Promise.all(nodes.map((node) => node.start()));
		await agreed(nodes, count);
		return {
			nodes,
			sql,
			redis,
			toDatabase,
			toRedis,
			startProxy: async () => {
				const { url, program, folder } = await proxyFor(nodes);
				ends.push(async () => {
					await program.stop();
					await rm(folder, { recursive: true, force: true });
				});
				return url;
			},
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

/** Resolves when these nodes watch every shard, each one once, and each knows of `members` live ones. */
export async function agreed(nodes: readonly SiteNode[], members: number, timeoutMs = 30_000): Promise<void> {
	await eventually(
		async () => {
			const seen = await Promise.all(
				nodes.map(async ({ caller }) => ({
					shards: await caller.metric("perigee_cluster_shards"),
					members: await caller.metric("perigee_cluster_nodes"),
				})),
			);
			const shards = seen.reduce((sum, each) => sum + each.shards, 0);
			return shards === SHARDS && seen.every((each) => each.members === members);
		},
		{ timeoutMs },
	);
}

async function proxyFor(nodes: readonly SiteNode[]): Promise<{ url: string; program: OutsideProgram; folder: string }> {
	const folder = await mkdtemp(join(tmpdir(), `perigee-haproxy-${process.pid}-`));
	const listen = `127.0.0.1:${await freePort()}`;
	const addresses = nodes.map(({ url }) => new URL(url).host);
	const program = await startProxy({ listen, nodes: addresses }, join(folder, "haproxy.cfg"));
	return { url: `http://${listen}`, program, folder };
}
