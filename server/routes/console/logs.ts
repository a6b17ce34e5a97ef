import { hiddenRecord } from "../../console/hidden-stream.ts";
import { queryCheck } from "../../http/query.ts";
import { type Route, route } from "../../http/route.ts";
import { LOG_TARGETS, logListQuery, logs } from "../../schemas/log.ts";
import { pageOf } from "../../schemas/page.ts";
import { logsJson } from "../log-json.ts";
import { type ConsoleParts, tag } from "./parts.ts";

/**
 * `/console/streams/logs`: the log for pages. Of agents and administrators, and of everybody without tokens, `/1` keeps nothing
 * back; what a page shows is seen over shoulders, and kept in files.
 */
export function consoleLogsRoutes({ engine }: ConsoleParts): Route[] {
	return [
		route({
			method: "GET",
			pattern: "/console/streams/logs",
			access: "look",
			tag,
			summary: "Read the log without its secrets",
			description: "As in `/1`, newest first; passwords and tokens in it read ******** for everybody.",
			query: queryCheck(logListQuery),
			answers: [{ status: 200, description: "One page of records.", schema: logs }],
			faults: [12012],
			async handle({ query: { page, page_size, targets = LOG_TARGETS, ...filters }, caller, owner }) {
				const rows = await engine.listLogs(filters, pageOf({ page, page_size }), caller, owner);
				return { kind: "json", text: logsJson(rows.map(hiddenRecord), targets) };
			},
		}),
	];
}
