import type { StreamStatus } from "../../persistence/stream-row.ts";
import type { StatusCounts } from "../schemas/console/sets.ts";

/** Counters with every status in them, in a fixed order. */
export function statusCounts(found: ReadonlyMap<StreamStatus, number>): StatusCounts {
	const of = (status: StreamStatus) => found.get(status) ?? 0;
	return {
		pending: of("pending"),
		in_progress: of("in_progress"),
		done: of("done"),
		pause: of("pause"),
		cancel: of("cancel"),
		failure: of("failure"),
	};
}
