import type { ServerResponse } from "node:http";
import type { Place } from "./pictures.ts";

const BOUNDARY = "perigee-picture";
/** Milliseconds after which a watcher that takes nothing is let go. */
const STALLED = 30_000;

/**
 * Answers with a stream's pictures as they come, until the stream leaves or the watcher does. Each watcher has one
 * picture on its way at most and one waiting, the newest: a slow one misses pictures and costs no memory.
 */
export function sendLive(place: Place, response: ServerResponse): void {
	let waiting: Uint8Array | null = null;
	let blocked = false;
	let stalled: NodeJS.Timeout | null = null;
	response.writeHead(200, { "content-type": `multipart/x-mixed-replace; boundary=${BOUNDARY}` });
	response.write(`--${BOUNDARY}\r\n`);

	const write = (jpeg: Uint8Array): void => {
		response.cork();
		response.write(`Content-Type: image/jpeg\r\nContent-Length: ${jpeg.byteLength}\r\n\r\n`);
		response.write(jpeg);
		// The boundary follows at once: a browser shows a part only when it knows that it has ended.
		blocked = !response.write(`\r\n--${BOUNDARY}\r\n`);
		response.uncork();
		if (blocked) stalled ??= setTimeout(() => response.destroy(), STALLED);
	};
	const leave = place.watch((jpeg) => {
		if (jpeg === null) response.end();
		else if (blocked) waiting = jpeg;
		else write(jpeg);
	});
	response.on("drain", () => {
		clearTimeout(stalled ?? undefined);
		stalled = null;
		blocked = false;
		const jpeg = waiting;
		waiting = null;
		if (jpeg !== null) write(jpeg);
	});
	response.on("close", () => {
		clearTimeout(stalled ?? undefined);
		leave();
	});
}
