import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Agent, newAgentId } from "../../agent/agent.ts";
import type { FeedbackItem } from "../../agent/api/feedback.ts";
import { decodeJob } from "../../agent/decoding/decode-job.ts";
import type { DecodingEnd, StartDecoding } from "../../agent/decoding/decoder-process.ts";
import { createLog } from "../../agent/log.ts";
import { readSettings } from "../../agent/settings.ts";
import { SOURCE_ERRORS, SourceError } from "../../agent/source-errors.ts";
import { eventually } from "../support/signals.ts";
import { av, describeDecoding, film, footageFolder, readJpeg } from "./footage.ts";
import { sendUdp, TcpSource } from "./senders.ts";
import { type ServedStream, StreamService } from "./stream-service.ts";

let folder = "";
let remove = async () => {};
let transport = Buffer.alloc(0);
let service: StreamService;
let cleanup: (() => unknown)[] = [];

/** Decodes in this process, with the code that the decoder process runs: for tests that need many attempts. */
const decodeHere: StartDecoding = (job, events) => {
	const stop = new AbortController();
	let outcome: DecodingEnd = { kind: "stopped" };
	const running = decodeJob(
		av!,
		job,
		(message) => {
			if (message.kind === "up") events.up(message.info);
			if (message.kind === "picture") events.picture(message.jpeg);
			if (message.kind === "picture") running.feed.seen();
			if (message.kind === "ended") outcome = message;
			if (message.kind === "failed")
				outcome = { kind: "failed", error: new SourceError(message.error, message.detail) };
		},
		stop.signal,
	);
	const end = running.done.then(() => outcome);
	const finish = async () => {
		stop.abort();
		await end;
	};
	return { end, watch: (on) => running.feed.watch(on), stop: finish };
};

async function startAgent(options: string[] = [], decode?: StartDecoding): Promise<Agent> {
	const argv = ["--url", service.url, "--files", folder, "--feedback-interval", "0.2", "--wait", "5", ...options];
	const log = createLog(process.env["AGENT_TEST_LOG"] ?? "silent", "test");
	const agent = new Agent(readSettings(argv, {})!, newAgentId("test"), log, decode);
	cleanup.push(() => agent.stop());
	await agent.start();
	return agent;
}

async function tcpSource(then: "end" | "silence"): Promise<{ source: TcpSource; reference: string }> {
	const source = new TcpSource(transport, then);
	cleanup.push(() => source.stop());
	return { source, reference: await source.start() };
}

const statusIs = (stream: ServedStream, status: string) =>
	eventually(() => expect(stream.status).toBe(status), { timeoutMs: 10_000 });
const isUp = (stream: ServedStream) =>
	eventually(() => stream.heard.some(({ video_info }) => video_info !== undefined), { timeoutMs: 10_000 });

describeDecoding("the agent", () => {
	beforeAll(async () => {
		({ folder, remove } = await footageFolder());
		await film(join(folder, "short.mp4"));
		await film(join(folder, "stream.ts"), { format: "mpegts" });
		transport = await readFile(join(folder, "stream.ts"));
	});
	afterAll(() => remove());
	beforeEach(async () => {
		service = new StreamService();
		await service.start();
		cleanup = [() => service.stop()];
	});
	afterEach(async () => {
		for (const end of cleanup.reverse()) await end();
	});

	test("decodes a video file and says done with progress 1, and tells where the preview is as soon as it is up", async () => {
		const stream = service.add({ reference: "short.mp4" });
		await startAgent();
		await statusIs(stream, "done");
		expect(stream.heard.at(-1)).toMatchObject({ status: "done", version: 1, video_info: { width: 320, progress: 1 } });
		const up = stream.heard.find(({ video_info }) => video_info !== undefined);
		// An error of an earlier run is over, too.
		if (up?.status === "in_progress") expect(up).toMatchObject({ error: null, preview: { live: {}, last_frame: {} } });
	});

	test("takes only what its filters and free slots allow, under one Agent-Id", async () => {
		const [one, other, foreign] = [["a"], ["b"], ["c"]].map((groups) =>
			service.add({ reference: "short.mp4", groups }),
		);
		await startAgent(["--slots", "1", "--groups", "a,b"], decodeHere);
		await Promise.all([statusIs(one!, "done"), statusIs(other!, "done")]);
		expect(foreign?.status).toBe("pending");
		const takes = service.requests.filter(({ path }) => path.includes("/queue"));
		for (const { body } of takes) expect(body).toEqual({ filters: { group_names: ["a", "b"] }, limit: 1 });
		expect(takes[0]?.path).toBe("/1/streams/processing/queue?wait=5");
		expect(new Set(service.requests.map(({ agent_id }) => agent_id)).size).toBe(1);
		expect(newAgentId("x")).not.toBe(newAgentId("x"));
	});

	test("polls a service that does not know 'wait', with pauses that grow", async () => {
		service.waits = false;
		await startAgent([], decodeHere);
		await eventually(() => service.requests.length >= 4);
		const [first = 0, second = 0, third = 0, fourth = 0] = service.requests.map(({ at }) => at);
		expect(fourth - third).toBeGreaterThan(second - first);
		const stream = service.add({ reference: "short.mp4" });
		await statusIs(stream, "done");
	});

	test("a live source goes on after its end when it is endless, and is done when it is not", async () => {
		const { source, reference } = await tcpSource("end");
		const endless = service.add({ type: "tcp", reference, endless: true });
		const single = service.add({ type: "tcp", reference, endless: false });
		await startAgent([], decodeHere);
		await statusIs(single, "done");
		await eventually(() => source.connections >= 4, { timeoutMs: 10_000 });
		await isUp(endless);
		expect(endless.status).toBe("in_progress");
		const info = endless.heard.findLast(({ video_info }) => video_info !== undefined)?.video_info;
		expect(info).toMatchObject({ width: 320, height: 240 });
		expect(info).not.toHaveProperty("progress");
	});

	test("an endless source that cannot be reached again fails when the policy says so", async () => {
		const { source, reference } = await tcpSource("end");
		const stream = service.add({ type: "tcp", reference, endless: true, healthcheck: { max_error_count: 2 } });
		await startAgent([], decodeHere);
		await isUp(stream);
		await source.stop();
		await statusIs(stream, "failure");
		expect(stream.heard.at(-1)?.error?.error_code).toBe(SOURCE_ERRORS.refused.code);
		const failing = stream.heard.filter(({ status, error }) => status === "in_progress" && error?.error_code);
		expect(failing.length).toBeGreaterThan(0);
	});

	test("a local file that is broken or absent fails at once: waiting heals neither", async () => {
		await writeFile(join(folder, "rubbish.ts"), "no video");
		const patient = { max_error_count: 10, retry_delay: 3600 };
		const broken = service.add({ reference: "rubbish.ts", healthcheck: patient });
		const absent = service.add({ reference: "absent.mp4", healthcheck: patient });
		await startAgent([], decodeHere);
		await Promise.all([statusIs(broken, "failure"), statusIs(absent, "failure")]);
	});

	test("with max_error_count 0 the first error fails a stream, also the one of its first connection", async () => {
		const reference = "tcp://user:secret@127.0.0.1:9/?token=secret";
		const stream = service.add({ type: "tcp", reference, endless: true });
		await startAgent([], decodeHere);
		await statusIs(stream, "failure");
		expect(stream.heard.filter(({ error }) => error)).toHaveLength(1);
		expect(stream.heard.at(-1)?.error).toMatchObject({ error_code: 70011, desc: "Connection refused" });
		expect(JSON.stringify(service.requests.flatMap(({ body }) => body.streams ?? []))).not.toContain("secret");
	});

	test("a broken source next to a good one: one fails, the other one's pictures go on", async () => {
		const { reference } = await tcpSource("end");
		const good = service.add({ type: "tcp", reference, endless: true });
		const silent = await tcpSource("silence");
		const bad = [
			service.add({ type: "tcp", reference: silent.reference, healthcheck: { timeout: 500 } }),
			service.add({ reference: "absent.mp4" }),
			service.add({ reference: "/etc/passwd" }),
		];
		await startAgent();
		await Promise.all([isUp(good), ...bad.map((stream) => statusIs(stream, "failure"))]);
		expect(bad.map(({ heard }) => heard.at(-1)?.error?.error_code)).toEqual([70014, 70006, 70003]);
		expect(good.status).toBe("in_progress");
		// One request an interval for all of them.
		expect(service.feedbackRequests().some((items) => items.length >= 2)).toBe(true);
	});

	test("serves the last frame and the live pictures of a udp source", async () => {
		const port = 41000 + Math.floor(Math.random() * 5000);
		const stream = service.add({
			type: "udp",
			reference: `udp://127.0.0.1:${port}`,
			endless: true,
			healthcheck: { timeout: 10_000 },
		});
		cleanup.push(sendUdp(transport, port, 2));
		await startAgent();
		await isUp(stream);
		const preview = stream.heard.find((item) => item.preview !== undefined)?.preview;
		const lastFrame = await fetch(preview!.last_frame.url);
		expect(lastFrame.headers.get("content-type")).toBe("image/jpeg");
		expect(await readJpeg(new Uint8Array(await lastFrame.arrayBuffer()))).toMatchObject({ width: 320, height: 240 });
		const live = await fetch(preview!.live.url);
		expect(live.headers.get("content-type")).toMatch(/^multipart\/x-mixed-replace; boundary=/);
		let parts = 0;
		for await (const chunk of live.body!) {
			parts += Buffer.from(chunk).toString("latin1").split("Content-Type: image/jpeg").length - 1;
			if (parts >= 4) break;
		}
		await statusIs(stream, "in_progress");
		expect(stream.heard.filter((item) => item.preview !== undefined).length).toBeLessThanOrEqual(2);
		service.streams.delete(stream.stream_id);
		await eventually(async () => (await fetch(preview!.last_frame.url)).status === 404);
	});

	test("stops a stream the moment that it is of another version, not in progress, or deleted", async () => {
		const { source, reference } = await tcpSource("silence");
		const endless = { type: "tcp", reference, endless: true, healthcheck: { timeout: 60_000 } };
		const [recreated, paused, deleted] = [service.add(endless), service.add(endless), service.add(endless)];
		await startAgent(["--slots", "3"], decodeHere);
		await eventually(() => [recreated, paused, deleted].every(({ heard }) => heard.length > 0));
		recreated.version++;
		paused.status = "pause";
		service.streams.delete(deleted.stream_id);
		// Their slots are free again.
		const next = [1, 2, 3].map(() => service.add({ reference: "short.mp4" }));
		await Promise.all(next.map((stream) => statusIs(stream, "done")));
		expect(source.connections).toBe(3);
	});

	test("goes on while the service is away, and feedback judges its streams when it is back", async () => {
		const { source, reference } = await tcpSource("end");
		const stream = service.add({ type: "tcp", reference, endless: true });
		await startAgent([], decodeHere);
		await isUp(stream);
		await service.stop();
		const before = source.connections;
		await eventually(() => source.connections > before + 1, { timeoutMs: 10_000 });
		stream.version++;
		await service.start();
		const next = service.add({ type: "tcp", reference, endless: true });
		await isUp(next);
		// The first feedback after the outage named the old version; then the agent let it go.
		const names = (items: FeedbackItem[]) => items.some(({ stream_id }) => stream_id === stream.stream_id);
		expect(service.feedbackRequests().filter(names).length).toBeGreaterThan(0);
		await eventually(() => !names(service.feedbackRequests().at(-1) ?? []));
		expect(stream.status).toBe("in_progress");
	});
});
