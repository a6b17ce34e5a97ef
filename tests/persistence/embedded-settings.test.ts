import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { serverSettings, settingsFile, thisMachine } from "../../persistence/embedded/server-settings.ts";
import { ServiceProcess } from "../main-job/service-process.ts";
import { ask, dataFolder } from "../support/embedded-folder.ts";

const gigabyte = 1024 ** 3;
const sized = ["shared_buffers", "effective_cache_size", "work_mem", "maintenance_work_mem"];

test("memory is shared out by what the machine has, within bounds", () => {
	const sizes = (memory: number) => sized.map((name) => serverSettings({ memory, cores: 2 })[name]);
	expect(sizes(gigabyte / 8)).toEqual(["32MB", "128MB", "4MB", "32MB"]);
	expect(sizes(4 * gigabyte)).toEqual(["512MB", "2048MB", "4MB", "128MB"]);
	expect(sizes(24 * gigabyte)).toEqual(["3072MB", "12288MB", "24MB", "512MB"]);
	expect(sizes(1024 * gigabyte)).toEqual(["4096MB", "65536MB", "32MB", "512MB"]);
});

test("the service's pool has room twice, and others beside it", () => {
	const connections = (poolSize?: number) => serverSettings(thisMachine(), poolSize)["max_connections"];
	expect([undefined, 10, 40, 41, 500].map(connections)).toEqual(["100", "100", "100", "102", "1020"]);
});

test("the database that comes with the service is cut for the service's pool", async () => {
	const folder = await dataFolder();
	const service = new ServiceProcess({
		DATA_DIR: folder,
		LUNA_STREAMS_DB__DB_SETTINGS__CONNECTION_POOL_SIZE: "120",
	});
	onTestFinished(() => service.end());
	await service.ready();
	const url = (await readFile(join(folder, "postgres-url"), "utf8")).trim();
	expect(await ask(url, "SHOW max_connections")).toEqual(["260"]);
});

test("what was answered is durable", () => {
	const { fsync, synchronous_commit, full_page_writes } = serverSettings(thisMachine());
	expect({ fsync, synchronous_commit, full_page_writes }).toEqual({
		fsync: "on",
		synchronous_commit: "on",
		full_page_writes: "on",
	});
});

test("the manual lists every setting, and no other", async () => {
	const page = await readFile(new URL("../../docs/operations-database.md", import.meta.url), "utf8");
	const listed = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map((row) => row[1]);
	expect(listed).toEqual(Object.keys(serverSettings(thisMachine())));
});

test("settings are written as PostgreSQL reads them", () => {
	expect(settingsFile({ jit: "off", log_line_prefix: "'%m '" })).toMatch(/^jit = off\nlog_line_prefix = '%m '\n$/m);
});
