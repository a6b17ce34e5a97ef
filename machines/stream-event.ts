import type { Status } from "./status.ts";

export interface ReportedError {
	error_code: number;
	desc: string;
	detail: string;
}

/** What may happen to a stream. Events carry what the machine cannot know: it has no clock, no dice, no database. */
export type StreamEvent =
	/** Handed to an agent. */
	| { type: "take"; agent_id: string | null }
	/** An agent reports. `status` is any word of the API. */
	| {
			type: "feedback";
			version: number;
			status: string;
			agent_id: string | null;
			/** undefined: nothing to say; null: there is no error any more. */
			error: ReportedError | null | undefined;
			/** In [0, 1), for the jitter of a restart. */
			random: number;
	  }
	/** No feedback for the obsoleting period. */
	| { type: "silent" }
	/** Taken by run `run`, but the answer never reached the agent. */
	| { type: "undelivered"; run: number }
	/** The restart of a failed stream is due. */
	| { type: "restart_due" }
	/** The present run has reported in_progress for the healthy period. */
	| { type: "healthy" }
	/** PATCH. */
	| { type: "patch"; status: "pending" | "pause" | "cancel" }
	/** PUT. */
	| {
			type: "recreate";
			status: "pending" | "pause";
			restart: 0 | 1;
			attempt_count: number;
			delay: number;
			videofile: boolean;
	  }
	| { type: "delete" };

/** What the machine says of an event, in order. Nothing emitted and nothing changed: the event was a matter of course. */
export type Effect =
	/** One log record. `reported`: it came from feedback and shows error, video_info and preview. */
	| { type: "record"; status: Status | "restart" | "handler_lost" | "deleted"; reported: boolean }
	/** A command that the lifecycle forbids, by its number in the error catalogue. */
	| { type: "refused"; code: 39003 | 39004 | 39005 }
	/** Feedback, or a watcher's event, that is not about the present run: it changes nothing. */
	| { type: "ignored" }
	/** A failed stream restarts after so many seconds. */
	| { type: "restart_in"; seconds: number }
	/** The restart that was due is being made now. */
	| { type: "attempt" }
	/** The attempts made so far are forgotten. */
	| { type: "attempts_forgotten" }
	/** A pending stream may be taken only after so many seconds; 0 lifts what held it back. */
	| { type: "held_back"; seconds: number }
	/** What the last run reported is forgotten: all of it, or the preview alone. */
	| { type: "report_forgotten"; what: "all" | "preview" };
