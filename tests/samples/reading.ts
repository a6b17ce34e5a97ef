import "../../agent/samples/disposables.ts";
import { Decoder, Demuxer } from "node-av/api";
import { AV_LOG_QUIET } from "node-av/constants";
import { Log } from "node-av/lib";

Log.setLevel(AV_LOG_QUIET);

export interface Picture {
	readonly width: number;
	readonly height: number;
	/** Seconds, by the source's own clock. */
	readonly time: number;
}

/**
 * Decodes the first pictures of a source as an agent would.
 *
 * @param atMost stop after so many
 * @throws when it cannot be opened or read
 */
export async function readPictures(
	url: string,
	atMost: number,
	options: Record<string, string> = {},
): Promise<Picture[]> {
	await using input = await Demuxer.open(url, { options: { timeout: "5000000", ...options } });
	const stream = input.video();
	if (stream === undefined) throw new Error(`${url} holds no video`);
	using decoder = await Decoder.create(stream);
	const { num, den } = stream.timeBase;
	const pictures: Picture[] = [];
	for await (using frame of decoder.frames(input.packets(stream.index))) {
		if (frame === null) break;
		pictures.push({ width: frame.width, height: frame.height, time: (Number(frame.pts) * num) / den });
		if (pictures.length >= atMost) break;
	}
	return pictures;
}
