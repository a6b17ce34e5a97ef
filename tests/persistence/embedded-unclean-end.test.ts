import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { databaseAccount } from "../../persistence/embedded/account.ts";
import { processIdentity } from "../../persistence/embedded/process-identity.ts";
import {
	ask,
	dataFolder,
	embedded,
	embeddedProcess,
	emptyFolder,
	RecordingLogger,
} from "../support/embedded-folder.ts";
import { eventually } from "../support/signals.ts";

/** A harmless process of the user that PostgreSQL runs as. */
async function stranger(folder: string, args = ["60"]): Promise<number> {
	const account = await databaseAccount(join(folder, "postgres"));
	const ids = account === null ? {} : { uid: account.uid, gid: account.gid };
	const child = spawn("sleep", args, { stdio: "ignore", cwd: "/", ...ids });
	const ended = once(child, "exit");
	onTestFinished(async () => {
		child.kill("SIGKILL");
		await ended;
	});
	await once(child, "spawn");
	return child.pid!;
}

test("kill -9 of Perigee while PostgreSQL lives on: the next start ends it and has all that was committed", async () => {
	const folder = await dataFolder();
	const killed = await embeddedProcess(folder);
	await ask(killed.said.url!, "CREATE TABLE kept AS SELECT 1 AS n");
	await killed.kill();
	const orphan = killed.said.pid!;
	expect(await processIdentity(orphan)).not.toBeNull();
	// Somebody is still connected to it.
	const session = postgres(killed.said.url!, { max: 1, backoff: () => 1, onnotice: () => undefined });
	await session`SELECT 1`;

	const logger = new RecordingLogger();
	const server = embedded(folder, { logger });
	await server.start();
	await session.end({ timeout: 0 });
	expect(server.pid).not.toBe(orphan);
	expect(await processIdentity(orphan)).toBeNull();
	expect(logger.lines.filter(({ level }) => level === "warn")).toMatchObject([{ values: { pid: orphan } }]);
	expect(await ask(server.url, "SELECT n FROM kept")).toEqual([1]);
});

test("kill -9 of Perigee and of PostgreSQL: the next start recovers, also past a backend that goes on by itself", async () => {
	const folder = await dataFolder();
	const killed = await embeddedProcess(folder);
	await ask(killed.said.url!, "CREATE TABLE kept AS SELECT 1 AS n");
	// It computes and never looks whether its postmaster lives.
	const busy = postgres(killed.said.url!, { max: 1, backoff: () => 1, onnotice: () => undefined });
	const work = busy`SELECT count(*) FROM generate_series(1, 20000) a, generate_series(1, 100000) b`.catch(
		() => undefined,
	);
	const backend = await eventually(async () => {
		const [pid] = await ask<number>(killed.said.url!, "SELECT pid FROM pg_stat_activity WHERE query LIKE '%series%b'");
		return pid ?? false;
	});
	process.kill(killed.said.pid!, "SIGKILL");
	await killed.kill();
	expect(await processIdentity(backend)).not.toBeNull();

	const server = embedded(folder);
	await server.start();
	await busy.end({ timeout: 0 });
	await work;
	expect(await processIdentity(backend)).toBeNull();
	expect(await ask(server.url, "SELECT n FROM kept")).toEqual([1]);
});

test("kill -9 of PostgreSQL alone: it is started again at the same address", async () => {
	const logger = new RecordingLogger();
	const server = embedded(await dataFolder(), { logger });
	await server.start();
	const { url, pid } = server;
	await ask(url, "CREATE TABLE kept AS SELECT 1 AS n");
	process.kill(pid!, "SIGKILL");
	await eventually(() => server.pid !== null && server.pid !== pid);
	expect(await ask(url, "SELECT n FROM kept")).toEqual([1]);
	expect(logger.lines.filter(({ level }) => level === "error")).toMatchObject([{ values: { pid, status: "SIGKILL" } }]);
	await server.stop();
	expect(server.pid).toBeNull();
});

test("a postmaster.pid whose number now belongs to an unrelated process does not keep it from starting", async () => {
	const folder = await dataFolder();
	const server = embedded(folder);
	await server.start();
	await server.stop();
	const pid = await stranger(folder);
	await writeFile(
		join(folder, "postgres", "postmaster.pid"),
		`${pid}\n${join(folder, "postgres")}\n1700000000\n5432\n\n127.0.0.1\n  123456 7\nready   \n`,
	);
	await server.start();
	expect(await ask(server.url, "SELECT 1")).toEqual([1]);
	expect(await processIdentity(pid)).not.toBeNull();
});

test("a postmaster of another folder is never touched, whatever postmaster.pid says", async () => {
	const folder = await dataFolder();
	const [server, other] = [embedded(folder), embedded(await dataFolder())];
	await server.start();
	await server.stop();
	await other.start();
	await writeFile(
		join(folder, "postgres", "postmaster.pid"),
		`${other.pid}\n${join(folder, "postgres")}\n1700000000\n`,
	);
	const { pid } = other;
	await server.start();
	expect(other.pid).toBe(pid);
	expect(await ask(other.url, "SELECT 1")).toEqual([1]);
	expect(await ask(server.url, "SELECT 1")).toEqual([1]);
});

test("a postmaster.pid of a process that is gone does not matter", async () => {
	const folder = await dataFolder();
	const server = embedded(folder);
	await server.start();
	await server.stop();
	await writeFile(join(folder, "postgres", "postmaster.pid"), "4194000\n/nowhere\n1700000000\n");
	await server.start();
	expect(await ask(server.url, "SELECT 1")).toEqual([1]);
});

test("an initialisation that was interrupted leaves nothing that looks like a database", async () => {
	const folder = await emptyFolder();
	const server = embedded(folder);
	const half = join(folder, "postgres-new-half");
	await mkdir(join(half, "data", "base"), { recursive: true });
	await writeFile(join(half, "password"), "old");
	await server.start();
	expect(await ask(server.url, "SELECT 1")).toEqual([1]);
	expect((await readdir(folder)).filter((name) => name.startsWith("postgres-new"))).toEqual([]);
});

test("kill -9 in the middle of the first start: the next one begins anew", async () => {
	const folder = await emptyFolder();
	const first = embeddedProcess(folder).catch(() => undefined);
	const pid = await eventually(
		async () => {
			const lock = (await readdir(folder)).find((name) => /^instance\.\d+\.lock$/.test(name));
			if (lock === undefined || !(await readdir(folder)).some((name) => name.startsWith("postgres-new"))) return false;
			return JSON.parse(await readFile(join(folder, lock), "utf8")).pid as number;
		},
		{ timeoutMs: 10_000 },
	);
	process.kill(pid, "SIGKILL");
	const server = embedded(folder);
	await eventually(() => server.start());
	expect(await ask(server.url, "SELECT 1")).toEqual([1]);
	expect((await readdir(folder)).filter((name) => name.startsWith("postgres-new"))).toEqual([]);
	void first;
});

test("of several starts that race for one folder exactly one runs, and the others say so in one line", async () => {
	const folder = await dataFolder();
	const dead = await embeddedProcess(folder);
	await dead.kill();
	const starts = await Promise.all([1, 2, 3].map(() => embeddedProcess(folder)));
	const [running, ...more] = starts.filter(({ said }) => said.error === undefined);
	expect(more).toEqual([]);
	expect(await ask(running!.said.url!, "SELECT 1")).toEqual([1]);
	for (const { said } of starts.filter((start) => start !== running)) {
		expect(said.error).toMatch(
			new RegExp(
				`^The folder [^\\n]* is in use by another running Perigee \\(process ${running!.child.pid}\\): [^\\n]+$`,
			),
		);
	}
	await running!.stop();
	const server = embedded(folder);
	await server.start();
});
