import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { av } from "../../tests/agent/footage.ts";
import { Program, ServiceProcess } from "../../tests/main-job/service-process.ts";
import { browserIsThere, launchBrowserServer } from "../../tests/support/browser.ts";
import { createDatabase } from "../../tests/support/database.ts";
import { camera, filmClip } from "./cameras.ts";
import { LIVE_GROUP } from "./provided.ts";
import { BUILT_SERVICE } from "./service.ts";

const ACCOUNT = "557d54ec-29ad-4f3c-93b4-c9092ef12515";

/**
 * What an operator's day takes, once for the whole suite: the built service on a real database, the real agent, a camera that it
 * can see, and a browser.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const ends: (() => unknown)[] = [];
	const end = async () => {
		for (const each of ends.splice(0).reverse()) await each();
	};
	// Without a browser every suite is skipped, with the line that says how to get one.
	if (!browserIsThere) return end;
	try {
		await ensureBuilt(["service", "web console"]);
		const folder = await mkdtemp(join(tmpdir(), "perigee-e2e-"));
		ends.push(() => rm(folder, { recursive: true, force: true }));
		const database = await createDatabase(project.getProvidedContext().database, "e2e");
		ends.push(database.drop);
		const [service, browser, eye] = await Promise.all([
			startService(database.url, ends),
			startBrowser(ends),
			startCamera(folder, ends),
		]);
		if (eye !== null) startAgent(service.url, folder, ends);
		project.provide("site", {
			url: service.url,
			browser,
			camera: eye?.url("camera") ?? "",
			clip: clipIn(folder),
		});
		return end;
	} catch (error) {
		await end();
		throw error;
	}
}

type Ends = (() => unknown)[];

async function startService(database: string, ends: Ends): Promise<ServiceProcess> {
	const service = new ServiceProcess({ DATABASE_URL: database }, BUILT_SERVICE);
	ends.push(() => service.end());
	await service.ready();
	const api = service.client();
	await api.expect(201, "POST", "/1/groups", { account_id: ACCOUNT, group_name: LIVE_GROUP });
	return service;
}

async function startBrowser(ends: Ends): Promise<string> {
	const browser = await launchBrowserServer();
	ends.push(() => browser.close());
	return browser.wsEndpoint();
}

const clipIn = (folder: string) => join(folder, "clip.mp4");

async function startCamera(folder: string, ends: Ends) {
	if (av === null) return null;
	await filmClip(clipIn(folder));
	const eye = await camera(clipIn(folder));
	await eye.start();
	ends.push(() => eye.stop());
	return eye;
}

function startAgent(url: string, folder: string, ends: Ends): void {
	const options = { url, files: folder, groups: LIVE_GROUP, slots: "8", "feedback-interval": "0.2", wait: "2" };
	const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
	const agent = new Program(["dist/agent/main.js", ...args]);
	ends.push(() => (agent.over ? undefined : agent.kill()));
}
