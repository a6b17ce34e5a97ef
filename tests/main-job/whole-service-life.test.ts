import { test } from "vitest";
import { createLogger } from "../../server/log.ts";
import { Perigee } from "../../server/perigee.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { freshDatabase } from "../support/database.ts";
import { stressService } from "../support/stress-service.ts";

test("the service as a whole starts and stops like every part of it, and leaves nothing behind", async () => {
	const { url, drop } = await freshDatabase();
	const settings = loadSettings({
		argv: [],
		env: { PORT: "0", DATABASE_URL: url, LUNA_STREAMS_LOGGER__LOG_LEVEL: "silent" },
	});
	const onFatal = (error: Error) => {
		throw error;
	};
	await stressService(() => new Perigee({ settings, log: createLogger(settings), onFatal }), { rounds: 4 });
	await drop();
});
