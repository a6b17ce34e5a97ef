import type { ServerResponse } from "node:http";
import type { LiveSink } from "../../server/preview/sink.ts";

/** The body of a Node answer as the relay writes to it, with the backpressure of its real socket. */
export function sinkOf(response: ServerResponse): LiveSink {
	return {
		write: (chunk) => response.write(chunk),
		onDrain: (callback) => void response.on("drain", callback),
		end: () => void response.end(),
		onGone: (callback) => {
			response.on("close", () => {
				if (!response.writableFinished) callback();
			});
		},
	};
}
