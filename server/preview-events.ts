import type { Bus, StreamEvent } from "../actors/cluster/cluster.ts";
import type { Previews } from "./preview/relay.ts";

interface Urls {
	live?: { url: string } | null;
	last_frame?: { url: string } | null;
}

/**
 * What is relayed follows the streams: one that is no longer in progress, or whose agent reports other urls, is not
 * relayed from the old ones any longer (contract, section 11).
 */
export function followPreviews(bus: Bus, previews: Previews): void {
	bus.subscribe(({ events }) => {
		for (const event of events) follow(event, previews);
	});
}

function follow({ stream_id, status, preview }: StreamEvent, previews: Previews): void {
	if (status !== "in_progress") previews.forget(stream_id);
	else if (preview !== undefined) {
		// Our own text, checked against the schema when it came in.
		const urls: Urls = preview === null ? {} : JSON.parse(preview);
		previews.keep(stream_id, { live: urls.live?.url ?? null, last_frame: urls.last_frame?.url ?? null });
	}
}
