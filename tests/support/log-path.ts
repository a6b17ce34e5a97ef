/** A status that a stream's row may show; `deleted` stands for a row that is gone. */
export type Rest = "pending" | "in_progress" | "done" | "pause" | "cancel" | "failure" | "deleted";

/** What a log record may say. */
export type LogStatus = Rest | "restart" | "handler_lost";

/**
 * Where a log stands after a record: at rest in a status, or inside a change whose next record must follow. `put` is
 * after the `restart` of a PUT or of an autorestart, `lost` after `handler_lost`, `lost_restart` after the `restart`
 * that follows it.
 */
type Place = "nothing" | Rest | "put" | "lost" | "lost_restart";

/**
 * Which record may follow, and where it leads: the table of the contract's section 4, read as a log. The records of one
 * change stand together, so a triple (handler_lost, restart, pending) and a pair (restart, then a status) are never
 * broken up by another change.
 */
export const LOG_SUCCESSORS: Readonly<Record<Place, Readonly<Partial<Record<LogStatus, Place>>>>> = {
	nothing: { pending: "pending", pause: "pause" },
	pending: { in_progress: "in_progress", pause: "pause", cancel: "cancel", restart: "put", deleted: "deleted" },
	in_progress: {
		// Feedback with a changed error, or any feedback when all of it is logged.
		in_progress: "in_progress",
		done: "done",
		failure: "failure",
		handler_lost: "lost",
		pause: "pause",
		cancel: "cancel",
		restart: "put",
		deleted: "deleted",
	},
	// An autorestart (restart, pending) is a PUT's pair as well, so one place serves both.
	failure: { pending: "pending", pause: "pause", cancel: "cancel", restart: "put", deleted: "deleted" },
	pause: { pending: "pending", cancel: "cancel", restart: "put", deleted: "deleted" },
	done: { pending: "pending", pause: "pause", restart: "put", deleted: "deleted" },
	cancel: { pending: "pending", pause: "pause", restart: "put", deleted: "deleted" },
	put: { pending: "pending", pause: "pause" },
	lost: { restart: "lost_restart" },
	lost_restart: { pending: "pending" },
	deleted: {},
};

const REST: ReadonlySet<Place> = new Set<Place>([
	"pending",
	"in_progress",
	"done",
	"pause",
	"cancel",
	"failure",
	"deleted",
]);

/** Where the log of a stream begins: at its creation, or anywhere because older records were cleared. */
export type LogBeginning = "created" | "anywhere";

/**
 * Why the statuses of one stream's log records, oldest first, are not a path of the contract's table; null when they are.
 * A path ends at rest: a change that is only half written is none. The empty log is a path.
 */
export function explainLogPath(statuses: readonly string[], beginning: LogBeginning = "created"): string | null {
	const walked = walk(statuses, beginning);
	if ("fault" in walked) return walked.fault;
	if (statuses.length > 0 && !walked.places.some((place) => REST.has(place))) {
		return `the log ends inside a change: … ${statuses.slice(-3).join(", ")}`;
	}
	return null;
}

/** Whether the statuses of one stream's log records, oldest first, are a path of the contract's table. */
export function isLogPath(statuses: readonly string[], beginning: LogBeginning = "created"): boolean {
	return explainLogPath(statuses, beginning) === null;
}

/**
 * The status of the row that a whole log belongs to; `deleted` when the row is gone.
 *
 * @throws Error when the log is empty or no path of the table
 */
export function endsAt(statuses: readonly string[]): Rest {
	const fault = statuses.length === 0 ? "the log is empty" : explainLogPath(statuses, "anywhere");
	const last = statuses.at(-1);
	if (fault !== null || !isRest(last)) throw new Error(fault ?? `a log cannot end with ${last}`);
	return last;
}

function isRest(status: string | undefined): status is Rest {
	return (REST as ReadonlySet<string | undefined>).has(status);
}

function walk(statuses: readonly string[], beginning: LogBeginning): { places: Place[] } | { fault: string } {
	let places: Place[] = beginning === "created" ? ["nothing"] : (Object.keys(LOG_SUCCESSORS) as Place[]);
	for (const [index, status] of statuses.entries()) {
		const reached = places
			.map((place) => (LOG_SUCCESSORS[place] as Partial<Record<string, Place>>)[status])
			.filter((place) => place !== undefined);
		if (reached.length === 0) {
			const before = statuses.slice(Math.max(0, index - 3), index).join(", ") || "the beginning";
			return { fault: `record ${index} (${status}) may not follow ${before}` };
		}
		places = [...new Set(reached)];
	}
	return { places };
}
