import { chmod, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseLogger } from "../../persistence/embedded/database-logger.ts";
import { EmbeddedPostgres } from "../../persistence/embedded/embedded-postgres.ts";
import { instanceOf } from "../../persistence/embedded/instance-lock.ts";
import { endLeftovers } from "../../persistence/embedded/leftover-postmaster.ts";

const prefix = "perigee-tests-";

/** Says nothing but what went wrong. */
export const quietLogger: DatabaseLogger = {
	info: () => undefined,
	warn: () => undefined,
	error: (values, message) => console.error(message, values),
};

/**
 * The server of a test run, in a temporary folder. It does not sync to the disk: nothing of it is to outlive the run,
 * and no test of what it serves can tell (a clone takes 34 ms instead of 116). All else is as in the service. The tests of the embedded
 * PostgreSQL itself start their own, with every setting as it comes.
 */
export async function startPostgresServer(): Promise<{ url: string; stop(): Promise<void> }> {
	await removeLeftFolders();
	const dataDir = await runFolder();
	const server = new EmbeddedPostgres({
		dataDir,
		logger: quietLogger,
		settings: {
			fsync: "off",
			full_page_writes: "off",
			max_connections: "300",
			shared_buffers: "256MB",
			// Databases live for seconds; workers that visit each of them would only take time.
			autovacuum: "off",
			max_wal_size: "1GB",
		},
	});
	const remove = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
	try {
		await server.start();
	} catch (error) {
		await remove();
		throw error;
	}
	return {
		url: server.url,
		stop: async () => {
			await server.stop();
			await remove();
		},
	};
}

/** A folder for what lasts as long as the run. Others may pass it: PostgreSQL may run as another user. */
export async function runFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
	await chmod(folder, 0o711);
	return folder;
}

/** Runs that were killed leave their server running and their folder behind. */
async function removeLeftFolders(): Promise<void> {
	for (const entry of await readdir(tmpdir())) {
		const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(entry)?.[1] ?? Number.NaN);
		if (Number.isNaN(pid) || isAlive(pid)) continue;
		try {
			const folder = await realpath(join(tmpdir(), entry));
			if ((await instanceOf(folder)) !== null) continue;
			await endLeftovers(join(folder, "postgres"), quietLogger);
			await rm(folder, { recursive: true, force: true });
		} catch (error) {
			// Another run that starts at the same time removes them, too.
			if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		}
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// EPERM: somebody else's process has this number now or all along; not ours to judge.
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}
