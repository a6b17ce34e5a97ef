import { mkdir } from "node:fs/promises";
import postgres from "postgres";
import { type Lane, laneSettings } from "../../persistence/database.ts";
import { EmbeddedPostgres } from "../../persistence/embedded/embedded-postgres.ts";
import { migrateDatabase } from "../../persistence/migrate-database.ts";
import { measureBesideFeedback } from "./beside-feedback.ts";
import { BACKLOG, FULL, fill, type Scale } from "./data-set.ts";
import { measureHttp } from "./over-http.ts";
import { measureTakes } from "./queue.ts";
import { measureReads } from "./reads.ts";
import { Report } from "./report.ts";
import { startService } from "./service.ts";

const PARTS = ["reads", "http", "takes", "backlog", "feedback"] as const;

const tell = (line: string): void => console.log(line);

/**
 * Makes the data where they are not there yet, measures everything (or the parts named), and prints the table.
 *
 * @returns how many figures missed their bar.
 */
export async function measureScale(dataDir: string, only: readonly string[] = PARTS): Promise<number> {
	await mkdir(dataDir, { recursive: true });
	const ignore = () => undefined;
	const embedded = new EmbeddedPostgres({ dataDir, logger: { info: ignore, warn: ignore, error: console.error } });
	await embedded.start();
	const report = new Report(tell);
	try {
		const full = await filled(embedded.url, "scale", FULL);
		if (only.includes("reads")) await inDatabase(full, (sql) => measureReads(sql, report), "lists");
		if (only.includes("takes")) await inDatabase(full, (sql) => measureTakes(sql, "50,000 pending", report));
		if (only.includes("http") || only.includes("feedback")) {
			const service = await startService(full);
			try {
				if (only.includes("http")) await measureHttp(service, report);
				if (only.includes("feedback")) {
					await inDatabase(full, (sql) => measureBesideFeedback(sql, service, report));
				}
			} finally {
				await service.stop();
			}
		}
		if (only.includes("backlog")) {
			const backlog = await filled(embedded.url, "backlog", BACKLOG);
			await inDatabase(backlog, (sql) => measureTakes(sql, "1,000,000 pending", report));
		}
	} finally {
		await embedded.stop();
	}
	tell(`${report.figures.length} figures, ${report.missed} missed`);
	return report.missed;
}

async function inDatabase(
	url: string,
	work: (sql: postgres.Sql) => Promise<void>,
	lane: Lane = "commands",
): Promise<void> {
	const sql = postgres(url, { max: 2, onnotice: () => undefined, connection: laneSettings[lane] });
	try {
		await work(sql);
	} finally {
		await sql.end();
	}
}

/** The database of this name with its data; what was begun and not finished is begun anew. */
async function filled(server: string, name: string, scale: Scale): Promise<string> {
	const address = new URL(server);
	address.pathname = `/${name}`;
	const url = address.href;
	await inDatabase(server, async (sql) => {
		const [known] = await sql<{ whole: boolean }[]>`
			SELECT shobj_description(oid, 'pg_database') = 'whole' AS whole FROM pg_database WHERE datname = ${name}`;
		if (known?.whole) {
			await migrateDatabase(url);
			// Whoever is in progress must not have been silent since the last time.
			await inDatabase(url, async (own) => {
				await own`UPDATE stream_states SET feedback_time = now() + interval '1 day' WHERE status = 'in_progress'`;
				await own`VACUUM stream_states`;
			});
			return;
		}
		if (known !== undefined) await sql`DROP DATABASE ${sql(name)} WITH (FORCE)`;
		await sql`CREATE DATABASE ${sql(name)}`;
		tell(`making ${name}`);
		await migrateDatabase(url);
		await fill(url, scale, tell);
		await sql.unsafe(`COMMENT ON DATABASE ${name} IS 'whole'`);
	});
	return url;
}
