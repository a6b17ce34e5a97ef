import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { programInPath } from "../../scripts/program-in-path.ts";

/** A Redis of a test's own: on loopback, in a temporary folder, keeping nothing. */
export interface TestRedis {
	port: number;
	url: string;
	/** Ends it, as a crash would. What it held is gone. */
	crash(): Promise<void>;
	/** Starts it again, empty, on the same port. */
	restart(): Promise<void>;
	/** SIGSTOP: it accepts connections and answers nothing. */
	pause(): void;
	resume(): void;
	/** Ends it and removes its folder. */
	stop(): Promise<void>;
}

const howToInstall = "no redis-server in PATH; install it: apt-get install redis-server";
const binary = programInPath(["redis-server", "valkey-server"]);

/**
 * A suite that needs a Redis server. On a machine without one it is skipped, with the line that says what is missing;
 * with CI set, that is a failure.
 */
export function describeWithRedis(name: string, suite: () => void): void {
	if (binary !== undefined) describe(name, suite);
	else if (process.env["CI"])
		test(name, () => {
			throw new Error(howToInstall);
		});
	else {
		console.warn(`Skipped: ${name}: ${howToInstall}`);
		describe.skip(`${name} (${howToInstall})`, suite);
	}
}

export async function startRedis(): Promise<TestRedis> {
	const folder = await mkdtemp(join(tmpdir(), `perigee-redis-${process.pid}-`));
	let server: Server | null = null;
	// Somebody else may take the free port before the server does.
	for (let attempt = 1; server === null; attempt++) {
		try {
			server = await run(folder, await freePort());
		} catch (error) {
			if (attempt === 5) throw error;
		}
	}
	let running = server;
	const { port } = server;
	return {
		port,
		url: `redis://127.0.0.1:${port}`,
		crash: () => running.end(),
		async restart() {
			await running.end();
			running = await run(folder, port);
		},
		pause: () => void process.kill(running.pid, "SIGSTOP"),
		resume: () => void process.kill(running.pid, "SIGCONT"),
		async stop() {
			await running.end();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

interface Server {
	port: number;
	pid: number;
	end(): Promise<void>;
}

/** The shell ends the server when its input ends: with the test run, however that ends. */
const keeper = '"$@" & echo "pid $!"; cat > /dev/null; kill -KILL $!; wait';

async function run(folder: string, port: number): Promise<Server> {
	const settings = { port, bind: "127.0.0.1", dir: folder, save: "", appendonly: "no" };
	const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]);
	const child = spawn("sh", ["-c", keeper, "redis", binary ?? "", ...args], { stdio: ["pipe", "pipe", "inherit"] });
	const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
	const end = async () => {
		child.stdin?.end();
		await ended;
	};
	try {
		const said = await ready(child);
		return { port, pid: Number(/^pid (\d+)$/m.exec(said)?.[1]), end };
	} catch (error) {
		await end();
		throw error;
	}
}

/** Resolves with what the server said when it takes connections. */
function ready(child: ChildProcess): Promise<string> {
	return new Promise((resolve, reject) => {
		let said = "";
		const timer = setTimeout(() => reject(new Error(`the Redis server does not start: ${said}`)), 10_000);
		const onData = (data: Buffer) => {
			said += data.toString();
			const failed = /Failed listening|FATAL|Failed to configure/.test(said);
			if (!failed && !said.includes("Ready to accept connections")) return;
			clearTimeout(timer);
			child.stdout?.off("data", onData);
			child.stdout?.resume();
			if (failed) reject(new Error(`the Redis server does not start: ${said}`));
			else resolve(said);
		};
		child.stdout?.on("data", onData);
	});
}

/** A port on loopback that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (typeof address !== "object" || address === null) throw new Error("no address");
	return address.port;
}
