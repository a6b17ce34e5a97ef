import { createHash } from "node:crypto";
import type { JsonText } from "../persistence/stream-row.ts";

/** What stands for the urls of a stream's preview where the urls themselves, which may hold a password, have no business. */
export interface PreviewMarks {
	live: number | null;
	last_frame: number | null;
}

interface Urls {
	live?: { url: string } | null;
	last_frame?: { url: string } | null;
}

/**
 * The mark of a url, null of none. Sixteen bits: of 65,536 changes of a url one is not noticed, and whoever reads a mark can try
 * no password on it, since every 65,536th fits.
 */
export function urlMark(url: string | null): number | null {
	return url === null ? null : createHash("sha256").update(url).digest().readUInt16BE(0);
}

/** The marks of a preview as it is stored. */
export function previewMarks(preview: JsonText | null): PreviewMarks {
	// Our own text, checked against the schema when it came in.
	const urls: Urls = preview === null ? {} : JSON.parse(preview);
	return { live: urlMark(urls.live?.url ?? null), last_frame: urlMark(urls.last_frame?.url ?? null) };
}
