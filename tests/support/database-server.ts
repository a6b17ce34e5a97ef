import "vitest";

declare module "vitest" {
	interface ProvidedContext {
		database: TestDatabaseServer;
	}
}

/** What the workers know of the run's server. */
export interface TestDatabaseServer {
	/** A connection string of a superuser, to the database `postgres`. */
	url: string;
	/** The migrated database that every fresh one is a clone of. Nobody connects to it. */
	template: string;
	/** The beginning of the names of this run's databases. */
	prefix: string;
}

/** The same server, another database. */
export function databaseUrl(url: string, database: string): string {
	const changed = new URL(url);
	changed.pathname = `/${database}`;
	return changed.href;
}
