import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import postgres from "postgres";
import { inject, onTestFinished } from "vitest";
import type { DatabaseLogger } from "../../persistence/embedded/database-logger.ts";
import { EmbeddedPostgres, type EmbeddedPostgresOptions } from "../../persistence/embedded/embedded-postgres.ts";
import { endLeftovers } from "../../persistence/embedded/leftover-postmaster.ts";

const run = promisify(execFile);

/** Keeps what the embedded database says, for a test to look at. */
export class RecordingLogger implements DatabaseLogger {
	readonly lines: { level: string; values: object; message: string }[] = [];
	info(values: object, message: string): void {
		this.lines.push({ level: "info", values, message });
	}
	warn(values: object, message: string): void {
		this.lines.push({ level: "warn", values, message });
	}
	error(values: object, message: string): void {
		this.lines.push({ level: "error", values, message });
	}
}

/** A DATA_DIR with a database in it, made once per process and removed with the run: its copies take a tenth of the time. */
let original: Promise<string> | undefined;

async function makeOriginal(): Promise<string> {
	const folder = await newFolder(inject("scratch"));
	const server = new EmbeddedPostgres({ dataDir: folder, logger: new RecordingLogger() });
	await server.start();
	await server.stop();
	return folder;
}

/** What is told when whoever uses something is done with it: the test, if nothing else is said. */
export type Finished = (end: () => Promise<void>) => void;

/** A DATA_DIR with an empty database in it. */
export async function dataFolder(finished: Finished = onTestFinished): Promise<string> {
	original ??= makeOriginal();
	const from = await original;
	const folder = await emptyFolder(finished);
	await run("cp", ["-a", `${from}/.`, folder]);
	return folder;
}

async function newFolder(within = tmpdir()): Promise<string> {
	const folder = await mkdtemp(join(await realpath(within), "perigee-embedded-"));
	await chmod(folder, 0o711);
	return folder;
}

/** An empty DATA_DIR that other users may pass. After the test nothing of it runs, and it is gone. */
export async function emptyFolder(finished: Finished = onTestFinished): Promise<string> {
	const folder = await newFolder();
	finished(async () => {
		await endLeftovers(join(folder, "postgres"), new RecordingLogger());
		await rm(folder, { recursive: true, force: true });
	});
	return folder;
}

/** An embedded database that is stopped after the test. Without other settings it does not sync to the disk. */
export function embedded(
	dataDir: string,
	options: Partial<EmbeddedPostgresOptions> = {},
	finished: Finished = onTestFinished,
): EmbeddedPostgres {
	// The machine does not fall over in these tests, and other tests use its disk.
	const server = new EmbeddedPostgres({
		dataDir,
		logger: new RecordingLogger(),
		settings: { fsync: "off" },
		...options,
	});
	finished(() => server.stop());
	return server;
}

/** Asks one thing over a connection of its own. */
export async function ask<T = unknown>(url: string, statement: string): Promise<T[]> {
	const sql = postgres(url, { max: 1, onnotice: () => undefined });
	try {
		return [...(await sql.unsafe<Record<string, T>[]>(statement))].flatMap((row) => Object.values(row));
	} finally {
		await sql.end();
	}
}

/** A Perigee-like process with an embedded database. */
export interface EmbeddedProcess {
	child: ChildProcess;
	/** What it said: a connection string and the server's pid, or why it did not start. */
	said: { url: string; pid: number; error?: undefined } | { error: string; url?: undefined; pid?: undefined };
	/** Lets it stop in peace. */
	stop(): Promise<void>;
	kill(): Promise<void>;
}

/** Starts `embedded-process.mjs` on a folder. It is killed after the test if it still runs. */
export async function embeddedProcess(dataDir: string): Promise<EmbeddedProcess> {
	const program = fileURLToPath(new URL("./embedded-process.mjs", import.meta.url));
	const child = spawn(process.execPath, [program, dataDir], { stdio: ["pipe", "pipe", "inherit"] });
	const ended = once(child, "exit");
	onTestFinished(async () => {
		child.kill("SIGKILL");
		await ended;
	});
	const [line] = (await once(createInterface(child.stdout!), "line")) as [string];
	const wait = async (): Promise<void> => void (await ended);
	return {
		child,
		said: JSON.parse(line),
		stop: () => {
			child.stdin!.end();
			return wait();
		},
		kill: () => {
			child.kill("SIGKILL");
			return wait();
		},
	};
}
