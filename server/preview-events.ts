import type { Bus, StreamEvent } from "../actors/cluster/cluster.ts";
import type { Previews } from "./preview/relay.ts";

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
	else if (preview !== undefined) previews.keep(stream_id, preview);
}
