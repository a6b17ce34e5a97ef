import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { createLogger } from "../../server/log.ts";
import { Perigee } from "../../server/perigee.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { freshDatabase } from "../support/database.ts";

/** Starts the whole service on a database of its own, for when the suite is pointed at no other. */
export async function startOwnService(
	env: Record<string, string>,
): Promise<{ url: string; stop: () => Promise<void> }> {
	// GET / and the manual are parts of the API.
	await ensureBuilt(["web console", "manual"]);
	const { url: database, drop } = await freshDatabase();
	const settings = loadSettings({ argv: [], env: { PORT: "0", DATABASE_URL: database, ...env } });
	const perigee = new Perigee({
		settings,
		log: createLogger(settings, { write: () => undefined }),
		onFatal: (error) => {
			throw error;
		},
	});
	await perigee.start();
	return {
		url: `http://127.0.0.1:${perigee.port}`,
		async stop() {
			await perigee.stop();
			await drop();
		},
	};
}
