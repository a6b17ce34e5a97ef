import "./disposables.ts";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Decoder, Demuxer, Encoder, Muxer } from "node-av/api";
import { FF_ENCODER_LIBX264, FF_ENCODER_MJPEG } from "node-av/constants";
import { PICTURE, type Scene, type STILLS } from "./scenes.ts";

/**
 * Makes the file of a scene: H.264 in MP4, a key picture every second with its parameter sets (so that a viewer may
 * begin at any of them), no B-pictures (so that stream order is presentation order, and a live source may repeat it).
 * An existing file is kept.
 *
 * The file appears under its name only when it is whole.
 *
 * @throws when FFmpeg cannot make it or the disk refuses it
 */
export async function makeClip(scene: Scene, file: string): Promise<void> {
	if (await exists(file)) return;
	await mkdir(dirname(file), { recursive: true });
	const part = `${file}.${process.pid}.part`;
	try {
		await encodeClip(`${scene.graph},format=yuv420p,trim=end_frame=${scene.seconds * PICTURE.fps}`, part);
		await rename(part, file);
	} finally {
		await rm(part, { force: true });
	}
}

async function encodeClip(graph: string, file: string): Promise<void> {
	await using input = await Demuxer.open(graph, { format: "lavfi" });
	const stream = input.video();
	if (stream === undefined) throw new Error("The picture generator gave no video.");
	using decoder = await Decoder.create(stream);
	using encoder = await Encoder.create(FF_ENCODER_LIBX264, {
		decoder,
		gopSize: PICTURE.fps,
		maxBFrames: 0,
		threadCount: 1,
		options: { preset: "ultrafast", tune: "zerolatency", crf: 29, "x264-params": "repeat-headers=1" },
	});
	await using output = await Muxer.open(file, { format: "mp4", options: { movflags: "faststart" } });
	const track = output.addStream(encoder);
	for await (using packet of encoder.packets(decoder.frames(input.packets(stream.index)))) {
		await output.writePacket(packet, track);
	}
}

/**
 * Makes the folder of numbered JPEG pictures `0001.jpg`, `0002.jpg`, … An existing folder is kept.
 *
 * @throws when FFmpeg cannot make them or the disk refuses them
 */
export async function makeStills(stills: typeof STILLS, folder: string): Promise<void> {
	if (await exists(folder)) return;
	const part = `${folder}.${process.pid}.part`;
	await mkdir(part, { recursive: true });
	try {
		await encodeStills(`${stills.graph},format=yuvj420p,trim=end_frame=${stills.count}`, part);
		await rename(part, folder);
	} finally {
		await rm(part, { force: true, recursive: true });
	}
}

async function encodeStills(graph: string, folder: string): Promise<void> {
	await using input = await Demuxer.open(graph, { format: "lavfi" });
	const stream = input.video();
	if (stream === undefined) throw new Error("The picture generator gave no video.");
	using decoder = await Decoder.create(stream);
	using encoder = await Encoder.create(FF_ENCODER_MJPEG, { decoder, threadCount: 1 });
	let number = 0;
	for await (using packet of encoder.packets(decoder.frames(input.packets(stream.index)))) {
		if (packet?.data == null) continue;
		number += 1;
		await writeFile(join(folder, `${String(number).padStart(4, "0")}.jpg`), packet.data);
	}
}

async function exists(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		// Whatever keeps it from being seen keeps it from being used: it is made anew, and that names the cause.
		() => false,
	);
}
