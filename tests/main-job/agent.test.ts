import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Part } from "../../agent/samples/part.ts";
import { describeDecoding, footageFolder, readJpeg } from "../agent/footage.ts";
import { freshDatabase } from "../support/database.ts";
import { explainLogPath } from "../support/log-path.ts";
import { eventually } from "../support/signals.ts";
import type { ApiClient, StreamView } from "./api-client.ts";
import { Program, ServiceProcess } from "./service-process.ts";
import { streamBody } from "./stream-bodies.ts";

const SIZE = { width: 640, height: 360 };
/** Decoders are processes, and others use this machine. */
const patient = { timeoutMs: 20_000 };

let service: ServiceProcess;
let api: ApiClient;
let agent: Program;
let sql: postgres.Sql;
let database = "";
const sources = { camera: "", udp: "", dock: "" };
/** The camera that is switched off and on again. */
let dock: Part & { url(path: string): string };
const ends: (() => unknown)[] = [];

/** The service, on the same port as before. */
async function startService(port: string): Promise<void> {
	service = new ServiceProcess({ DATABASE_URL: database, PORT: port });
	await service.ready();
	api = service.client();
}

/** Real encoded video: a file, a camera over RTSP, one over UDP, and one that can be switched off. */
async function startSources(folder: string): Promise<void> {
	const [
		{ makeClip },
		{ LIVE_SCENES },
		{ readRtpClip },
		{ RtspServer },
		{ TransportStream },

		{ choosePorts },
	] = await Promise.all([
		import("../../agent/samples/encoding.ts"),
		import("../../agent/samples/scenes.ts"),
		import("../../agent/samples/rtsp/rtp-clip.ts"),
		import("../../agent/samples/rtsp/server.ts"),
		import("../../agent/samples/transport-stream.ts"),

		import("../../agent/samples/ports.ts"),
	]);
	const file = join(folder, "clip.mp4");
	await makeClip({ ...LIVE_SCENES.gate, seconds: 3 }, file);
	const clip = await readRtpClip(file);
	const camera = new RtspServer({ port: 0, clips: new Map([["gate", clip]]) });
	dock = new RtspServer({ port: 0, clips: new Map([["dock", clip]]) });
	const { lobby } = await choosePorts(join(folder, "ports.json"));
	const udp = new TransportStream({ file, port: lobby });
	for (const part of [camera, dock, udp] satisfies Part[]) {
		await part.start();
		ends.push(() => part.stop());
	}
	sources.camera = camera.url("gate");
	sources.udp = udp.url;
	sources.dock = dock.url("dock");
}

/** The stream, once it is in progress with pictures. */
const up = (id: string): Promise<StreamView> =>
	eventually(async () => {
		const stream = await api.get(id);
		expect(stream).toMatchObject({ status: "in_progress", video_info: SIZE, preview: { live: {}, last_frame: {} } });
		return stream;
	}, patient);

/** A run tells at its beginning that an earlier error is over: that is one record more of the same status. */
const withoutRepeats = (log: string[]): string[] => log.filter((status, at) => status !== log[at - 1]);

/** Where the system tells: on Linux. */
async function childrenOf(pid: number): Promise<number[]> {
	if (process.platform !== "linux") return [];
	const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
	return text.trim().split(" ").map(Number);
}

/** A port of its own by number: a listener that took any port could not take the same again at once. */
async function freePort(): Promise<string> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, "close");
	return String(port);
}

const agentOf = async (id: string): Promise<unknown> =>
	(await sql`SELECT agent_id FROM stream_states WHERE stream_id = ${id}`)[0]?.["agent_id"];

describeDecoding("the agent and the service", () => {
	let camera = "";
	let failing = "";

	beforeAll(async () => {
		const { folder, remove } = await footageFolder();
		ends.push(remove);
		const fresh = await freshDatabase();
		ends.push(fresh.drop);
		database = fresh.url;
		sql = postgres(database, { max: 1, onnotice: () => undefined });
		ends.push(() => sql.end());
		ends.push(() => service?.end());
		await Promise.all([startSources(folder), startService(await freePort())]);
		const options = [
			"--url",
			service.url,
			"--files",
			folder,
			"--slots",
			"6",
			"--feedback-interval",
			"0.2",
			"--wait",
			"2",
		];
		agent = new Program(["dist/agent/main.js", ...options]);
		ends.push(() => (agent.over ? undefined : agent.kill()));
	});
	afterAll(async () => {
		for (const end of ends.reverse()) await end();
	});

	test("a video file comes to its end: done, with progress 1 and its size", async () => {
		const id = await api.create(streamBody({ data: { type: "videofile", reference: "clip.mp4" } }));
		await eventually(async () => expect((await api.get(id)).status).toBe("done"), patient);
		expect((await api.get(id)).video_info).toMatchObject({ ...SIZE, progress: 1 });
		expect(await api.log(id)).toEqual(["pending", "in_progress", "done"]);
	});

	test("a camera over TCP is in progress; its last frame is a JPEG, and its live picture moves", async () => {
		camera = await api.create(streamBody({ data: { type: "tcp", reference: sources.camera } }));
		await up(camera);
		const frame = await fetch(`${service.url}/1/streams/${camera}/preview/last_frame`);
		expect({ status: frame.status, type: frame.headers.get("content-type") }).toEqual({
			status: 200,
			type: "image/jpeg",
		});
		expect(await readJpeg(new Uint8Array(await frame.arrayBuffer()))).toMatchObject(SIZE);

		const live = await fetch(`${service.url}/1/streams/${camera}/preview/live`);
		expect(live.headers.get("content-type")).toMatch(/^multipart\/x-mixed-replace; *boundary=/);
		const pictures = new Set<string>();
		let bytes = Buffer.alloc(0);
		for await (const chunk of live.body ?? []) {
			bytes = Buffer.concat([bytes, chunk]);
			for (;;) {
				const begin = bytes.indexOf(Buffer.from([0xff, 0xd8]));
				const end = begin < 0 ? -1 : bytes.indexOf(Buffer.from([0xff, 0xd9]), begin);
				if (end < 0) break;
				pictures.add(bytes.subarray(begin, end + 2).toString("latin1"));
				bytes = bytes.subarray(end + 2);
			}
			if (pictures.size >= 2) break;
		}
		expect(pictures.size).toBe(2);
		for (const picture of pictures) expect(await readJpeg(Buffer.from(picture, "latin1"))).toMatchObject(SIZE);
	});

	test("a camera over UDP is in progress; paused, the agent lets it go, and there is no picture any more", async () => {
		const id = await api.create(streamBody({ data: { type: "udp", reference: sources.udp } }));
		const { preview } = await up(id);
		const own = preview?.last_frame.url ?? "";
		expect((await fetch(own)).status).toBe(200);
		await api.expect(204, "PATCH", `/1/streams/${id}`, { status: "pause" });
		await eventually(async () => expect((await fetch(own)).status).toBe(404));
		const { body } = await api.ask("GET", `/1/streams/${id}/preview/last_frame`);
		expect(body).toMatchObject({ error_code: 39009 });
		expect((await api.get(id)).status).toBe("pause");
		expect(await api.log(id)).toEqual(["pending", "in_progress", "pause"]);
	});

	test("a source that fails is restarted and comes back, and its attempts are counted", async () => {
		failing = await api.create(
			streamBody({
				data: { type: "tcp", reference: sources.dock },
				policies: { healthcheck: { max_error_count: 0, retry_delay: 0, timeout: 5_000 } },
				autorestart: { restart: 1, attempt_count: 10, delay: 1 },
			}),
		);
		await up(failing);
		await dock.stop();
		// It is restarted while its source is still away, and fails again.
		const failures = (log: string[]) => log.filter((status) => status === "failure").length;
		await eventually(async () => expect(failures(await api.log(failing))).toBeGreaterThanOrEqual(2), patient);
		await dock.start();
		await eventually(async () => expect((await up(failing)).last_error).toBeNull(), patient);
		const log = await api.log(failing);
		expect(explainLogPath(log)).toBeNull();
		const attempt = ["failure", "restart", "pending", "in_progress"];
		expect(withoutRepeats(log)).toEqual([
			"pending",
			"in_progress",
			...Array.from({ length: failures(log) }, () => attempt).flat(),
		]);
		const { autorestart } = await api.get(failing);
		expect(autorestart).toMatchObject({ current_attempt: failures(log), status: "in_progress" });
		expect(autorestart.last_attempt_time).not.toBeNull();
	});

	test("the service is killed and started again: the same agent goes on, and nothing is lost", async () => {
		await up(camera);
		const [before, agentId] = [await api.log(camera), await agentOf(camera)];
		expect(agentId).toEqual(expect.any(String));
		const { port } = service;
		await service.end();
		await startService(String(port));
		const [row] = await sql<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
		// Heard again, by the same agent, in the same run.
		await eventually(async () => {
			const [state] = await sql`
				SELECT status, feedback_time > ${row?.now ?? 0} AS heard FROM stream_states WHERE stream_id = ${camera}`;
			expect(state).toEqual({ status: "in_progress", heard: true });
		}, patient);
		expect(await api.log(camera)).toEqual(before);
		expect(await agentOf(camera)).toBe(agentId);
		expect((await api.get(failing)).status).toBe("in_progress");
		const next = await api.create(streamBody({ data: { type: "videofile", reference: "clip.mp4" } }));
		await eventually(async () => expect((await api.get(next)).status).toBe("done"), patient);
		expect((await fetch(`${service.url}/1/streams/${camera}/preview/last_frame`)).status).toBe(200);
	});

	test("SIGTERM to the agent: it gives its streams back, exits with 0, and leaves no decoder behind", async () => {
		await up(camera);
		const decoders = await childrenOf(agent.pid);
		if (process.platform === "linux") expect(decoders.length).toBeGreaterThanOrEqual(2);
		process.kill(agent.pid, "SIGTERM");
		expect(await agent.ended).toBe(0);
		for (const id of [camera, failing]) {
			expect((await api.get(id)).status).toBe("pending");
			expect((await api.log(id)).slice(-3)).toEqual(["handler_lost", "restart", "pending"]);
		}
		for (const pid of decoders) await eventually(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"));
		expect(agent.stderr).toBe("");
	});
});
