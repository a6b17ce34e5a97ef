import { createLogger } from "../../server/log.ts";
import { Perigee } from "../../server/perigee.ts";
import { loadSettings } from "../../server/settings/load.ts";

/** The whole service in this process, on the database of the measurement. */
export interface MeasuredService {
	/** Sends a request; throws for an answer that is no success. */
	ask(method: string, path: string, body?: unknown): Promise<unknown>;
	stop(): Promise<void>;
}

/** Starts the service, with settings as shipped but for where its data are. */
export async function startService(database: string): Promise<MeasuredService> {
	const settings = loadSettings({ argv: [], env: { PORT: "0", DATABASE_URL: database } });
	const perigee = new Perigee({
		settings,
		log: createLogger(settings, { write: () => undefined }),
		onFatal: (error) => {
			throw error;
		},
	});
	await perigee.start();
	const url = `http://127.0.0.1:${perigee.port}`;
	return {
		ask: async (method, path, body) => {
			const answer = await fetch(`${url}${path}`, {
				method,
				...(body !== undefined && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
			});
			const text = await answer.text();
			if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
			return text === "" ? null : JSON.parse(text);
		},
		stop: () => perigee.stop(),
	};
}

/** Filters as a query string. */
export function queryOf(filters: object): string {
	return Object.entries(filters)
		.map(([name, value]) => `${name}=${encodeURIComponent([value].flat().join(","))}`)
		.join("&");
}
