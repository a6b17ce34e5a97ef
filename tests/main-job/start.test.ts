import { expect, onTestFinished, test } from "vitest";
import { emptyFolder } from "../support/embedded-folder.ts";
import { ServiceProcess } from "./service-process.ts";
import { streamBody } from "./stream-bodies.ts";

/** What is stale is built first, as for anybody who types it. */
const BUILDING = 120_000;

test(
	"`npm start` on a clean DATA_DIR: the built service is ready, serves its page and the API, and ends in order",
	async () => {
		const folder = await emptyFolder();
		const service = new ServiceProcess({ DATA_DIR: folder }, ["scripts/start.mjs"]);
		onTestFinished(() => service.end());
		await service.ready();
		const api = service.client();
		const { status, headers, body } = await api.ask<string>("GET", "/");
		expect({ status, type: headers["content-type"] }).toEqual({ status: 200, type: "text/html; charset=utf-8" });
		const files = [...body.matchAll(/(?:src|href)="\.?(\/[^"]+)"/g)].map(([, path]) => path ?? "");
		expect(files.length).toBeGreaterThan(0);
		for (const path of files) expect((await api.ask("GET", path)).status, path).toBe(200);
		const id = await api.create(streamBody());
		expect((await api.take(1)).map(({ stream_id }) => stream_id)).toEqual([id]);
		process.kill(service.pid, "SIGTERM");
		expect(await service.ended).toBe(0);
		expect(service.lines.at(-1)).toMatchObject({ msg: "stopped" });
	},
	BUILDING,
);
