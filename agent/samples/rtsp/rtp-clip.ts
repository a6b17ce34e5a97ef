import "../disposables.ts";
import { Demuxer, Muxer } from "node-av/api";
import { avSdpCreate } from "node-av/lib";

/** RTP's clock for video, in ticks a second (RFC 6184, section 8.2.1). */
export const RTP_CLOCK = 90_000;
/** Largest RTP packet: an Ethernet frame's worth, also on the loopback, where nothing would enforce it. */
const MAX_PACKET = 1200;

/** One picture as the RTP packets that carry it. */
export interface RtpPicture {
	readonly packets: readonly Buffer[];
	/** A viewer can begin here. */
	readonly key: boolean;
}

/** A clip taken apart into RTP packets once, so that serving it costs copying and nothing else. */
export interface RtpClip {
	readonly pictures: readonly RtpPicture[];
	/** The media lines of its session description: `m=` to its last `a=`, without a control line. */
	readonly mediaLines: readonly string[];
}

/**
 * Reads an H.264 clip and has FFmpeg's RTP muxer packetise it. The parameter sets are in the session
 * description, and before every key picture when the clip repeats them there, as ours do.
 *
 * @throws when the file is not such a clip
 */
export async function readRtpClip(file: string): Promise<RtpClip> {
	await using input = await Demuxer.open(file);
	const stream = input.video();
	if (stream === undefined) throw new Error(`${file} holds no video.`);
	let written: Buffer[] = [];
	const output = await Muxer.open(
		{ write: (packet) => void written.push(Buffer.from(packet)) },
		{ format: "rtp", maxPacketSize: MAX_PACKET },
	);
	try {
		const track = output.addStream(stream);
		const pictures: RtpPicture[] = [];
		for await (using packet of input.packets(stream.index)) {
			if (packet === null) continue;
			const key = packet.isKeyframe;
			written = [];
			await output.writePacket(packet, track);
			const packets = written.filter(isMedia);
			if (packets.length > 0) pictures.push({ packets, key });
		}
		const sdp = avSdpCreate([output.getFormatContext()]);
		if (sdp === null || pictures[0]?.key !== true) throw new Error(`${file} cannot be sent by RTP.`);
		return { pictures, mediaLines: mediaLinesOf(sdp) };
	} finally {
		await output.close();
	}
}

/** RTCP packets, which the muxer writes in between, have types 200 to 204 where RTP has marker and payload type. */
function isMedia(packet: Buffer): boolean {
	const type = packet[1] ?? 0;
	return packet.length > 12 && (type < 200 || type > 204);
}

function mediaLinesOf(sdp: string): string[] {
	const lines = sdp.split(/\r?\n/).filter((line) => line !== "");
	const from = lines.findIndex((line) => line.startsWith("m=video"));
	return lines.slice(from).map((line) => line.replace(/^m=video \d+ /, "m=video 0 "));
}
