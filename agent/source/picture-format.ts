import { open } from "node:fs/promises";
import { SourceError } from "../source-errors.ts";
import type { Opening } from "./opening.ts";

/** What the first bytes of a picture say, and the demuxer for it. */
const FORMATS: readonly { begins: RegExp; format: string }[] = [
	{ begins: /^\xff\xd8\xff/, format: "jpeg_pipe" },
	{ begins: /^\x89PNG\r\n/, format: "png_pipe" },
	{ begins: /^RIFF[\s\S]{4}WEBP/, format: "webp_pipe" },
	{ begins: /^BM/, format: "bmp_pipe" },
	{ begins: /^(II\*\0|MM\0\*)/, format: "tiff_pipe" },
	{ begins: /^P[36]\s/, format: "ppm_pipe" },
	{ begins: /^P[25]\s/, format: "pgm_pipe" },
];

/**
 * How a picture is opened. The format is told by its content: FFmpeg's own way goes by the name, to a demuxer that
 * reads patterns into it. Throws SourceError.
 */
export async function pictureOpening(path: string): Promise<Opening> {
	const file = await open(path).catch((error: unknown) => {
		throw new SourceError("file_not_readable", `'${path}': ${error instanceof Error ? error.message : String(error)}`);
	});
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
		const head = buffer.toString("latin1", 0, bytesRead);
		const format = FORMATS.find(({ begins }) => begins.test(head))?.format;
		if (format === undefined) throw new SourceError("unknown_format", `'${path}' is no picture that this agent knows`);
		const options = { protocol_whitelist: "file", format_whitelist: format };
		return { url: `file:${path}`, options, live: false, pulled: true, format };
	} finally {
		await file.close();
	}
}
