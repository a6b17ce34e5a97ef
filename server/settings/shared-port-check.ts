import type { Settings } from "./table.ts";

/**
 * What is wrong with a port that several processes are to share, as one line; null when nothing is. The system deals their
 * connections out as it likes, so that any of them must answer for all: without a Redis each would have streams of its own.
 */
export function sharedPortMistake({ REDIS, LUNA_STREAMS_HTTP_SETTINGS: http }: Settings): string | null {
	if (http.SHARE_PORT === 0) return null;
	const name = "LUNA_STREAMS_HTTP_SETTINGS.SHARE_PORT is 1 and";
	if (REDIS.URL === "")
		return `${name} REDIS.URL is empty: give all nodes that share the port one REDIS.URL, or set SHARE_PORT to 0`;
	if (http.PORT === 0)
		return `${name} PORT is 0, which is another port for each node: set PORT to the one that they share, or SHARE_PORT to 0`;
	return null;
}
