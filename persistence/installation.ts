import { createHash } from "node:crypto";
import type { Sql } from "./database.ts";

/**
 * A short name that is the same for all nodes on this database, by whatever address they reach it, and another for
 * every other database: installations that share a Redis are told apart by it. Any role may ask. A copy made by dump
 * and restore is another database; a standby that takes over is the same.
 */
export async function installationName(sql: Sql): Promise<string> {
	const [row] = await sql<{ identity: string }[]>`
		SELECT system_identifier || '/' || (SELECT oid FROM pg_database WHERE datname = current_database()) AS identity
		FROM pg_control_system()`;
	return createHash("sha256")
		.update(row?.identity ?? "")
		.digest("hex")
		.slice(0, 12);
}
