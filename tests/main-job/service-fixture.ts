import postgres from "postgres";
import { createLogger } from "../../server/log.ts";
import { Perigee } from "../../server/perigee.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { freshDatabase } from "../support/database.ts";
import { ApiClient } from "./api-client.ts";

/** The whole service, running in this process on a database of its own. */
export interface RunningService {
	url: string;
	port: number;
	/** Sixteen connections. */
	api: ApiClient;
	/** A client of its own connections. */
	client(options?: { connections?: number; agentId?: string }): ApiClient;
	/** Two connections of the test's own to the database. */
	sql: postgres.Sql;
	/** The lines of its log, parsed. */
	lines: Record<string, unknown>[];
	/** Ends it and every client, and drops its database. */
	stop(): Promise<void>;
}

/** Starts the service with these settings in its environment. */
export async function startService(env: Record<string, string> = {}): Promise<RunningService> {
	const { url: database, drop } = await freshDatabase();
	const settings = loadSettings({ argv: [], env: { PORT: "0", DATABASE_URL: database, ...env } });
	const lines: Record<string, unknown>[] = [];
	const log = createLogger(settings, { write: (line) => void lines.push(JSON.parse(line)) });
	const perigee = new Perigee({
		settings,
		log,
		onFatal: (error) => {
			throw error;
		},
	});
	await perigee.start();
	const url = `http://127.0.0.1:${perigee.port}`;
	const sql = postgres(database, { max: 2, onnotice: () => undefined });
	const clients: ApiClient[] = [];
	const client = (options?: { connections?: number; agentId?: string }) => {
		const made = new ApiClient(url, options);
		clients.push(made);
		return made;
	};
	const stop = async () => {
		for (const each of clients) each.close();
		await perigee.stop();
		await sql.end();
		await drop();
	};
	return { url, port: perigee.port, api: client(), client, sql, lines, stop };
}
