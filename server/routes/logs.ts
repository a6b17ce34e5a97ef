import { queryCheck } from "../http/query.ts";
import { type Route, route } from "../http/route.ts";
import { deletedCount, LOG_TARGETS, logDeleteQuery, logListQuery, logs } from "../schemas/log.ts";
import { pageOf } from "../schemas/page.ts";
import { logsJson } from "./log-json.ts";
import type { RouteParts } from "./parts.ts";
import { shownRecords } from "./shown-stream.ts";

const pattern = "/1/streams/logs";
const tag = "logs";

/** `/1/streams/logs`: what happened to streams (contract, section 9). */
export function logsRoutes({ engine }: RouteParts): Route[] {
	return [
		route({
			method: "GET",
			pattern,
			access: "look",
			tag,
			summary: "Read the log",
			description: "Newest first.",
			query: queryCheck(logListQuery),
			answers: [{ status: 200, description: "One page of records.", schema: logs }],
			faults: [12012],
			async handle({ query: { page, page_size, targets = LOG_TARGETS, ...filters }, caller, owner }) {
				const rows = await engine.listLogs(filters, pageOf({ page, page_size }), caller, owner);
				return { kind: "json", text: logsJson(shownRecords(rows, caller), targets) };
			},
		}),
		route({
			method: "DELETE",
			pattern,
			access: "administer",
			audit: "delete_logs",
			tag,
			summary: "Delete old records",
			description: "Never the newest record of a stream that exists.",
			query: queryCheck(logDeleteQuery),
			answers: [{ status: 200, description: "How many were deleted.", schema: deletedCount }],
			faults: [12012, 12014],
			async handle({ query: { log_time__lt }, trail, owner }) {
				trail.details = { log_time__lt };
				const deleted_count = await engine.deleteLogs(log_time__lt, owner);
				trail.details = { log_time__lt, deleted_count: String(deleted_count) };
				return { kind: "value", value: { deleted_count } };
			},
		}),
	];
}
