import { merged, problemsFirst } from "./order.ts";
import { readCount, readStreams, STATUSES, type Status, type Stream } from "./stream.ts";

/** As many streams as the page shows. */
export const MAX_SHOWN = 100;
const TIMEOUT_MS = 5000;

/**
 * The streams to show, problems first. Failed ones are asked for by themselves, so that they are shown however many
 * older streams there are.
 *
 * @throws when the service does not answer within 5 s, or with anything but 200
 */
export async function fetchStreams(signal: AbortSignal): Promise<Stream[]> {
	const [failed, oldest] = await Promise.all([
		get(`1/streams?page_size=${MAX_SHOWN}&statuses=failure`, signal),
		get(`1/streams?page_size=${MAX_SHOWN}`, signal),
	]);
	// The second answer may be newer or older than the first; a stream in both is taken from the second.
	return problemsFirst(merged(readStreams(oldest), readStreams(failed))).slice(0, MAX_SHOWN);
}

/**
 * How many streams have each status.
 *
 * @throws as `fetchStreams`
 */
export async function fetchCounts(signal: AbortSignal): Promise<Map<Status, number>> {
	const answers = await Promise.all(
		STATUSES.map(
			async (status) => [status, readCount(await get(`1/streams/count?statuses=${status}`, signal))] as const,
		),
	);
	return new Map(answers.map(([status, count]) => [status, count ?? 0]));
}

/** The address of a stream's newest still picture; `moment` keeps caches from answering with an older one. */
export function lastFrameUrl(id: string, moment: number): string {
	return `1/streams/${encodeURIComponent(id)}/preview/last_frame?moment=${moment}`;
}

/** The address of a stream's moving picture. */
export function liveUrl(id: string): string {
	return `1/streams/${encodeURIComponent(id)}/preview/live`;
}

async function get(path: string, signal: AbortSignal): Promise<unknown> {
	const response = await fetch(path, {
		headers: { Accept: "application/json" },
		signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
	});
	if (!response.ok) throw new Error(`The service answered ${response.status}.`);
	return response.json();
}
