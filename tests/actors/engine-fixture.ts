import postgres from "postgres";
import { systemClock } from "../../actors/clock.ts";
import { inProcessCluster } from "../../actors/cluster/in-process.ts";
import { type EngineOptions, StreamEngine } from "../../actors/stream-engine.ts";
import { DEFAULT_POLICY } from "../../machines/policy.ts";
import { Database } from "../../persistence/database.ts";
import type { WrittenStream } from "../../persistence/stream-row.ts";
import { freshDatabase } from "../support/database.ts";

export const ACCOUNT = "557d54ec-29ad-4f3c-93b4-c9092ef12515";

/** What the log of the engine under test said, for tests that look at it. */
export interface Said {
	level: "info" | "warn";
	fields: object;
	message: string;
}

export interface Node {
	engine: StreamEngine;
	database: Database;
	cluster: EngineOptions["cluster"];
	said: Said[];
	stop(): Promise<void>;
}

export interface Site {
	url: string;
	/** A connection of the test's own. */
	sql: postgres.Sql;
	/** Starts an engine on this database; several are like nodes whose messages are all lost. */
	node(options?: Partial<EngineOptions>, poolSize?: number): Promise<Node>;
	/** The statuses of a stream's log records, oldest first. */
	log(stream_id: string): Promise<string[]>;
	/** Stops every node and drops the database. */
	close(): Promise<void>;
}

/**
 * A database of the test's own, and engines on it.
 *
 * @param at a database that somebody else made and drops: on a server that the test may end
 */
export async function openSite(at?: string): Promise<Site> {
	const { url, drop } = at === undefined ? await freshDatabase() : { url: at, drop: async () => undefined };
	const sql = postgres(url, { max: 2, onnotice: () => undefined });
	const nodes: Node[] = [];
	return {
		url,
		sql,
		async node(options, poolSize) {
			const node = await startNode(url, options, poolSize);
			nodes.push(node);
			return node;
		},
		async log(stream_id) {
			const rows = await sql<{ status: string }[]>`
				SELECT status FROM stream_logs WHERE stream_id = ${stream_id} ORDER BY record_number`;
			return rows.map((row) => row.status);
		},
		async close() {
			for (const node of nodes) await node.stop();
			await sql.end();
			await drop();
		},
	};
}

async function startNode(url: string, options: Partial<EngineOptions> = {}, poolSize = 8): Promise<Node> {
	const said: Said[] = [];
	const log = {
		info: (fields: object, message: string) => said.push({ level: "info", fields, message }),
		warn: (fields: object, message: string) => said.push({ level: "warn", fields, message }),
	};
	const database = new Database({ url, poolSize, log });
	await database.start();
	const cluster = inProcessCluster({ node_id: "test", boot_id: Math.random().toString(16).slice(2) });
	await cluster.bus.start();
	await cluster.membership.start();
	await cluster.leases.start();
	const engine = new StreamEngine({
		database,
		cluster,
		// As if there were others: several nodes of a test share the database.
		alone: false,
		clock: systemClock,
		random: Math.random,
		policy: DEFAULT_POLICY,
		healthyPeriod: 60,
		obsoleting: { period: 60, interval: 5 },
		feedback: { flushInterval: 0.1, durability: "interval" },
		queue: { maxTake: 1_000, maxLook: 10_000, maxWaiters: 1_000, maxFilterBytes: 1_000_000 },
		retention: null,
		maxResident: 100_000,
		log,
		...options,
	});
	await engine.start();
	return {
		engine,
		database,
		cluster,
		said,
		async stop() {
			await engine.stop();
			await cluster.leases.stop();
			await cluster.membership.stop();
			await cluster.bus.stop();
			await database.stop();
		},
	};
}

/** A stream to create; every member can be set. */
export function written(members: Partial<WrittenStream> = {}): WrittenStream {
	return {
		account_id: ACCOUNT,
		name: "",
		description: "",
		data_type: "tcp",
		reference: "rtsp://camera.test/1",
		data: '{"type":"tcp","reference":"rtsp://camera.test/1"}',
		event_handler: "{}",
		policies: "{}",
		location: "{}",
		restart: 0,
		attempt_count: 10,
		delay: 60,
		status: "pending",
		group_name: null,
		...members,
	};
}

/** A take of everything, at once, by `agent`. */
export function takeRequest(
	members: Partial<Parameters<StreamEngine["take"]>[0]> = {},
): Parameters<StreamEngine["take"]>[0] {
	return { filters: {}, limit: 1_000, wait: 0, agent_id: null, signal: new AbortController().signal, ...members };
}
