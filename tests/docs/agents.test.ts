import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, test } from "vitest";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { type PassingProxy, startPassingProxy } from "../support/passing-proxy.ts";
import { eventually } from "../support/signals.ts";

const examples = fileURLToPath(new URL("../../docs/examples/", import.meta.url));
const ci = process.env["CI"] !== undefined;

/** Where a program is not installed its agent shows as skipped; the check of every change has to have them all. */
function has(...programs: string[]): boolean {
	return programs.every((program) => spawnSync(program, ["--version"]).error === undefined);
}

const agents = [
	{ file: "agent.sh", command: "bash", slots: 1, here: has("bash", "curl") },
	{ file: "agent.py", command: "python3", slots: 4, here: has("python3") },
	{ file: "agent.mjs", command: process.execPath, slots: 4, here: true },
];

describe.concurrent.each(agents)("$file", ({ file, command, slots, here }) => {
	let service: RunningService;
	let proxy: PassingProxy;
	beforeAll(async () => {
		service = await startService();
		proxy = await startPassingProxy(service.url);
		return proxy.stop;
	});

	test.skipIf(!here && !ci)(
		"takes, reports, lets go of what is not its own, and hands back on SIGTERM",
		async ({ expect, onTestFinished }) => {
			const { api } = service;
			const child: ChildProcess = spawn(command, [examples + file, proxy.url], { stdio: ["ignore", "pipe", "pipe"] });
			onTestFinished(() => void child.kill("SIGKILL"));
			let said = "";
			for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (said += text));
			const status = async (id: string, wanted: string) =>
				eventually(async () => expect((await api.get(id)).status, said).toBe(wanted), { timeoutMs: 15_000 });

			// It waits: what is created now is taken at once, and a file comes to its end.
			const movie = await api.create(streamBody({ data: { type: "videofile", reference: "a.mp4" } }));
			await status(movie, "in_progress");
			await status(movie, "done");
			expect((await api.get(movie)).video_info).toEqual({ progress: 1 });
			expect(await api.log(movie)).toEqual(["pending", "in_progress", "done"]);

			// Another version: it lets go of the old one and takes the new one.
			const camera = await api.create(streamBody());
			await status(camera, "in_progress");
			await api.expect(200, "PUT", `/1/streams/${camera}`, streamBody({ name: "again" }));
			await status(camera, "in_progress");
			expect((await api.get(camera)).version).toBe(2);

			// Paused: it lets go, and is free for another.
			await api.expect(204, "PATCH", `/1/streams/${camera}`, { status: "pause" });
			await eventually(() => expect(said.split(`${camera} is not ours any more`).length).toBe(3), {
				timeoutMs: 10_000,
			});
			const others = await Promise.all(Array.from({ length: slots }, () => api.create(streamBody())));
			for (const other of others) await status(other, "in_progress");

			child.kill("SIGTERM");
			const [code] = await once(child, "exit");
			expect(code, said).toBe(0);
			for (const other of others) {
				expect((await api.get(other)).status).toBe("pending");
				expect(await api.log(other)).toEqual(["pending", "in_progress", "handler_lost", "restart", "pending"]);
			}
		},
	);
});
