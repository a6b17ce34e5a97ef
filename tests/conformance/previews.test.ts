import { type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AgentPictures, JPEG, PNG } from "./agent-pictures.ts";
import { expectPreviewFailure, faults, said } from "./faults.ts";
import { openTarget, UNKNOWN } from "./target.ts";

const target = await openTarget({
	LUNA_STREAMS_PREVIEW__TIMEOUT: "1",
	LUNA_STREAMS_PREVIEW__MAX_FRAME_SIZE: "200000",
});
const { api } = target;
const agent = new AgentPictures();
beforeAll(() => agent.start());
afterAll(() => agent.stop());
const kinds = ["live", "last_frame"] as const;

/** A stream in progress whose agent shows pictures at these urls. */
async function showing(preview?: object): Promise<string> {
	const id = await target.create();
	await target.takeOne(id);
	await target.report(id, "in_progress", preview === undefined ? {} : { preview });
	return id;
}

const path = (id: string, kind: (typeof kinds)[number]) => `/1/streams/${id}/preview/${kind}`;

/** A live answer, read until `enough` says so. */
async function watch(id: string): Promise<{
	response: IncomingMessage;
	until: (enough: (text: Buffer) => boolean) => Promise<Buffer>;
	ended: Promise<unknown>;
}> {
	const response = await new Promise<IncomingMessage>((resolve, reject) => {
		const asked = request(api.url + path(id, "live"), { agent: false }, resolve);
		asked.on("error", reject);
		asked.end();
	});
	let seen = Buffer.alloc(0);
	const looks = new Set<() => void>();
	response.on("data", (chunk) => {
		seen = Buffer.concat([seen, chunk]);
		for (const each of looks) each();
	});
	response.on("error", () => undefined);
	const ended = new Promise((resolve) => response.once("close", resolve));
	const until = (enough: (text: Buffer) => boolean) =>
		new Promise<Buffer>((resolve, reject) => {
			const look = () => {
				if (!enough(seen)) return;
				looks.delete(look);
				resolve(seen);
			};
			looks.add(look);
			ended.then(() => reject(new Error(`it ended: ${seen}`)));
			look();
		});
	return { response, until, ended };
}

const pictures = (seen: Buffer) => seen.toString("latin1").split(JPEG.toString("latin1")).length - 1;

async function eventually(check: () => boolean): Promise<void> {
	for (let at = 0; !check(); at++) {
		expect(at, "it did not come about in 5 s").toBeLessThan(250);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

describe("without a picture", () => {
	test("an unknown stream is 39001, one without a url 39009", async () => {
		const none = await showing();
		const onlyFrame = await showing({ last_frame: { url: agent.url("/png/only") } });
		for (const kind of kinds) {
			expect(said(await api.get(path(UNKNOWN, kind)))).toEqual(faults.noStream(UNKNOWN));
			expect(said(await api.get(path(none, kind)))).toEqual(faults.noPreview(kind, none));
		}
		expect(said(await api.get(path(onlyFrame, "live")))).toEqual(faults.noPreview("live", onlyFrame));
		expect((await api.get(path(onlyFrame, "last_frame"))).status).toBe(200);
	});
	test("a stream that is not in progress is 39009, though its urls are known", async () => {
		for (const status of ["pause", "cancel", "done", "failure"]) {
			const id = await showing({ live: { url: agent.url("/live") }, last_frame: { url: agent.url("/png") } });
			if (["done", "failure"].includes(status)) await target.report(id, status);
			else await target.patch(id, { status });
			for (const kind of kinds) expect(said(await api.get(path(id, kind))), status).toEqual(faults.noPreview(kind, id));
		}
		const pending = await target.create();
		for (const kind of kinds) expect(said(await api.get(path(pending, kind)))).toEqual(faults.noPreview(kind, pending));
	});
	test("an upstream that fails is 39010 with its reason", async () => {
		const bad = ["/nowhere", "/html", "/svg", "/redirect", "/broken"].map((each) => agent.url(each));
		for (const url of [...bad, "http://127.0.0.1:1/", "http://no-such-host.invalid/"]) {
			const id = await showing({ live: { url }, last_frame: { url } });
			for (const kind of kinds) expectPreviewFailure(await api.get(path(id, kind)));
		}
		const cut = await showing({ last_frame: { url: agent.url("/cut") } });
		expectPreviewFailure(await api.get(path(cut, "last_frame")));
		expect(agent.asked.has("/png")).toBe(false);
	});
	const { TIMEOUT, MAX_FRAME_SIZE } = target.config.LUNA_STREAMS_PREVIEW;
	test.runIf(TIMEOUT <= 2)("an upstream that does not answer in time is 39010", async () => {
		const id = await showing({ live: { url: agent.url("/silent") }, last_frame: { url: agent.url("/silent") } });
		for (const kind of kinds) expectPreviewFailure(await api.get(path(id, kind)));
	});
	test.runIf(MAX_FRAME_SIZE < 300_000)("a picture that is too large is 39010", async () => {
		const id = await showing({ last_frame: { url: agent.url("/large") } });
		expectPreviewFailure(await api.get(path(id, "last_frame")));
	});
	test("an address that is never allowed is 39010, whatever the settings", async () => {
		for (const host of [
			"169.254.169.254",
			"[fe80::1]",
			"0.0.0.0",
			"224.0.0.1",
			"100.100.100.200",
			"192.0.0.192",
			"[fd00:ec2::254]",
			"[::ffff:169.254.169.254]",
			"[::ffff:0:1]",
		]) {
			const id = await showing({ last_frame: { url: `http://${host}/` }, live: { url: `http://${host}/` } });
			for (const kind of kinds) expectPreviewFailure(await api.get(path(id, kind)));
		}
	});
});

describe("last_frame", () => {
	test("gives the picture and nothing else of the agent's", async () => {
		const id = await showing({ last_frame: { url: agent.url("/png/1") } });
		const answer = await api.get(path(id, "last_frame"));
		expect([answer.status, answer.headers["content-type"]]).toEqual([200, "image/png"]);
		expect(answer.bytes.equals(PNG)).toBe(true);
		expect(answer.headers["x-content-type-options"]).toBe("nosniff");
		expect(answer.headers["content-security-policy"]).toBe("sandbox; default-src 'none'");
		expect(answer.headers).not.toHaveProperty("set-cookie");
		expect(answer.headers).not.toHaveProperty("x-agent");
	});
	test("asks the agent once for all who ask at the same time", async () => {
		const id = await showing({ last_frame: { url: agent.url("/png/once") } });
		const answers = await Promise.all(Array.from({ length: 12 }, () => api.get(path(id, "last_frame"))));
		expect(answers.every(({ bytes }) => bytes.equals(PNG))).toBe(true);
		expect(agent.asked.get("/png/once")).toBeLessThanOrEqual(target.config.LUNA_STREAMS_PREVIEW.CACHE_TTL > 0 ? 1 : 12);
	});
	test("follows a changed url", async () => {
		const id = await showing({ last_frame: { url: agent.url("/png/before") } });
		await api.get(path(id, "last_frame"));
		await target.report(id, "in_progress", { preview: { last_frame: { url: agent.url("/html") } } });
		expectPreviewFailure(await api.get(path(id, "last_frame")));
	});
});

describe("live", () => {
	test("relays whole pictures under its own boundary, over one connection for all", async () => {
		const id = await showing({ live: { url: agent.url("/live/a") } });
		const first = await watch(id);
		const { statusCode, headers } = first.response;
		expect(statusCode).toBe(200);
		expect(headers["content-type"]).toMatch(/^multipart\/x-mixed-replace; ?boundary=/);
		expect(headers["x-content-type-options"]).toBe("nosniff");
		expect(headers["content-security-policy"]).toBe("sandbox; default-src 'none'");
		expect(headers["luna-request-id"]).toBeDefined();
		const second = await watch(id);
		const both = Promise.all([first, second].map(({ until }) => until((seen) => pictures(seen) >= 2)));
		const shown = setInterval(() => agent.show(), 20);
		const seen = await both;
		clearInterval(shown);
		const [, boundary = ""] = /boundary="?([^";]+)/.exec(String(headers["content-type"])) ?? [];
		expect(seen[0]?.includes(`--${boundary}`)).toBe(true);
		expect(agent.asked.get("/live/a")).toBe(1);
		first.response.destroy();
		second.response.destroy();
		await eventually(() => agent.watched === 0);
	});
	test("answers HEAD, and leaves no connection behind", async () => {
		const id = await showing({ live: { url: agent.url("/live/head") }, last_frame: { url: agent.url("/png/head") } });
		const live = await api.ask("HEAD", path(id, "live"));
		expect([live.status, live.headers["content-type"]]).toEqual([200, expect.stringMatching(/^multipart\//)]);
		const frame = await api.ask("HEAD", path(id, "last_frame"));
		expect([frame.status, frame.headers["content-length"]]).toEqual([200, String(PNG.length)]);
		await eventually(() => agent.watched === 0);
	});
	test("ends with its upstream, and when the stream is paused", async () => {
		const [ending, paused] = [
			await showing({ live: { url: agent.url("/live/b") } }),
			await showing({ live: { url: agent.url("/live/c") } }),
		];
		const watching = await watch(paused);
		await target.patch(paused, { status: "pause" });
		await watching.ended;
		await eventually(() => agent.watched === 0);
		const other = await watch(ending);
		agent.end();
		await other.ended;
	});
});
