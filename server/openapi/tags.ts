import type { Route } from "../http/route.ts";
import type { JsonObject } from "./json.ts";

const descriptions: Readonly<Record<string, string>> = {
	streams: "Streams: creating, reading, changing and deleting them.",
	processing: "What agents use: the queue of streams that wait, and their feedback.",
	preview: "Pictures of streams in progress.",
	logs: "What happened to streams.",
	groups: "Groups of streams, by which agents choose.",
	service: "The service itself.",
	access: "Who may use the service: tokens, and the sessions of browsers.",
	audit: "Who did what to which stream or group.",
	docs: "This description, and the manual.",
	console:
		"What operators look at, and what only their pages need: no part of the API of LUNA Streams, and free to change.",
};

/** The tags of the routes, in the order of their first use, with what they stand for. */
export function tagsOf(routes: readonly Route[]): JsonObject[] {
	const names = [...new Set(routes.map((each) => each.tag))];
	return names.map((name) => ({ name, description: descriptions[name] ?? name }));
}
