import postgres from "./driver.ts";
import { migrate } from "./migrate.ts";

/** Brings the database at `url` up to date, on a connection of its own: the pools' time limits are for requests. */
export async function migrateDatabase(url: string): Promise<void> {
	const sql = postgres(url, { max: 1, connect_timeout: 10, fetch_types: false, onnotice: () => undefined });
	try {
		await migrate(sql);
	} finally {
		await sql.end({ timeout: 2 });
	}
}
