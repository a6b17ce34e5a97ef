import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Av, loadAv } from "../../agent/decoding/av.ts";

/** The bindings, or null on a machine that cannot load them. */
export const av: Av | null = await loadAv().catch(() => null);

/** Tests that decode: skipped, and seen to be skipped, where FFmpeg does not load; a failure where CI=1. */
export function describeDecoding(name: string, body: () => void): void {
	if (av === null)
		test.runIf(process.env["CI"] === "1")("node-av loads", () => expect.fail("node-av does not load here"));
	describe.skipIf(av === null)(name, body);
}

/** A temporary folder with footage; `remove` it afterwards. */
export async function footageFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
	const folder = await mkdtemp(join(tmpdir(), "agent-"));
	return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface Footage {
	/** An FFmpeg lavfi graph. */
	graph?: string;
	/** Seconds. */
	duration?: number;
	codec?: "libx264" | "mpeg4" | "mjpeg";
	gop?: number;
	/** Container, where the name does not say it. */
	format?: "mp4" | "matroska" | "mpegts" | "image2";
}

/** Encodes a real video file. Sequences of pictures have a `%d` in the path. */
export async function film(path: string, { graph, duration = 2, codec = "libx264", gop = 25, format }: Footage = {}) {
	if (av === null) throw new Error("no FFmpeg");
	const { Demuxer, Decoder, Encoder, Muxer } = await import("node-av/api");
	const { FF_ENCODER_LIBX264, FF_ENCODER_MJPEG, FF_ENCODER_MPEG4 } = await import("node-av/constants");
	const encoders = { libx264: FF_ENCODER_LIBX264, mjpeg: FF_ENCODER_MJPEG, mpeg4: FF_ENCODER_MPEG4 };
	const source = graph ?? "testsrc2=size=320x240:rate=25";
	const input = await Demuxer.open(
		`${source},trim=duration=${duration},format=${codec === "mjpeg" ? "yuvj420p" : "yuv420p"}`,
		{ format: "lavfi" },
	);
	const video = input.video();
	if (video === undefined) throw new Error("lavfi gives no video");
	const decoder = await Decoder.create(video);
	const options = codec === "libx264" ? { preset: "ultrafast", "x264-params": "scenecut=0:log-level=none" } : {};
	const encoder = await Encoder.create(encoders[codec], {
		decoder,
		gopSize: gop,
		maxBFrames: 0,
		bitrate: "500k",
		options,
	});
	const output = await Muxer.open(path, { input, ...(format === undefined ? {} : { format }) });
	try {
		const index = output.addStream(encoder, { inputStream: video });
		for await (const packet of encoder.packets(decoder.frames(input.packets(video.index)))) {
			await output.writePacket(packet, index);
			packet?.free();
		}
	} finally {
		await output.close();
		encoder.close();
		decoder.close();
		await input.close();
	}
}

/** The colour of one point of a JPEG, as [red, green, blue], and the picture's size. */
export async function readJpeg(
	jpeg: Uint8Array,
): Promise<{ width: number; height: number; at: (x: number, y: number) => number[] }> {
	if (av === null) throw new Error("no FFmpeg");
	const { constants: c } = av;
	const codec = av.Codec.findDecoder(c.AV_CODEC_ID_MJPEG)!;
	const decoder = new av.CodecContext();
	decoder.allocContext3(codec);
	await decoder.open2(codec);
	const packet = new av.Packet();
	packet.alloc();
	packet.data = Buffer.from(jpeg);
	const frame = new av.Frame();
	frame.alloc();
	await decoder.sendPacket(packet);
	await decoder.sendPacket(null);
	const code = await decoder.receiveFrame(frame);
	if (code < 0) throw new Error(av.FFmpegError.strerror(code));
	const { width, height } = frame;
	const size = av.avImageGetBufferSize(frame.format as never, width, height, 1);
	const planes = Buffer.alloc(size);
	av.avImageCopyToBuffer(planes, size, frame.data, frame.linesize, frame.format as never, width, height, 1);
	const half = Math.ceil(width / 2);
	const chroma = width * height;
	const at = (x: number, y: number) => {
		const luma = planes[y * width + x]!;
		const index = (y >> 1) * half + (x >> 1);
		const blue = planes[chroma + index]! - 128;
		const red = planes[chroma + half * Math.ceil(height / 2) + index]! - 128;
		return [luma + 1.402 * red, luma - 0.344 * blue - 0.714 * red, luma + 1.772 * blue].map(Math.round);
	};
	frame.free();
	packet.free();
	decoder.freeContext();
	return { width, height, at };
}

/** The name of the colour at a point. */
export function colour([red = 0, green = 0, blue = 0]: number[]): string {
	const bright = (value: number) => value > 128;
	if (bright(red) && bright(green)) return bright(blue) ? "white" : "yellow";
	if (bright(red)) return "red";
	if (bright(blue)) return "blue";
	return bright(green) ? "green" : "black";
}

/** Four colours: red and green above, blue and yellow below. 320 × 240. */
export const QUARTERS =
	"color=red:size=160x120:rate=10[a];color=lime:size=160x120:rate=10[b];color=blue:size=160x120:rate=10[c];" +
	"color=yellow:size=160x120:rate=10[d];[a][b]hstack[top];[c][d]hstack[bottom];[top][bottom]vstack";
