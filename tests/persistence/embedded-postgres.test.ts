import { once } from "node:events";
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databaseAccount } from "../../persistence/embedded/account.ts";
import { EmbeddedPostgres } from "../../persistence/embedded/embedded-postgres.ts";
import { LogFile } from "../../persistence/embedded/log-file.ts";
import { Postmaster } from "../../persistence/embedded/postmaster.ts";
import { installedPrograms, readyPrograms } from "../../persistence/embedded/programs.ts";
import { ask, dataFolder, embedded, emptyFolder, RecordingLogger } from "../support/embedded-folder.ts";
import { stressService } from "../support/stress-service.ts";

test("an empty DATA_DIR gets a database: UTF-8, order of code points, checksums, durable", async () => {
	const folder = join(await emptyFolder(), "not", "there", "yet");
	const server = embedded(folder, { settings: {} });
	await server.start();
	const shown = await Promise.all(
		["server_encoding", "data_checksums", "fsync", "synchronous_commit", "full_page_writes", "timezone"].map((name) =>
			ask(server.url, `SHOW ${name}`),
		),
	);
	expect(shown.flat()).toEqual(["UTF8", "on", "on", "on", "on", "UTC"]);
	expect(await ask(server.url, "SELECT n FROM unnest(ARRAY['é','b','A','Ä','a']) n ORDER BY n")).toEqual([
		"A",
		"a",
		"b",
		"Ä",
		"é",
	]);
	expect(await ask(server.url, "SELECT current_database() || '/' || current_user")).toEqual(["perigee/perigee"]);
});

test("what was written is there after a restart, under the same connection string", async () => {
	const server = embedded(await dataFolder());
	await server.start();
	const { url } = server;
	await ask(url, "CREATE TABLE kept AS SELECT 42 AS n");
	await server.stop();
	const begin = performance.now();
	await server.start();
	const duration = performance.now() - begin;
	expect(server.url).toBe(url);
	expect(await ask(url, "SELECT n FROM kept")).toEqual([42]);
	console.log(`started again in ${Math.round(duration)} ms`);
	expect(duration).toBeLessThan(5_000);
});

test("two of them with different folders run side by side", async () => {
	const [one, two] = [embedded(await dataFolder()), embedded(await dataFolder())];
	await Promise.all([one.start(), two.start()]);
	await Promise.all([ask(one.url, "CREATE TABLE mine ()"), ask(two.url, "SELECT 1")]);
	expect(await ask(two.url, "SELECT to_regclass('mine')")).toEqual([null]);
});

test("when another program has taken its port, it takes another one", async () => {
	const server = embedded(await dataFolder());
	await server.start();
	const { url } = server;
	await server.stop();
	const intruder = createServer().listen(Number(new URL(url).port), "127.0.0.1");
	try {
		await server.start();
		expect(server.url).not.toBe(url);
		expect(await ask(server.url, "SELECT 1")).toEqual([1]);
	} finally {
		intruder.close();
	}
});

test("a port that is taken between our look and PostgreSQL's is told apart from other failures", async () => {
	const folder = await dataFolder();
	const cluster = join(folder, "postgres");
	const intruder = createServer().listen(0, "127.0.0.1");
	await once(intruder, "listening");
	const { port } = intruder.address() as AddressInfo;
	const log = new LogFile(join(folder, "postgres.log"), 1_000_000);
	await log.open(() => undefined);
	try {
		const account = await databaseAccount(cluster);
		const runner = { account, programs: await readyPrograms(await installedPrograms(), folder, account) };
		const settings = join(folder, "postgresql.conf");
		const launch = { runner, cluster, settings, port, log, logger: new RecordingLogger(), timeout: 5_000 };
		await expect(Postmaster.launch(launch)).rejects.toMatchObject({ taken: true });
		await writeFile(settings, "max_connections = 0\n");
		await expect(Postmaster.launch(launch)).rejects.toMatchObject({ taken: false });
	} finally {
		await log.close();
		intruder.close();
	}
});

test("ALTER SYSTEM changes a setting for good", async () => {
	const server = embedded(await dataFolder());
	await server.start();
	await ask(server.url, "ALTER SYSTEM SET work_mem = '5MB'");
	await server.stop();
	await server.start();
	expect(await ask(server.url, "SHOW work_mem")).toEqual(["5MB"]);
});

test("its password lies in a file of mode 0600, and a lost file is made anew", async () => {
	const folder = await dataFolder();
	const server = embedded(folder);
	await server.start();
	const { url } = server;
	await server.stop();
	const file = join(folder, "postgres-url");
	expect((await readFile(file, "utf8")).trim()).toBe(url);
	expect((await stat(file)).mode & 0o777).toBe(0o600);

	await rm(file);
	await server.start();
	expect(new URL(server.url).password).not.toBe(new URL(url).password);
	expect(await ask(server.url, "SELECT 1")).toEqual([1]);
	await expect(ask(Object.assign(new URL(server.url), { password: "wrong" }).href, "SELECT 1")).rejects.toThrow(
		/password/,
	);
});

test("a file with a wrong password stops the start with one line", async () => {
	const folder = await dataFolder();
	const server = embedded(folder);
	await server.start();
	await server.stop();
	await writeFile(join(folder, "postgres-url"), "postgres://perigee:another@127.0.0.1:25000/perigee\n");
	await expect(server.start()).rejects.toThrow(/^The password in .*postgres-url is not that of its database: remove/);
	await rm(join(folder, "postgres-url"));
	await server.start();
});

test("a data folder of another major version stops the start with one line, and stays as it is", async () => {
	const folder = await dataFolder();
	const server = embedded(folder);
	await server.start();
	await server.stop();
	await writeFile(join(folder, "postgres", "PG_VERSION"), "17\n");
	await expect(server.start()).rejects.toThrow(
		/^The database in .* was written by PostgreSQL 17, and this Perigee brings PostgreSQL 18: [^\n]+$/,
	);
	await writeFile(join(folder, "postgres", "PG_VERSION"), "18\n");
	await server.start();
});

test("a folder of that name with something else in it is left alone", async () => {
	const folder = await emptyFolder();
	await mkdir(join(folder, "postgres"));
	await writeFile(join(folder, "postgres", "holiday.jpg"), "");
	await expect(embedded(folder).start()).rejects.toThrow(/^The folder .*postgres holds something, but no PostgreSQL/);
	expect(await readdir(join(folder, "postgres"))).toEqual(["holiday.jpg"]);
});

test("a setting that PostgreSQL refuses is told in one line", async () => {
	const server = embedded(await dataFolder(), { settings: { max_connections: "'many'" } });
	await expect(server.start()).rejects.toThrow(
		/^PostgreSQL did not start \([^\n]*max_connections[^\n]*\); its log is /,
	);
});

test("its log is a file in DATA_DIR that is kept below its bound", async () => {
	const folder = await dataFolder();
	const server = embedded(folder);
	await server.start();
	await server.stop();
	const log = join(folder, "postgres.log");
	expect(await readFile(log, "utf8")).toContain("ready to accept connections");
	await appendFile(log, "x".repeat(11 * 1024 * 1024));
	await server.start();
	expect((await stat(log)).size).toBeLessThan(100_000);
	expect((await stat(`${log}.1`)).size).toBeGreaterThan(11 * 1024 * 1024);
});

test("it can be started and stopped in any order, and leaves nothing open", async () => {
	const folder = await dataFolder();
	const settings = { fsync: "off" };
	await stressService(() => new EmbeddedPostgres({ dataDir: folder, logger: new RecordingLogger(), settings }), {
		rounds: 5,
	});
});

describe("while it runs", () => {
	const ends: (() => Promise<void>)[] = [];
	let folder: string;
	let server: EmbeddedPostgres;
	beforeAll(async () => {
		const finished = (end: () => Promise<void>) => void ends.unshift(end);
		folder = await dataFolder(finished);
		server = embedded(folder, {}, finished);
		await server.start();
	});
	afterAll(async () => {
		for (const end of ends) await end();
	});

	test("it listens on the loopback address only", async () => {
		expect(await ask(server.url, "SHOW listen_addresses")).toEqual(["127.0.0.1"]);
		expect(await ask(server.url, "SHOW unix_socket_directories")).toEqual([""]);
	});

	test("no value of a statement reaches the log", async () => {
		await ask(server.url, "CREATE TABLE tokens (token text CHECK (length(token) < 3))");
		await expect(ask(server.url, "INSERT INTO tokens VALUES ('secret-token')")).rejects.toThrow(/check constraint/);
		const log = await readFile(join(folder, "postgres.log"), "utf8");
		expect(log).toContain("violates check constraint");
		expect(log).not.toContain("secret-token");
	});

	test("a second one in the same process is refused as well", async () => {
		await expect(embedded(folder).start()).rejects.toThrow(
			/^The folder .* is in use by another running Perigee \(process \d+\): [^\n]+$/,
		);
		expect(await ask(server.url, "SELECT 1")).toEqual([1]);
	});

	test.runIf(process.platform === "linux")(
		"a Ctrl-C at the terminal does not reach it: it leads a session of its own",
		async () => {
			const fields = (await readFile(`/proc/${server.pid}/stat`, "latin1")).split(") ")[1]!.split(" ");
			expect({ group: Number(fields[2]), session: Number(fields[3]) }).toEqual({
				group: server.pid,
				session: server.pid,
			});
		},
	);
});
