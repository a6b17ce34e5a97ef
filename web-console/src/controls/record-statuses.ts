import type { RecordStatus } from "../../../client/console/protocol.ts";

/** What a log record may say, in the order in which it is offered as a filter. */
export const RECORD_STATUSES = [
	"failure",
	"pending",
	"in_progress",
	"pause",
	"done",
	"cancel",
	"restart",
	"handler_lost",
	"deleted",
] as const satisfies readonly RecordStatus[];
