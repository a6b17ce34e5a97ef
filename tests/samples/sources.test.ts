import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeClip, makeStills } from "../../agent/samples/encoding.ts";
import { IntermittentSource } from "../../agent/samples/intermittent.ts";
import { choosePorts } from "../../agent/samples/ports.ts";
import { type RtpClip, readRtpClip } from "../../agent/samples/rtsp/rtp-clip.ts";
import { RtspServer } from "../../agent/samples/rtsp/server.ts";
import { LIVE_SCENES, PICTURE, STILLS } from "../../agent/samples/scenes.ts";
import { TransportStream } from "../../agent/samples/transport-stream.ts";
import { readPictures } from "./reading.ts";

const SIZE = { width: PICTURE.width, height: PICTURE.height };
let folder: string;
let file: string;
let clip: RtpClip;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "samples-"));
	file = join(folder, "short.mp4");
	// One second, so that the live tests run over the end of the loop.
	await makeClip({ ...LIVE_SCENES.gate, seconds: 1 }, file);
	clip = await readRtpClip(file);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the sample files", () => {
	test("a clip decodes to every one of its pictures, in the size and at the rate asked for", async () => {
		const pictures = await readPictures(file, 1000);
		expect(pictures).toHaveLength(PICTURE.fps);
		expect(pictures[0]).toMatchObject(SIZE);
		expect(pictures[14]!.time - pictures[0]!.time).toBeCloseTo(14 / PICTURE.fps, 2);
	});

	test("an existing clip is kept, and nothing half made lies beside it", async () => {
		const before = await stat(file);
		await makeClip({ ...LIVE_SCENES.gate, seconds: 1 }, file);
		expect((await stat(file)).mtimeMs).toBe(before.mtimeMs);
		expect(await readdir(folder)).toEqual(["short.mp4"]);
	});

	test("a clip that cannot be made leaves no file and says why", async () => {
		const broken = join(folder, "broken.mp4");
		await expect(makeClip({ name: "broken", graph: "no_such_filter", seconds: 1 }, broken)).rejects.toThrow();
		await expect(stat(broken)).rejects.toThrow();
	});

	test("the folder of stills holds numbered pictures that decode", async () => {
		const stills = join(folder, "stills");
		await makeStills(STILLS, stills);
		const names = (await readdir(stills)).sort();
		expect(names).toHaveLength(STILLS.count);
		expect(names[0]).toBe("0001.jpg");
		expect(names.at(-1)).toBe("0024.jpg");
		const [picture] = await readPictures(join(stills, "0024.jpg"), 1);
		expect(picture).toMatchObject(SIZE);
	});
});

describe("the RTSP server", () => {
	let server: RtspServer;
	beforeAll(async () => {
		server = new RtspServer({ port: 0, clips: new Map([["gate", clip]]) });
		await server.start();
	});
	afterAll(() => server.stop());

	// Those that play do so side by side: they last as long as what they show.
	test.concurrent.each(["tcp", "udp"])(
		"plays over %s, past the loop's end, with time going on evenly",
		async (transport) => {
			const pictures = await readPictures(server.url("gate"), 25, { rtsp_transport: transport });
			expect(pictures).toHaveLength(25);
			expect(pictures[0]).toMatchObject(SIZE);
			const span = pictures.at(-1)!.time - pictures[0]!.time;
			expect(span).toBeGreaterThan(24 / PICTURE.fps - 0.2);
			expect(span).toBeLessThan(24 / PICTURE.fps + 0.5);
		},
	);

	test.concurrent("serves several clients at once", async () => {
		const all = await Promise.all(
			["tcp", "udp", "tcp"].map((transport) => readPictures(server.url("gate"), 12, { rtsp_transport: transport })),
		);
		expect(all.map((pictures) => pictures.length)).toEqual([12, 12, 12]);
	});

	test("answers what it does not know with the status RTSP has for it", async () => {
		const url = server.url("gate");
		const answers = await ask(server.url(""), [
			`OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n`,
			`DESCRIBE ${server.url("nowhere")} RTSP/1.0\r\nCSeq: 2\r\n\r\n`,
			`PLAY ${url} RTSP/1.0\r\nCSeq: 3\r\nSession: 12\r\n\r\n`,
			`SETUP ${url}/streamid=0 RTSP/1.0\r\nCSeq: 4\r\nTransport: RTP/AVP;multicast\r\n\r\n`,
			`RECORD ${url} RTSP/1.0\r\nCSeq: 5\r\n\r\n`,
			`DESCRIBE ${url} RTSP/1.0\r\n\r\n`,
		]);
		expect(answers.map((answer) => answer.slice(0, 12))).toEqual([
			"RTSP/1.0 200",
			"RTSP/1.0 404",
			"RTSP/1.0 454",
			"RTSP/1.0 461",
			"RTSP/1.0 501",
			"RTSP/1.0 400",
		]);
		expect(answers[1]).toContain("CSeq: 2");
	});

	test("closes a connection that sends something else", async () => {
		expect(await ask(server.url(""), ["GET / HTTP/1.1\r\n\r\n"])).toEqual([]);
		expect(await ask(server.url(""), ["x".repeat(20_000)])).toEqual([]);
	});
});

test.concurrent("the transport stream over UDP plays past the loop's end", async () => {
	const { lobby } = await choosePorts(join(folder, "ports.json"));
	const source = new TransportStream({ file, port: lobby });
	await source.start();
	try {
		const pictures = await readPictures(source.url, 25);
		expect(pictures).toHaveLength(25);
		expect(pictures[0]).toMatchObject(SIZE);
		expect(pictures.at(-1)!.time - pictures[0]!.time).toBeCloseTo(24 / PICTURE.fps, 0);
	} finally {
		await source.stop();
	}
});

test.concurrent("the intermittent source dies while it is watched, refuses connections, and returns under its address", async () => {
	const source = new IntermittentSource({
		port: 0,
		path: "dock",
		clip,
		spells: [
			{ upMs: 1500, downMs: 1500 },
			{ upMs: 60_000, downMs: 60_000 },
		],
	});
	await source.start();
	try {
		const seen = await readPictures(source.url, 1000, { rtsp_transport: "tcp" });
		expect(seen.length).toBeGreaterThan(5);
		expect(seen.length).toBeLessThan(30);
		await expect(readPictures(source.url, 1)).rejects.toThrow();
		await expect
			.poll(() => readPictures(source.url, 5, { rtsp_transport: "tcp" }).catch(() => []), { timeout: 8000 })
			.toHaveLength(5);
	} finally {
		await source.stop();
	}
	await expect(readPictures(source.url, 1)).rejects.toThrow();
});

test("ports are kept from run to run, and replaced when something else has taken one", async () => {
	const file = join(folder, "kept.json");
	const first = await choosePorts(file);
	expect(await choosePorts(file)).toEqual(first);
	const other = new RtspServer({ port: first.dock, clips: new Map() });
	await other.start();
	try {
		const second = await choosePorts(file);
		expect(second.cameras).toBe(first.cameras);
		expect(second.dock).not.toBe(first.dock);
	} finally {
		await other.stop();
	}
});

/** Sends requests one after the other; the answers up to the connection's end or the last request's answer. */
async function ask(url: string, requests: string[]): Promise<string[]> {
	const socket = connect(Number(new URL(url).port), "127.0.0.1");
	const answers: string[] = [];
	let text = "";
	await new Promise<void>((resolve, reject) => {
		socket.on("error", reject);
		socket.on("close", () => resolve());
		socket.on("data", (bytes) => {
			text += bytes.toString();
			for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
				answers.push(text.slice(0, end));
				text = text.slice(end + 4);
			}
			if (answers.length >= requests.length) socket.end();
		});
		for (const request of requests) socket.write(request);
	});
	return answers;
}
