import { Database } from "../../persistence/database.ts";
import { EmbeddedPostgres } from "../../persistence/embedded/embedded-postgres.ts";
import { runningDatabase } from "../../persistence/embedded/running-database.ts";
import { migrateDatabase } from "../../persistence/migrate-database.ts";
import { databaseUrl } from "../settings/database-url.ts";
import type { Settings } from "../settings/table.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Runs work on the configured database, brought up to date. An embedded one is used as it runs beside a service, and else
 * started for as long as the work takes.
 */
export async function withDatabase<T>(settings: Settings, work: (database: Database) => Promise<T>): Promise<T> {
	const dataDir = settings.LUNA_STREAMS_DB.DATA_DIR;
	const running = databaseUrl(settings) ?? (await runningDatabase(dataDir));
	if (running !== null) return useDatabase(running, work);
	const embedded = new EmbeddedPostgres({ dataDir, logger: silent });
	await embedded.start();
	try {
		return await useDatabase(embedded.url, work);
	} finally {
		await embedded.stop();
	}
}

async function useDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
	await migrateDatabase(url);
	const database = new Database({ url, poolSize: 3, log: silent });
	await database.start();
	try {
		return await work(database);
	} finally {
		await database.stop();
	}
}
