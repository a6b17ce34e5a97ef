import type { Part } from "../../agent/samples/part.ts";

/** A camera of real encoded video over RTSP. */
export interface Camera extends Part {
	url(path: string): string;
}

/** Makes the video of three seconds that all cameras play. */
export async function filmClip(file: string): Promise<void> {
	const [{ makeClip }, { LIVE_SCENES }] = await Promise.all([
		import("../../agent/samples/encoding.ts"),
		import("../../agent/samples/scenes.ts"),
	]);
	await makeClip({ ...LIVE_SCENES.gate, seconds: 3 }, file);
}

/** A camera that plays a clip in a loop at `url("camera")`; stopped, it refuses connections. Not started yet. */
export async function camera(clip: string): Promise<Camera> {
	const [{ readRtpClip }, { RtspServer }] = await Promise.all([
		import("../../agent/samples/rtsp/rtp-clip.ts"),
		import("../../agent/samples/rtsp/server.ts"),
	]);
	return new RtspServer({ port: 0, clips: new Map([["camera", await readRtpClip(clip)]]) });
}
