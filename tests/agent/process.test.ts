import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../support/signals.ts";
import { describeDecoding, film, footageFolder } from "./footage.ts";
import { TcpSource } from "./senders.ts";
import { StreamService } from "./stream-service.ts";

let service: StreamService;
let agent: { process: ChildProcess; out: () => string; err: () => string; exit: Promise<unknown[]> };
let cleanup: (() => unknown)[] = [];

function spawnAgent(options: string[], root = resolve(".")): typeof agent {
	const child = spawn(process.execPath, [join(root, "dist/agent/main.js"), ...options], { cwd: root });
	let out = "";
	let err = "";
	child.stdout.on("data", (chunk) => {
		out += chunk;
	});
	child.stderr.on("data", (chunk) => {
		err += chunk;
	});
	cleanup.push(() => child.kill("SIGKILL"));
	return { process: child, out: () => out, err: () => err, exit: once(child, "exit") };
}

describeDecoding("the agent's process", () => {
	beforeEach(async () => {
		service = new StreamService();
		await service.start();
		cleanup = [() => service.stop()];
	});
	afterEach(async () => {
		for (const end of cleanup.reverse()) await end();
	});

	async function liveStream() {
		const { folder, remove } = await footageFolder();
		cleanup.push(remove);
		await film(join(folder, "stream.ts"), { format: "mpegts", duration: 1 });
		const source = new TcpSource(await readFile(join(folder, "stream.ts")), "silence");
		cleanup.push(() => source.stop());
		const reference = (await source.start()).replace("//", "//user:secret@");
		return service.add({ type: "tcp", reference, endless: true, healthcheck: { timeout: 60_000 } });
	}

	test("on SIGTERM gives its streams back, says nothing secret, and exits 0 within five seconds", async () => {
		const stream = await liveStream();
		agent = spawnAgent(["--url", service.url, "--slots", "2", "--feedback-interval", "0.2"]);
		await eventually(() => stream.heard.length > 0, { timeoutMs: 10_000 });
		const began = performance.now();
		agent.process.kill("SIGTERM");
		expect(await agent.exit).toEqual([0, null]);
		expect(performance.now() - began).toBeLessThan(5000);
		expect(stream.heard.at(-1)).toEqual({ stream_id: stream.stream_id, version: 1, status: "handler_lost" });
		expect(stream.status).toBe("pending");
		expect(agent.out()).toContain("stream taken");
		expect(agent.out() + agent.err()).not.toContain("secret");
	});

	test.runIf(process.platform === "linux")(
		"a decoder that crashes is an error of its source only, and no decoder outlives its agent",
		async () => {
			const stream = await liveStream();
			stream.policies = { healthcheck: { max_error_count: 3, period: 60, retry_delay: 0, timeout: 60_000 } };
			agent = spawnAgent(["--url", service.url, "--slots", "1", "--feedback-interval", "0.2"]);
			const { pid } = agent.process;
			const decoders = async () => {
				const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").map(Number);
				const lines = await Promise.all(children.map((child) => readFile(`/proc/${child}/cmdline`, "utf8")));
				return children.filter((_, index) => lines[index]!.includes("decoding/decoder.js"));
			};
			const first = await eventually(async () => stream.heard.length > 0 && (await decoders())[0], {
				timeoutMs: 10_000,
			});
			process.kill(Number(first), "SIGSEGV");
			await eventually(() => stream.heard.some(({ error }) => error?.error_code === 70021));
			const second = await eventually(async () => (await decoders()).find((one) => one !== first) ?? false);
			expect(stream.status).toBe("in_progress");
			agent.process.kill("SIGKILL");
			await eventually(async () => !existsSync(`/proc/${second}`));
		},
	);

	test("exits 0 within five seconds as well when the service is away, and at once on a second signal", async () => {
		const [first, second] = [await liveStream(), await liveStream()];
		const agents = [1, 2].map(() => spawnAgent(["--url", service.url, "--slots", "1", "--feedback-interval", "0.2"]));
		await eventually(() => first.heard.length > 0 && second.heard.length > 0, { timeoutMs: 10_000 });
		await service.stop();
		const began = performance.now();
		for (const one of agents) one.process.kill("SIGINT");
		await eventually(() => agents[1]!.out().includes("second signal"));
		agents[1]!.process.kill("SIGINT");
		expect(await agents[1]!.exit).toEqual([1, null]);
		expect(performance.now() - began).toBeLessThan(2000);
		expect(await agents[0]!.exit).toEqual([0, null]);
		expect(performance.now() - began).toBeLessThan(5000);
		cleanup = cleanup.slice(1);
	});

	test("without node-av it ends with one line that says so", async () => {
		const root = await mkdtemp(join(tmpdir(), "agent-without-"));
		cleanup.push(() => rm(root, { recursive: true, force: true }));
		for (const folder of ["dist/agent", "dist/client"]) await cp(folder, join(root, folder), { recursive: true });
		await cp("package.json", join(root, "package.json"));
		await mkdir(join(root, "node_modules"));
		for (const name of await readdir("node_modules"))
			if (name !== "node-av" && !name.startsWith("."))
				await symlink(resolve("node_modules", name), join(root, "node_modules", name));
		agent = spawnAgent(["--url", service.url], root);
		expect(await agent.exit).toEqual([1, null]);
		expect(agent.err()).toMatch(/^agent: cannot decode: the optional package node-av does not load here \(.*\)\n$/);
		expect(service.requests).toEqual([]);
	});

	test("a setting that cannot be used ends it with one line that names it", async () => {
		agent = spawnAgent(["--slots", "0"]);
		expect(await agent.exit).toEqual([1, null]);
		expect(agent.err()).toBe("agent: --slots: expected a whole number from 1 to 256\n");
	});
});
