import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { ReferenceTest } from "../../client/console/protocol.ts";
import { camera, filmClip } from "../../e2e/site/cameras.ts";
import { unavailable } from "../../persistence/fault.ts";
import { ReferenceTests, TEST_MARK, TEST_NAME } from "../../server/console/reference-tests.ts";
import { createLogger } from "../../server/log.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { startGuarded } from "../access/access-fixture.ts";
import { describeDecoding, footageFolder, readJpeg } from "../agent/footage.ts";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { Program } from "../main-job/service-process.ts";
import { ACCOUNT, streamBody, UNKNOWN } from "../main-job/stream-bodies.ts";
import { Camera } from "../preview/camera.ts";
import { jpeg } from "../preview/pictures.ts";
import { eventually } from "../support/signals.ts";

const path = "/console/reference-tests";
const data = { type: "tcp", reference: "rtsp://camera.test/1" };

let service: RunningService;

beforeAll(async () => {
	service = await startService();
});
afterAll(() => service.stop());
beforeEach(async () => {
	await service.sql`TRUNCATE streams, stream_states, stream_logs, groups, stream_groups`;
});

/** Tests a source; the answer has to be 200. */
function ask(members: object = {}, wait = 20): Promise<ReferenceTest> {
	return service.api.expect(200, "POST", `${path}?wait=${wait}`, { account_id: ACCOUNT, data, ...members });
}

/** Takes the stream of a test as an agent does, once it waits. */
async function taken() {
	const agent = service.client({ agentId: "agent-7" });
	const [stream] = await agent.take(1, {}, 10);
	return { agent, stream: stream! };
}

/** The streams of tests that there are. */
const left = () => service.api.list(`names=${encodeURIComponent(TEST_NAME)}`);

describe("a reference is tested", () => {
	test("by a stream that says what it is, restarts by no means, and is gone afterwards", async () => {
		const answer = ask({ data: { ...data, roi: { x: 1, y: 2, width: 3, height: 4 }, rotation: 90 } });
		const { agent, stream } = await taken();
		const { body } = await agent.ask<Record<string, never>>("GET", `/1/streams/${stream.stream_id}`);
		expect(body).toMatchObject({
			account_id: ACCOUNT,
			name: TEST_NAME,
			description: TEST_MARK,
			data: { ...data, rotation: 90, roi: { x: 0, y: 0, width: 0, height: 0 } },
			autorestart: { restart: 0 },
			policies: { healthcheck: { max_error_count: 0 } },
		});
		const video_info = { width: 640, height: 360, frame_rate: 25 };
		await using camera = await Camera.http((response) => {
			response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(7));
		});
		await agent.feedback([
			{
				stream_id: stream.stream_id,
				version: 1,
				status: "in_progress",
				video_info,
				preview: { last_frame: { url: camera.url("/still") } },
			},
		]);
		expect(await answer).toEqual({
			outcome: "works",
			agent_id: "agent-7",
			video: video_info,
			error: null,
			picture: { type: "image/jpeg", base64: Buffer.from(jpeg(7)).toString("base64") },
		});
		expect(await left()).toEqual([]);
		expect(await service.api.log(stream.stream_id)).toEqual(["pending", "in_progress", "deleted"]);
	});

	test("what the agent says is wrong is told, without secrets", async () => {
		const answer = ask();
		const { agent, stream } = await taken();
		const error = { error_code: 1101, desc: "Source is unreachable", detail: "rtsp://a:s3cret@camera.test/1 refused" };
		await agent.feedback([{ stream_id: stream.stream_id, version: 1, status: "failure", error }]);
		const told = await answer;
		expect(told).toMatchObject({ outcome: "failed", video: null, picture: null, error: { error_code: 1101 } });
		expect(JSON.stringify(told)).not.toContain("s3cret");
		expect(await left()).toEqual([]);
	});

	test("when nobody takes it in time, or whoever took it tells nothing, that is said", async () => {
		expect(await ask({}, 0)).toMatchObject({ outcome: "not_taken", agent_id: null });
		const answer = ask({}, 2);
		await taken();
		expect(await answer).toMatchObject({ outcome: "silent", agent_id: "agent-7" });
		expect(await left()).toEqual([]);
	});

	test("paused or deleted by somebody, it ends at once", async () => {
		for (const [method, body] of [["PATCH", { status: "pause" }], ["DELETE"]] as const) {
			const answer = ask();
			const { stream_id } = (await eventually(async () => (await left())[0] ?? false)) as { stream_id: string };
			await service.api.expect(204, method, `/1/streams/${stream_id}`, body);
			expect(await answer).toMatchObject({ outcome: "interrupted" });
		}
		expect(await left()).toEqual([]);
	});

	test("a client that goes away takes its stream along", async () => {
		const gone = new AbortController();
		const request = fetch(`${service.url}${path}?wait=20`, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ account_id: ACCOUNT, data }),
			signal: gone.signal,
		}).catch(() => "given up");
		await eventually(async () => (await left()).length === 1);
		gone.abort();
		expect(await request).toBe("given up");
		await eventually(async () => (await left()).length === 0);
	});

	test("four at once, and no more", async () => {
		const answers = Array.from({ length: 4 }, () => ask());
		const streams = await eventually(async () => {
			const there = await left();
			return there.length === 4 && there;
		});
		const fifth = await service.api.ask<{ error_code: number }>("POST", path, { account_id: ACCOUNT, data });
		expect([fifth.status, fifth.body.error_code]).toEqual([503, 39905]);
		for (const { stream_id } of streams) await service.api.expect(204, "DELETE", `/1/streams/${stream_id}`);
		await Promise.all(answers);
		expect(await ask({}, 0)).toMatchObject({ outcome: "not_taken" });
	});

	test("two at once by one caller, and others have the rest", async () => {
		await using guarded = await startGuarded();
		const [one, other] = [await guarded.token({ role: "operator" }), await guarded.token({ role: "operator" })];
		const test = ({ token }: { token: string }) =>
			guarded.ask(token, "POST", `${path}?wait=20`, { account_id: ACCOUNT, data });
		const waiting = async (count: number): Promise<{ stream_id: string }[]> => {
			const query = `/1/streams?names=${encodeURIComponent(TEST_NAME)}`;
			return eventually(async () => {
				const { streams } = (await guarded.ask(guarded.admin, "GET", query)).body;
				return streams.length === count && streams;
			});
		};
		const answers = [test(one), test(one)];
		await waiting(2);
		expect(await test(one)).toMatchObject({ status: 503, body: { error_code: 39905 } });
		answers.push(test(other), test(other));
		for (const { stream_id } of await waiting(4)) await guarded.ask(guarded.admin, "DELETE", `/1/streams/${stream_id}`);
		expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
	});

	test("******** stands for the stored password of the stream that is written anew, on the same host only", async () => {
		const reference = "rtsp://operator:s3cret@camera.test/1";
		await service.api.expect(201, "POST", "/1/groups", { account_id: ACCOUNT, group_name: "hall" });
		const stream_id = await service.api.create(
			streamBody({ data: { type: "tcp", reference }, group_name: "hall", status: "pause" }),
		);
		const hidden = "rtsp://operator:********@camera.test/1";
		const answer = ask({ stream_id, data: { type: "tcp", reference: hidden } });
		const { agent, stream } = await taken();
		expect(stream).toMatchObject({ data: { reference }, groups: ["hall"] });
		await agent.feedback([{ stream_id: stream.stream_id, version: 1, status: "done" }]);
		expect(await answer).toMatchObject({ outcome: "works" });
		const elsewhere = { type: "tcp", reference: hidden.replace("camera.test", "thief.test") };
		for (const members of [{ stream_id, data: elsewhere }, { data: { type: "tcp", reference: hidden } }]) {
			const { status, body } = await service.api.ask("POST", path, { account_id: ACCOUNT, ...members });
			expect([status, body]).toMatchObject([400, { error_code: 12022 }]);
		}
		const missing = await service.api.ask("POST", path, { account_id: ACCOUNT, data, stream_id: UNKNOWN });
		expect(missing).toMatchObject({ status: 404, body: { error_code: 39001 } });
		const nowhere = await service.api.ask("POST", path, { account_id: ACCOUNT, data, group_name: "nowhere" });
		expect(nowhere).toMatchObject({ body: { error_code: 39007 } });
	});
});

test("what a node left behind that died is deleted by the next sweep; what only looks like it stays", async () => {
	const streams = [
		{ name: TEST_NAME, description: TEST_MARK },
		{ name: TEST_NAME, description: "Mine" },
		{ name: TEST_NAME, description: TEST_MARK },
	];
	const ids: string[] = [];
	for (const each of streams) ids.push(await service.api.create(streamBody(each)));
	const [, mine, running] = ids;
	await service.sql`
		UPDATE streams SET create_time = create_time - interval '2 minutes' WHERE stream_id = ANY(${ids.slice(0, 2)})`;
	const notAskedFor = () => Promise.reject(new Error("not asked for"));
	const tests = new ReferenceTests({
		engine: {
			list: async ({ names = [], create_time__lt = "" }) => {
				const query = new URLSearchParams({ names: names.join(), create_time__lt });
				return (await service.api.list(`${query}`)) as never;
			},
			remove: (stream_id) => service.api.expect(204, "DELETE", `/1/streams/${stream_id}`),
			create: notAskedFor,
			get: notAskedFor,
			preview: notAskedFor,
		},
		previews: { lastFrame: notAskedFor },
		now: async () => Date.now(),
		log: createLogger(loadSettings({ argv: [], env: {} }), { write: notAskedFor }),
	});
	await tests.sweep();
	expect((await service.api.list("")).map(({ stream_id }) => stream_id).toSorted()).toEqual([mine, running].toSorted());
});

test("while the database is away nothing is swept and nothing is said of it; later it is", async () => {
	vi.useFakeTimers();
	onTestFinished(() => void vi.useRealTimers());
	const said: string[] = [];
	let asked = 0;
	const notAskedFor = () => Promise.reject(new Error("not asked for"));
	const tests = new ReferenceTests({
		engine: {
			list: async () => {
				asked++;
				return [];
			},
			remove: notAskedFor,
			create: notAskedFor,
			get: notAskedFor,
			preview: notAskedFor,
		},
		previews: { lastFrame: notAskedFor },
		now: async () => {
			if (asked++ === 0) throw unavailable("database");
			return Date.now();
		},
		log: createLogger(loadSettings({ argv: [], env: {} }), { write: (line) => void said.push(line) }),
	});
	tests.enter();
	await vi.advanceTimersByTimeAsync(300_000);
	expect(asked).toBe(3);
	expect(said).toEqual([]);
	await tests.leave();
});

describeDecoding("with a real agent and real video", () => {
	test("its size, its rate and a frame of it are told; of a camera that is not there, why not", {
		timeout: 90_000,
	}, async () => {
		const { folder, remove } = await footageFolder();

		const clip = join(folder, "clip.mp4");
		await filmClip(clip);
		const eye = await camera(clip);
		await eye.start();
		const options = ["--url", service.url, "--files", folder, "--feedback-interval", "0.2", "--wait", "2"];
		const agent = new Program(["dist/agent/main.js", ...options]);
		try {
			await agent.said("agent starts");
			const works = await ask({ data: { type: "tcp", reference: eye.url("camera"), rotation: 90 } });
			expect(works).toMatchObject({ outcome: "works", video: { width: 640, height: 360 }, error: null });
			expect(works.picture?.type).toBe("image/jpeg");
			// The whole frame, turned.
			const { width, height } = await readJpeg(Buffer.from(works.picture?.base64 ?? "", "base64"));
			expect(width / height).toBeCloseTo(360 / 640, 1);
			await eye.stop();
			const failed = await ask({ data: { type: "tcp", reference: eye.url("camera") } });
			expect(failed).toMatchObject({ outcome: "failed", video: null });
			expect(failed.error?.error_code).toBeGreaterThan(0);
			expect(await left()).toEqual([]);
		} finally {
			await agent.kill();
			await eye.stop();
			await remove();
		}
	});
});
