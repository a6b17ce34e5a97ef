import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { type OwnPostgres, startPostgres } from "../chaos/own-postgres.ts";
import { either, say, since } from "../chaos/rounds.ts";
import { ServiceProcess } from "../main-job/service-process.ts";
import { eventually } from "../support/signals.ts";
import { SteadyWriter } from "./refused-writes.ts";

/** Seconds that the database takes no writes. */
const AWAY = either(2, 30);

let server: OwnPostgres;
let service: ServiceProcess;
let sql: postgres.Sql;
beforeAll(async () => {
	await ensureBuilt(["service"]);
	server = await startPostgres();
	sql = postgres(server.url, { max: 1, onnotice: () => undefined });
	service = await new ServiceProcess({ DATABASE_URL: server.url }, ["dist/server/main.js"]).ready();
});
afterAll(async () => {
	await service?.end();
	await sql?.end();
	await server?.stop();
});

/** How a server comes to take no writes, and how it takes them again. */
const ways: Readonly<Record<string, { begin(): Promise<unknown>; end(): Promise<unknown> }>> = {
	"its configuration": {
		begin: () => configured("on"),
		end: () => configured("off"),
	},
	"what its new sessions are told": {
		// Those of the service know it from their beginning, and keep it when the others are told otherwise.
		begin: async () => {
			await sql.unsafe("ALTER ROLE CURRENT_USER SET default_transaction_read_only = on");
			await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'perigee %'`;
		},
		end: async () => {
			await sql.unsafe(
				"SET default_transaction_read_only = off; ALTER ROLE CURRENT_USER RESET default_transaction_read_only",
			);
		},
	},
};

async function configured(value: "on" | "off"): Promise<void> {
	await sql.unsafe("SET default_transaction_read_only = off");
	await sql.unsafe(`ALTER SYSTEM SET default_transaction_read_only = ${value}`);
	await sql`SELECT pg_reload_conf()`;
}

describe.each(Object.entries(ways))("a database that takes no writes, by %s,", (_, { begin, end }) => {
	test("is 503 to whoever writes and nothing to whoever reads, and all is well when it takes them again", async () => {
		const writer = new SteadyWriter(service);
		writer.start();
		await eventually(() => writer.created.length > 10);
		// A line for each request that is answered with 503, and hardly any others.
		const lines = () => service.lines.filter(({ msg }) => msg !== "request").length;
		const linesBefore = lines();
		await begin();
		await eventually(() => writer.heard.some(({ what, status }) => what === "create" && status === 503), {
			timeoutMs: 10_000,
		});
		// Whatever was under way when it began is over.
		await sleep(1_000);
		const before = writer.heard.splice(0);
		await sleep(AWAY * 1_000);
		const during = writer.told();
		writer.expectClear();
		const said = lines() - linesBefore;
		const kept = writer.heard.splice(0);
		await end();
		const ended = performance.now();
		await eventually(() => writer.heard.some(({ what, status }) => what === "create" && status === 201), {
			timeoutMs: 30_000,
		});
		const back = since(ended);
		await sleep(300);
		await writer.stop();
		writer.expectClear();
		await writer.expectKept();
		say(
			`no writes for ${AWAY} s: ${JSON.stringify(during)}; back after ${back.toFixed(1)} s; ${said} lines of log; ${writer.created.length} streams, none missing`,
		);
		expect([...before, ...kept].filter(({ status }) => status === 500 || status === 0)).toEqual([]);
		expect(Object.keys(during["create"] ?? {})).toEqual(["503/39905"]);
		expect(Object.keys(during["list"] ?? {})).toEqual(["200"]);
		expect(back).toBeLessThan(10);
		expect(said).toBeLessThan(20 + 5 * AWAY);
		expect(service.over).toBe(false);
	}, 120_000);
});
