import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { freePort } from "../../scripts/cluster/answers.ts";
import { Connection, rawRequest } from "../load/client.ts";
import { ServiceUnderTest } from "../processes.ts";
import { ACCOUNT, createBody } from "../streams.ts";
import type { Bar } from "./bar.ts";
import { CountingProxy } from "./counting-proxy.ts";
import { openPage, ready, until } from "./page.ts";

const TILES = 36;
const COME_UP_MS = 180_000;
const LOOK_MS = 12_000;
const LEAVE_MS = 5000;

/** A wall of real decoded video: a camera that 36 streams look at, and an agent that decodes each of them. */
export async function* wall(browser: Browser): AsyncGenerator<Bar> {
	const folder = await mkdtemp(join(tmpdir(), "perigee-wall-"));
	const service = await ServiceUnderTest.start();
	const camera = await startCamera(folder);
	const agentPort = await freePort();
	const proxy = await CountingProxy.start(agentPort);
	const agent = startAgent(`http://127.0.0.1:${service.port}`, agentPort, proxy.url);
	try {
		const ids = await createStreams(service.port, camera.url("camera"));
		await allUp(service.port);
		const page = await openPage(browser, `http://127.0.0.1:${service.port}`, "wall");
		await ready(page);
		yield* look(page, proxy, ids);
		await page.context().close();
	} finally {
		await ended(agent);
		await proxy.stop();
		await camera.stop();
		await service.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

async function* look(page: Page, proxy: CountingProxy, ids: readonly string[]): AsyncGenerator<Bar> {
	await until(page, "bench.onScreen().length > 0");
	// What was fetched while the page found its size does not count.
	await delay(2000);
	const began = performance.now();
	const visible = new Set(await page.evaluate<string[]>("bench.onScreen(true)"));
	const tiles = page.locator('main [data-stream-id]:has(a[href^="#/stream/"])');
	const before = await pictures(page, [...visible]);
	await delay(LOOK_MS);
	const after = await pictures(page, [...visible]);
	const fetched = proxy.since(began);
	const strangers = fetched.filter((id) => !visible.has(id));
	yield {
		name: `a wall of ${ids.length} tiles of real decoded video: only visible tiles are fetched`,
		figure: `${await tiles.count()} tiles in the page, ${visible.size} visible, ${fetched.length} fetched in ${LOOK_MS / 1000} s, ${strangers.length} of them not visible`,
		bar: "0 not visible, all visible",
		met: strangers.length === 0 && visible.size > 0 && visible.size < ids.length && fetched.length === visible.size,
	};
	const moved = [...visible].filter((id) => before.get(id) !== after.get(id));
	yield {
		name: "the pictures move",
		figure: `${moved.length} of ${visible.size} visible tiles changed`,
		bar: "all",
		met: moved.length === visible.size && visible.size > 0,
	};
	const left = performance.now();
	await page.evaluate("location.hash = '#/queue'");
	await delay(LEAVE_MS);
	const atBar = performance.now();
	const open = proxy.open;
	await delay(LEAVE_MS);
	const later = proxy.since(atBar);
	const last = Math.max(0, ...[...proxy.asked.values()].map((at) => at - left));
	yield {
		name: "leaving the wall stops all fetching",
		figure: `last request ${(last / 1000).toFixed(1)} s after leaving; after ${LEAVE_MS / 1000} s ${open} open, ${later.length} streams asked for`,
		bar: `within ${LEAVE_MS / 1000} s`,
		met: open === 0 && later.length === 0,
	};
}

/** What each of these tiles shows, by stream id. */
async function pictures(page: Page, ids: readonly string[]): Promise<Map<string, string>> {
	const shown = new Map<string, string>();
	for (const id of ids) {
		const picture = page.locator(`main [data-stream-id="${id}"]`).locator("canvas, img").first();
		shown.set(id, (await picture.screenshot()).toString("base64"));
	}
	return shown;
}

async function startCamera(folder: string) {
	const [{ makeClip }, { readRtpClip }, { RtspServer }] = await Promise.all([
		import("../../agent/samples/encoding.ts"),
		import("../../agent/samples/rtsp/rtp-clip.ts"),
		import("../../agent/samples/rtsp/server.ts"),
	]);
	const file = join(folder, "clip.mp4");
	// Small and slow pictures: what is measured is the wall, and not how many decoders two cores bear.
	await makeClip({ name: "wall", seconds: 3, graph: "testsrc2=size=320x180:rate=5" }, file);
	const camera = new RtspServer({ port: 0, clips: new Map([["camera", await readRtpClip(file)]]) });
	await camera.start();
	return camera;
}

function startAgent(url: string, port: number, advertise: string): ChildProcess {
	const options = { url, slots: String(TILES), listen: `127.0.0.1:${port}`, advertise, "log-level": "error" };
	const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
	const main = fileURLToPath(new URL("../../dist/agent/main.js", import.meta.url));
	return spawn(process.execPath, [main, ...args], { stdio: ["ignore", "ignore", "inherit"] });
}

async function ended(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const end = new Promise((resolve) => child.once("exit", resolve));
	child.kill("SIGTERM");
	await end;
}

async function createStreams(port: number, reference: string): Promise<string[]> {
	const connection = await Connection.open(port);
	const ids: string[] = [];
	for (let number = 1; number <= TILES; number++) {
		const body = { ...createBody(ACCOUNT), name: `Camera ${number}`, data: { type: "tcp", reference } };
		const answer = await connection.ask(rawRequest("POST", "/1/streams", JSON.stringify(body)));
		ids.push((JSON.parse(answer.body.toString()) as { stream_id: string }).stream_id);
	}
	connection.close();
	return ids;
}

/** Every stream has a size, which its decoder found, and offers pictures. */
async function allUp(port: number): Promise<void> {
	const until = performance.now() + COME_UP_MS;
	for (;;) {
		const answer = await fetch(`http://127.0.0.1:${port}/1/streams?statuses=in_progress&page_size=1000`);
		const { streams } = (await answer.json()) as {
			streams: { video_info: { width?: number } | null; preview: object | null }[];
		};
		const up = streams.filter(({ video_info, preview }) => video_info?.width && preview !== null).length;
		if (up === TILES) return;
		if (performance.now() > until) throw new Error(`${up} of ${TILES} streams came up`);
		await delay(500);
	}
}
