import { appendFile, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { VideoInfo } from "../../agent/api/feedback.ts";
import { decodeJob } from "../../agent/decoding/decode-job.ts";
import { startDecoding } from "../../agent/decoding/decoder-process.ts";
import type { DecodingJob, FromDecoder } from "../../agent/decoding/messages.ts";
import { av, colour, describeDecoding, film, footageFolder, QUARTERS, readJpeg } from "./footage.ts";

const NOTHING = { x: 0, y: 0, width: 0, height: 0, mode: "abs" as const };
let folder = "";
let remove = async () => {};

function job(reference: string, data: Partial<DecodingJob["data"]> = {}, rest: Partial<DecodingJob> = {}): DecodingJob {
	return {
		data: {
			type: "videofile",
			reference,
			roi: NOTHING,
			rotation: 0,
			preferred_program_stream_frame_width: 800,
			endless: false,
			...data,
		},
		timeout: 5000,
		threads: 0,
		realTimeFps: 0,
		forgivenPictures: 10,
		folders: [folder],
		httpFiles: false,
		pace: "fastest",
		previewFps: 10,
		...rest,
	};
}

type Last = Extract<FromDecoder, { kind: "ended" | "failed" | "stopped" }>;

/** Runs a job in this process: the same code that the decoder process runs. */
async function decode(one: DecodingJob): Promise<{ end: Last; up: VideoInfo | null; pictures: Uint8Array[] }> {
	const messages: FromDecoder[] = [];
	const running = decodeJob(
		av!,
		one,
		(message) => {
			messages.push(message);
			if (message.kind === "picture") running.feed.seen();
		},
		new AbortController().signal,
	);
	await running.done;
	const up = messages.find((message) => message.kind === "up")?.info ?? null;
	const pictures = messages.filter((message) => message.kind === "picture").map(({ jpeg }) => jpeg);
	return { end: messages.at(-1) as Last, up, pictures };
}

async function failure(one: DecodingJob): Promise<string> {
	const { end } = await decode(one);
	return end.kind === "failed" ? end.error : end.kind;
}

describeDecoding("decoding", () => {
	beforeAll(async () => {
		({ folder, remove } = await footageFolder());
		await mkdir(join(folder, "pictures"));
		await Promise.all([
			film(join(folder, "h264.mp4")),
			film(join(folder, "mpeg4.mkv"), { codec: "mpeg4", gop: 10 }),
			film(join(folder, "h264.ts"), { gop: 20, format: "mpegts" }),
			film(join(folder, "quarters.mp4"), { graph: QUARTERS, duration: 0.5 }),
			film(join(folder, "pictures/%d.jpg"), { codec: "mjpeg", duration: 0.4, format: "image2" }),
		]);
	});
	afterAll(() => remove());

	test.each([
		["h264.mp4", 25],
		["mpeg4.mkv", 10],
		["h264.ts", 20],
	])("size, frame rate, group, duration and progress of %s", async (name, gop) => {
		const { end, up, pictures } = await decode(job(name));
		expect(end).toMatchObject({
			kind: "ended",
			info: { width: 320, height: 240, frame_rate: 25, gop_size: gop, progress: 1 },
		});
		const info = end.kind === "ended" ? end.info : null;
		expect(info?.duration).toBeCloseTo(2, 1);
		expect(info?.bit_rate).toBeGreaterThan(50_000);
		expect(info?.start_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
		expect(up).toMatchObject({ width: 320, progress: 0 });
		expect(pictures.length).toBeGreaterThan(0);
	});

	test("a realtime pace takes as long as the film", async () => {
		const began = performance.now();
		const { pictures } = await decode(job("h264.mp4", {}, { pace: "realtime" }));
		expect(performance.now() - began).toBeGreaterThan(1900);
		expect(pictures.length).toBeGreaterThanOrEqual(2);
	});

	test("without rotation and region the preview is the whole picture, scaled to the preferred width", async () => {
		const { pictures } = await decode(job("quarters.mp4", { preferred_program_stream_frame_width: 160 }));
		const { width, height, at } = await readJpeg(pictures[0]!);
		expect([width, height]).toEqual([160, 120]);
		expect([at(20, 20), at(140, 20), at(20, 100), at(140, 100)].map(colour)).toEqual([
			"red",
			"green",
			"blue",
			"yellow",
		]);
	});

	test.each([
		[90, [240, 320], ["blue", "red", "yellow", "green"]],
		[180, [320, 240], ["yellow", "blue", "green", "red"]],
		[270, [240, 320], ["green", "yellow", "red", "blue"]],
	])("rotation %i turns the preview clockwise", async (rotation, size, colours) => {
		const { pictures } = await decode(job("quarters.mp4", { rotation }));
		const { width, height, at } = await readJpeg(pictures[0]!);
		expect([width, height]).toEqual(size);
		const [right, lower] = [width - 20, height - 20];
		expect([at(20, 20), at(right, 20), at(20, lower), at(right, lower)].map(colour)).toEqual(colours);
	});

	test("the region of interest is cut from the rotated picture, in pixels or in percent", async () => {
		const abs = { x: 120, y: 0, width: 120, height: 160, mode: "abs" as const };
		const percent = { x: 50, y: 50, width: 50, height: 50, mode: "percent" as const };
		const first = await readJpeg((await decode(job("quarters.mp4", { rotation: 90, roi: abs }))).pictures[0]!);
		const other = await readJpeg((await decode(job("quarters.mp4", { rotation: 90, roi: percent }))).pictures[0]!);
		expect([first.width, first.height, colour(first.at(5, 5)), colour(first.at(115, 155))]).toEqual([
			120,
			160,
			"red",
			"red",
		]);
		expect([other.width, other.height, colour(other.at(5, 5)), colour(other.at(115, 155))]).toEqual([
			120,
			160,
			"green",
			"green",
		]);
		const outside = { ...abs, x: 4000 };
		expect(await failure(job("quarters.mp4", { roi: outside }))).toBe("area_outside");
	});

	test("pictures of a folder are taken in the order of their names, and progress counts them", async () => {
		const { end, up, pictures } = await decode(job("pictures", { type: "images" }));
		expect(end).toMatchObject({ kind: "ended", info: { width: 320, height: 240, progress: 1 } });
		expect(up?.progress).toBe(0.1);
		expect(pictures.length).toBe(1);
		const some = await decode(job("pictures/?.jpg", { type: "images" }));
		expect(some.up?.progress).toBeCloseTo(1 / 9, 3);
		expect(await failure(job("pictures/*.png", { type: "images" }))).toBe("no_pictures");
	});

	test("a broken picture is left out, and more of them than the policy forgives fail the source", async () => {
		await mkdir(join(folder, "mixed"));
		await copyFile(join(folder, "pictures/1.jpg"), join(folder, "mixed/b.jpg"));
		await writeFile(join(folder, "mixed/a.jpg"), "no picture");
		expect(await failure(job("mixed", { type: "images" }))).toBe("ended");
		expect(await failure(job("mixed", { type: "images" }, { forgivenPictures: 0 }))).toBe("unknown_format");
	});

	test("a file that names other files or addresses is refused, whatever its name", async () => {
		const playlist = (url: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${url}\n#EXT-X-ENDLIST\n`;
		await writeFile(join(folder, "local.m3u8"), playlist(`file://${folder}/h264.ts`));
		await writeFile(join(folder, "remote.mp4"), playlist("http://127.0.0.1:9/x.ts"));
		await writeFile(join(folder, "passwd.mp4"), "ffconcat version 1.0\nfile '/etc/passwd'\n");
		await writeFile(join(folder, "list.mp4"), "ffconcat version 1.0\nfile 'h264.mp4'\n");
		const names = ["local.m3u8", "remote.mp4", "passwd.mp4", "list.mp4"];
		const failures = await Promise.all(names.map((name) => failure(job(name))));
		for (const one of failures) expect(one).toMatch(/^(forbidden|unknown)_format$/);
	});

	test("a playlist over http plays its segments, and never reads a local file", async () => {
		const playlist = (url: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${url}\n#EXT-X-ENDLIST\n`;
		const segment = await readFile(join(folder, "h264.ts"));
		const asked: string[] = [];
		const server = createServer((request, response) => {
			asked.push(request.url ?? "");
			if (request.url === "/good.m3u8") response.end(playlist("h264.ts"));
			else if (request.url === "/evil.m3u8") response.end(playlist(`file://${folder}/h264.ts`));
			else response.end(segment);
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		try {
			const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
			const live = { type: "tcp" };
			const [good, evil] = [decode(job(`${base}/good.m3u8`, live)), failure(job(`${base}/evil.m3u8`, live))];
			expect((await good).end).toMatchObject({ kind: "ended", info: { width: 320, height: 240 } });
			expect(await evil).toMatch(/^(ended|no_video|unknown_format|forbidden_format|source_failed)$/);
			expect(asked).toEqual(expect.arrayContaining(["/good.m3u8", "/evil.m3u8", "/h264.ts"]));
		} finally {
			server.closeAllConnections();
			server.close();
		}
	});

	test("damaged footage gives what can be read of it, and rubbish an error", async () => {
		const bytes = await readFile(join(folder, "h264.ts"));
		for (let at = bytes.length >> 1; at < (bytes.length >> 1) + 8000; at += 7) bytes[at] = at & 255;
		await writeFile(join(folder, "damaged.ts"), bytes);
		expect((await decode(job("damaged.ts"))).end).toMatchObject({ kind: "ended", info: { width: 320, progress: 1 } });
		await writeFile(join(folder, "rubbish.mp4"), "no video at all");
		await appendFile(join(folder, "empty.mp4"), "");
		const [rubbish, empty] = await Promise.all([failure(job("rubbish.mp4")), failure(job("empty.mp4"))]);
		expect(rubbish).toMatch(/^(unknown|forbidden)_format$/);
		expect(empty).toMatch(/^(unknown|forbidden)_format$|^ended$/);
	});

	test("a source that says nothing ends with the time limit", async () => {
		expect(await failure(job("udp://127.0.0.1:48213", { type: "udp" }, { timeout: 300 }))).toBe("timeout");
	});

	test("a decoder process tells of its source, and a stop ends it while it waits for one", async () => {
		const heard: string[] = [];
		const events = {
			up: () => heard.push("up"),
			measured: () => undefined,
			picture: (jpeg: Uint8Array) => heard.push(`picture ${jpeg.byteLength > 1000}`),
		};
		expect(await startDecoding(job("h264.mp4"), events).end).toMatchObject({ kind: "ended", info: { progress: 1 } });
		expect(heard.slice(0, 2)).toEqual(["picture true", "up"]);
		// One more for each second that a slow machine takes for it.
		expect(new Set(heard.slice(2))).not.toContain("up");
		const silent = startDecoding(job("udp://127.0.0.1:48214", { type: "udp" }, { timeout: 60_000 }), events);
		const began = performance.now();
		await silent.stop();
		// Long before the source's time limit.
		expect(performance.now() - began).toBeLessThan(10_000);
		expect((await silent.end).kind).toBe("stopped");
	});
});
