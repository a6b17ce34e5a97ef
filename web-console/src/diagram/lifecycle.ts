import type { Status } from "../../../client/console/protocol.ts";

/** One way from a status to another; `event` is the lifecycle's own word for what happens. */
export interface Transition {
	readonly from: Status;
	readonly to: Status | "deleted";
	readonly event: string;
	/** Says when, if not always. */
	readonly condition?: string;
}

const CAUSES: Readonly<Record<string, string>> = {
	take: "An agent takes it from the queue.",
	"feedback in_progress": "The agent reports that it goes on.",
	"feedback done": "The agent reports the end of the source.",
	"feedback failure": "The agent reports a failure.",
	"feedback handler_lost": "The agent gives it back.",
	silent: "The agent falls silent.",
	undelivered: "The answer did not reach the agent.",
	healthy: "It has run well for a while.",
	restart_due: "Its autorestart is due.",
	"patch pause": "Somebody pauses it.",
	"patch cancel": "Somebody cancels it.",
	"patch pending": "Somebody resumes it.",
	"recreate pending": "Somebody recreates it.",
	"recreate pause": "Somebody recreates it, paused.",
	delete: "Somebody deletes it.",
};

/** What happens, in a sentence. */
export function causeOf(event: string): string {
	return CAUSES[event] ?? event;
}

const awaiting = "while its autorestart is still to come";
const notVideofile = "not for a video file";

/** Every change that the lifecycle knows, but those that any stream may meet (`ANYWHERE`). */
export const TRANSITIONS: readonly Transition[] = [
	{ from: "pending", to: "in_progress", event: "take" },
	{ from: "in_progress", to: "in_progress", event: "feedback in_progress" },
	{ from: "in_progress", to: "in_progress", event: "healthy" },
	{ from: "in_progress", to: "done", event: "feedback done" },
	{ from: "in_progress", to: "failure", event: "feedback failure" },
	{ from: "in_progress", to: "pending", event: "feedback handler_lost" },
	{ from: "in_progress", to: "pending", event: "silent" },
	{ from: "in_progress", to: "pending", event: "undelivered" },
	{ from: "failure", to: "pending", event: "restart_due", condition: awaiting },
	{ from: "pending", to: "pause", event: "patch pause" },
	{ from: "in_progress", to: "pause", event: "patch pause", condition: notVideofile },
	{ from: "done", to: "pause", event: "patch pause" },
	{ from: "failure", to: "pause", event: "patch pause" },
	{ from: "cancel", to: "pause", event: "patch pause" },
	{ from: "pending", to: "cancel", event: "patch cancel" },
	{ from: "in_progress", to: "cancel", event: "patch cancel" },
	{ from: "pause", to: "cancel", event: "patch cancel" },
	{ from: "failure", to: "cancel", event: "patch cancel", condition: awaiting },
	{ from: "pause", to: "pending", event: "patch pending" },
	{ from: "done", to: "pending", event: "patch pending" },
	{ from: "failure", to: "pending", event: "patch pending" },
	{ from: "cancel", to: "pending", event: "patch pending" },
	{ from: "pending", to: "pending", event: "patch pending" },
	{ from: "pause", to: "pause", event: "patch pause" },
];

/** What may happen to a stream of any status. */
export const ANYWHERE: readonly Omit<Transition, "from">[] = [
	{ to: "pending", event: "recreate pending" },
	{ to: "pause", event: "recreate pause" },
	{ to: "deleted", event: "delete" },
];

/** What is told of a stream, as far as it decides what may be done with it. */
export interface Situation {
	readonly status: Status;
	readonly videofile: boolean;
	/** Failed, and its autorestart is still to come. */
	readonly awaitsRestart: boolean;
}

/** What somebody may ask of a stream: the statuses that a PATCH leads to from here, other than the one it has. */
export function askable({ status, videofile, awaitsRestart }: Situation): ReadonlySet<"pending" | "pause" | "cancel"> {
	const can = TRANSITIONS.filter(
		({ from, to, event, condition }) =>
			from === status &&
			to !== status &&
			event.startsWith("patch ") &&
			(condition !== notVideofile || !videofile) &&
			(condition !== awaiting || awaitsRestart),
	);
	return new Set(can.map(({ to }) => to).filter((to) => to === "pending" || to === "pause" || to === "cancel"));
}
