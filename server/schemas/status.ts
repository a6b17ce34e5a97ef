import Type from "typebox";

/** Every status that the API knows a word for; streams show six of them (contract, section 4). */
export const KNOWN_STATUSES = [
	"pending",
	"in_progress",
	"done",
	"pause",
	"restart",
	"cancel",
	"failure",
	"handler_lost",
	"not_found",
] as const;

export const knownStatus = Type.Enum([...KNOWN_STATUSES], {
	title: "stream_status",
	description: "Status of a stream's processing.",
});

/** Logs hold `deleted` as well (contract, section 9). */
export const recordStatus = Type.Enum([...KNOWN_STATUSES, "deleted"], {
	title: "log_status",
	description: "Status that a log record tells of.",
});

/** What a stream shows. */
export const shownStatus = Type.Enum(["pending", "in_progress", "done", "pause", "cancel", "failure"], {
	title: "shown_status",
	description: "Status of a stream.",
});
