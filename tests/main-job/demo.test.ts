import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explainLogPath } from "../support/log-path.ts";
import { eventually } from "../support/signals.ts";

/** Everything within this, from nothing, on a machine that is busy with other things as well; alone it takes 31 s. */
const WITHIN_MS = 110_000;

interface Shown {
	stream_id: string;
	name: string;
	status: string;
	version: number;
	video_info: { width?: number; progress?: number } | null;
	autorestart: { current_attempt: number };
}

let folder: string;
let port: number;
let demo: ChildProcess;
let began: number;

function start(): ChildProcess {
	began = performance.now();
	return spawn(process.execPath, ["--import", "tsx", "scripts/demo.ts"], {
		env: { ...process.env, PORT: String(port), DATA_DIR: folder, NODE_ENV: "" },
		stdio: ["ignore", "ignore", "inherit"],
	});
}

async function end(child: ChildProcess): Promise<number | null> {
	const status = new Promise<number | null>((resolve) => child.once("exit", resolve));
	child.kill("SIGINT");
	return status;
}

const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);

async function streams(): Promise<Shown[]> {
	const answer = (await (await get("/1/streams?page_size=100")).json()) as { streams: Shown[] };
	return answer.streams;
}

async function named(name: string): Promise<Shown> {
	const stream = (await streams()).find((each) => each.name === name);
	if (!stream) throw new Error(`there is no stream ${name} yet`);
	return stream;
}

const left = () => ({ timeoutMs: Math.max(0, WITHIN_MS - (performance.now() - began)) });

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "perigee-demo-"));
	port = await new Promise<number>((resolve) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const address = server.address();
			server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
		});
	});
	demo = start();
});

afterAll(async () => {
	if (demo.exitCode === null) await end(demo);
	await rm(folder, { recursive: true, force: true });
});

describe("the demo, from nothing", { timeout: 150_000 }, () => {
	test("has streams in progress that know their video's size", async () => {
		await eventually(async () => {
			const running = (await streams()).filter((stream) => stream.status === "in_progress");
			return running.filter((stream) => (stream.video_info?.width ?? 0) > 0).length >= 3;
		}, left());
	});

	test("gives a JPEG as the last frame of a live stream", async () => {
		const { stream_id } = await named("Gate");
		const answer = await eventually(async () => {
			const last = await get(`/1/streams/${stream_id}/preview/last_frame`);
			return last.status === 200 && last;
		}, left());
		expect(answer.headers.get("content-type")).toBe("image/jpeg");
		const bytes = new Uint8Array(await answer.arrayBuffer());
		expect([...bytes.slice(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
	});

	test("gives a picture stream that moves as the live preview", async () => {
		const { stream_id } = await named("Gate");
		const answer = await get(`/1/streams/${stream_id}/preview/live`);
		expect(answer.status).toBe(200);
		expect(answer.headers.get("content-type")).toMatch(/^multipart\/x-mixed-replace; *boundary=/);
		const pictures = new Set<string>();
		let seen = Buffer.alloc(0);
		for await (const chunk of answer.body ?? []) {
			seen = Buffer.concat([seen, chunk]);
			for (let at = seen.indexOf("\xff\xd8\xff", 0, "latin1"); at >= 0; ) {
				const next = seen.indexOf("\xff\xd8\xff", at + 3, "latin1");
				if (next < 0) break;
				pictures.add(seen.subarray(at, next).toString("base64").slice(0, 20_000));
				seen = seen.subarray(next);
				at = 0;
			}
			// Leaving the loop closes the connection.
			if (pictures.size >= 3) break;
		}
		expect(pictures.size).toBeGreaterThanOrEqual(3);
	});

	test("shows the dying source fail, restart and come back, its attempts counting", async () => {
		const dock = await eventually(async () => {
			const stream = await named("Loading dock");
			return stream.status === "in_progress" && stream.autorestart.current_attempt >= 1 && stream;
		}, left());
		const answer = await get(`/1/streams/logs?stream_ids=${dock.stream_id}&page_size=1000`);
		const { logs } = (await answer.json()) as { logs: { status: string }[] };
		const statuses = logs.map((record) => record.status).reverse();
		expect(explainLogPath(statuses)).toBeNull();
		expect(statuses.join(" ")).toMatch(/pending in_progress .*failure restart pending in_progress/);
	});

	test("brings the file to done with progress 1", async () => {
		await eventually(async () => {
			const { status, video_info } = await named("Archive");
			return status === "done" && video_info?.progress === 1;
		}, left());
	});

	test("serves the page at /", async () => {
		const page = await get("/");
		expect(page.status).toBe(200);
		expect(page.headers.get("content-type")).toMatch(/^text\/html/);
		expect(await page.text()).toContain("<title>");
	});

	test("ends everything with Ctrl-C, and goes on with the same data when it is run again", async () => {
		const before = (await streams()).map((stream) => stream.stream_id).sort();
		expect(await end(demo)).toBe(0);
		await expect(get("/version")).rejects.toThrow();
		demo = start();
		await eventually(async () => (await named("Gate")).status === "in_progress", left());
		expect((await streams()).map((stream) => stream.stream_id).sort()).toEqual(before);
		expect(await end(demo)).toBe(0);
	});
});
