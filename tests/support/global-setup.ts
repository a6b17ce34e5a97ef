import { randomInt } from "node:crypto";
import { rm } from "node:fs/promises";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { migrate } from "../../persistence/migrate.ts";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { databaseUrl } from "./database-server.ts";
import { runFolder, startPostgresServer } from "./postgres-server.ts";

declare module "vitest" {
	interface ProvidedContext {
		/** A folder that is removed when the run ends. */
		scratch: string;
	}
}

/** The class of the advisory locks that running runs hold, by their number. */
const lockClass = 0x7065;

/**
 * One real PostgreSQL for the whole run: the embedded one in a temporary folder, or the server of TEST_DATABASE_URL
 * (a superuser's, who may make databases).
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	// Programs of the service that tests start are the built ones: translating one at each start costs 3 s of a processor.
	await ensureBuilt(["service"]);
	const given = process.env["TEST_DATABASE_URL"];
	const server = given === undefined ? await startPostgresServer() : { url: given, stop: async () => undefined };
	const scratch = await runFolder();
	project.provide("scratch", scratch);
	const admin = postgres(adminUrl(server.url), { max: 1, onnotice: () => undefined });
	try {
		const run = randomInt(1, 2 ** 31);
		await admin`SELECT pg_advisory_lock(${lockClass}, ${run})`;
		await dropLeftDatabases(admin);
		const prefix = `perigee_test_${run}`;
		const template = `${prefix}_template`;
		await admin`CREATE DATABASE ${admin(template)}`;
		const sql = postgres(databaseUrl(server.url, template), { max: 1, onnotice: () => undefined });
		try {
			await migrate(sql);
		} finally {
			await sql.end();
		}
		project.provide("database", { url: adminUrl(server.url), template, prefix });
	} catch (error) {
		await admin.end({ timeout: 1 });
		await server.stop();
		await rm(scratch, { recursive: true, force: true });
		throw error;
	}
	return async () => {
		await admin`SELECT pg_advisory_unlock_all()`;
		if (given !== undefined) await dropLeftDatabases(admin);
		await admin.end();
		await server.stop();
		await rm(scratch, { recursive: true, force: true });
	};
}

function adminUrl(url: string): string {
	return databaseUrl(url, "postgres");
}

/** Drops the databases of runs that no longer hold their lock. */
async function dropLeftDatabases(admin: postgres.Sql): Promise<void> {
	const found = await admin<{ datname: string; run: string }[]>`
		SELECT datname, substring(datname FROM '^perigee_test_([0-9]+)_') AS run
		FROM pg_database WHERE datname ~ '^perigee_test_[0-9]+_'`;
	for (const { datname, run } of found) {
		const [row] = await admin<{ held: boolean }[]>`
			SELECT EXISTS (
				SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = ${lockClass} AND objid = ${run}
			) AS held`;
		if (row?.held === false) await admin`DROP DATABASE IF EXISTS ${admin(datname)} WITH (FORCE)`;
	}
}
