import { existsSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { freshDatabase } from "../support/database.ts";
import { freePort } from "../support/redis.ts";
import { eventually } from "../support/signals.ts";
import { Program } from "./service-process.ts";

// A device that has no room for anything that is written to it.
test.skipIf(!existsSync("/dev/full"))(
	"a log that cannot be written ends nothing and holds up no end",
	async () => {
		await ensureBuilt(["service"]);
		const database = await freshDatabase();
		onTestFinished(database.drop);
		const port = await freePort();
		const command = ["-c", 'exec "$0" dist/server/main.js >/dev/full', process.execPath];
		const env = {
			DATABASE_URL: database.url,
			PORT: String(port),
			LUNA_STREAMS_LOGGER__LOG_LEVEL: "debug",
		};
		const service = new Program(command, env, "sh");
		onTestFinished(() => (service.over ? undefined : service.kill()));
		const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).then(({ status }) => status);
		await eventually(async () => (await ask("/healthcheck")) === 200, { timeoutMs: 20_000 });
		// A line each.
		for (let wave = 0; wave < 20; wave++)
			expect(await Promise.all(Array.from({ length: 100 }, () => ask("/1/streams/count")))).not.toContain(500);
		expect(service.over).toBe(false);
		service.child.kill("SIGTERM");
		expect(await service.ended, service.stderr).toBe(0);
	},
	60_000,
);
