import type { Route } from "../http/route.ts";

const names: Readonly<Record<string, string>> = {
	"GET /": "getConsole",
	"GET /version": "getVersion",
	"POST /1/streams": "createStream",
	"GET /1/streams": "listStreams",
	"DELETE /1/streams": "deleteStreams",
	"GET /1/streams/count": "countStreams",
	"GET /1/streams/{stream_id}": "getStream",
	"PATCH /1/streams/{stream_id}": "patchStream",
	"PUT /1/streams/{stream_id}": "replaceStream",
	"DELETE /1/streams/{stream_id}": "deleteStream",
	"GET /1/streams/processing/queue": "lookIntoQueue",
	"POST /1/streams/processing/queue": "takeFromQueue",
	"POST /1/streams/processing/feedback": "sendFeedback",
	"GET /1/streams/{stream_id}/preview/last_frame": "getLastFrame",
	"GET /1/streams/{stream_id}/preview/live": "watchLive",
	"GET /1/streams/logs": "readLogs",
	"DELETE /1/streams/logs": "deleteLogs",
	"POST /1/groups": "createGroup",
	"GET /1/groups": "listGroups",
	"GET /1/groups/count": "countGroups",
	"GET /1/groups/{group_id}": "getGroup",
	"PATCH /1/groups/{group_id}": "patchGroup",
	"DELETE /1/groups/{group_id}": "deleteGroup",
	"POST /1/linker": "linkStreams",
	"PATCH /1/linker": "relinkStreams",
	"GET /docs/spec": "getSpecification",
	"GET /docs/dev": "getManual",
	"GET /config": "getConfig",
	"GET /plugins": "listPlugins",
	"GET /healthcheck": "checkHealth",
	"GET /metrics": "getMetrics",
	"POST /console/login": "logIn",
	"POST /console/logout": "logOut",
	"GET /console/me": "whoAmI",
	"GET /console/tokens": "listTokens",
	"POST /console/tokens": "createToken",
	"DELETE /console/tokens/{token_id}": "revokeToken",
	"POST /console/streams/search": "searchStreams",
	"GET /console/streams/{stream_id}": "getStreamDetail",
	"PUT /console/streams/{stream_id}": "replaceStreamKeepingSecrets",
	"POST /console/sets": "makeSet",
	"GET /console/sets/{set_id}": "readSet",
	"POST /console/sets/{set_id}/actions": "startAction",
	"GET /console/actions/{action_id}": "getAction",
	"DELETE /console/actions/{action_id}": "endAction",
	"GET /console/views": "listViews",
	"POST /console/views": "saveView",
	"DELETE /console/views/{view_id}": "deleteView",
};

/** The name of an operation in clients made from the document; of one that has none here, its verb and path in camel case. */
export function operationId({ method, pattern }: Pick<Route, "method" | "pattern">): string {
	const name = names[`${method} ${pattern}`];
	if (name !== undefined) return name;
	const words = pattern.split(/[^A-Za-z]+/).filter((each) => each !== "");
	return method.toLowerCase() + words.map((each) => each.charAt(0).toUpperCase() + each.slice(1)).join("");
}
