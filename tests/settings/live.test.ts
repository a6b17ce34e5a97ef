import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { createLogger, setLevel } from "../../server/log.ts";
import { reloaded } from "../../server/settings/live.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { ServiceProcess } from "../main-job/service-process.ts";
import { freshDatabase } from "../support/database.ts";

const folder = mkdtempSync(join(tmpdir(), "perigee-live-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("settings that are read again", () => {
	const old = loadSettings({ argv: [], env: {} });

	test("change where they are live, and wait for the next start elsewhere; both are named", () => {
		const env = {
			LUNA_STREAMS_LOGGER__LOG_LEVEL: "debug",
			LUNA_STREAMS_HTTP_SETTINGS__PORT: "6000",
			LUNA_STREAMS_DB__DB_SETTINGS__CONNECTION_POOL_SIZE: "7",
			LUNA_STREAMS_ACTIVE_PLUGINS: "./a.mjs",
		};
		const { settings, changed, waiting } = reloaded(old, loadSettings({ argv: [], env }));
		expect(changed).toEqual(["LUNA_STREAMS_LOGGER.LOG_LEVEL"]);
		expect(waiting).toEqual([
			"LUNA_STREAMS_DB.DB_SETTINGS.CONNECTION_POOL_SIZE",
			"LUNA_STREAMS_HTTP_SETTINGS.PORT",
			"LUNA_STREAMS_ACTIVE_PLUGINS",
		]);
		expect(settings).toEqual({ ...old, LUNA_STREAMS_LOGGER: { LOG_LEVEL: "debug" } });
	});

	test("stay what they are when nothing is other", () => {
		const { settings, changed, waiting } = reloaded(old, loadSettings({ argv: [], env: {} }));
		expect({ settings, changed, waiting }).toEqual({ settings: old, changed: [], waiting: [] });
	});
});

test("the level of a log changes in all its parts, those of parts included", () => {
	const said: string[] = [];
	const write = (line: string) => void said.push(JSON.parse(line).msg);
	const log = createLogger({ LUNA_STREAMS_LOGGER: { LOG_LEVEL: "info" } }, { write });
	const child = log.child({ part: "a" });
	const grandchild = child.child({ plugin: "b" });
	const all = [log, child, grandchild];
	for (const [at, each] of all.entries()) each.debug({}, `quiet ${at}`);
	setLevel(log, "debug");
	for (const [at, each] of all.entries()) each.debug({}, `loud ${at}`);
	setLevel(log, "error");
	for (const [at, each] of all.entries()) each.warn({}, `quiet again ${at}`);
	expect(said).toEqual(["loud 0", "loud 1", "loud 2"]);
});

test("on SIGHUP the service reads its file again, changes what is live, and says so", async () => {
	const file = join(folder, "perigee.yaml");
	const write = (level: string, size: number, prefix = "/one") =>
		writeFileSync(
			file,
			`LUNA_STREAMS_LOGGER:\n  LOG_LEVEL: ${level}\nLUNA_STREAMS_HTTP_SETTINGS:\n  REQUEST_MAX_SIZE: ${size}\n  PREFIX: ${prefix}\n`,
		);
	write("info", 2048);
	const database = await freshDatabase();
	const main = ["dist/server/main.js", "--config", file];
	const service = new ServiceProcess({ DATABASE_URL: database.url }, main);
	onTestFinished(async () => {
		await service.end();
		await database.drop();
	});
	await service.ready();
	const api = service.client();
	const body = { account_id: "x".repeat(1500) };
	expect((await api.ask("POST", "/1/streams", body)).status).toBe(400);

	write("debug", 1024, "/two");
	service.child.kill("SIGHUP");
	const line = await service.said("settings read again; what waits counts after the next start");
	expect(line).toMatchObject({
		changed: ["LUNA_STREAMS_HTTP_SETTINGS.REQUEST_MAX_SIZE", "LUNA_STREAMS_LOGGER.LOG_LEVEL"],
		waiting: ["LUNA_STREAMS_HTTP_SETTINGS.PREFIX"],
	});
	expect((await api.ask("POST", "/1/streams", body)).status).toBe(413);
	expect(await service.said("request")).toMatchObject({ level: "debug", part: "http", status: 413 });
	const { body: config } = await api.ask<Record<string, Record<string, unknown>>>("GET", "/config");
	expect(config["LUNA_STREAMS_LOGGER"]).toEqual({ LOG_LEVEL: "debug" });
	expect(config["LUNA_STREAMS_HTTP_SETTINGS"]).toMatchObject({ REQUEST_MAX_SIZE: 1024, PREFIX: "/one" });

	write("loud", 1024);
	service.child.kill("SIGHUP");
	const refusal = await service.said("settings could not be read again, nothing has changed");
	expect(refusal["err"]).toMatchObject({ message: expect.stringContaining("LOG_LEVEL must be one of") });
	service.child.kill("SIGTERM");
	expect(await service.ended).toBe(0);
});
