import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programInPath } from "../../scripts/program-in-path.ts";
import type { Figure } from "../figure.ts";
import type { Site } from "../site.ts";

/** A Redis of its own that keeps nothing. */
export interface OwnRedis {
	url: string;
	stop(): Promise<void>;
}

/** Starts one. Throws when there is no Redis on this machine. */
export async function ownRedis(): Promise<OwnRedis> {
	const program = programInPath(["redis-server", "valkey-server"]);
	if (program === undefined) throw new Error("no redis-server in PATH");
	const folder = await mkdtemp(join(tmpdir(), "perigee-bench-redis-"));
	const port = await freePort();
	const redis = spawn(program, ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], {
		cwd: folder,
		stdio: ["ignore", "pipe", "inherit"],
	});
	const ended = once(redis, "exit");
	for await (const text of redis.stdout) if (String(text).includes("Ready to accept connections")) break;
	return {
		url: `redis://127.0.0.1:${port}`,
		async stop() {
			redis.kill();
			await ended;
			await rm(folder, { recursive: true, force: true });
		},
	};
}

/** BullMQ on a Redis of its own. */
export async function bullmqTakeDone(site: Site, seconds: number, jobs: number): Promise<Figure> {
	const { url, stop } = await ownRedis();
	try {
		const worker = site.worker("./peers/bullmq.ts");
		await worker.ask({ url, what: "fill", seconds, count: jobs });
		const figure = await worker.ask<Figure>({ url, what: "take_done", seconds, count: 0 });
		await worker.end();
		return figure;
	} finally {
		await stop();
	}
}

/** A port that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return typeof address === "object" && address !== null ? address.port : 0;
}
