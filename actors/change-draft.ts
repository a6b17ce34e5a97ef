import type { Effect, ReportedError } from "../machines/stream-event.ts";
import type { StreamContext } from "../machines/stream-machine.ts";
import type { JsonText, StreamStatus, WrittenStream } from "../persistence/stream-row.ts";
import type { Change, Due, LogRecord } from "../persistence/streams/commit.ts";

/** What one command brings beside its event. */
export interface Luggage {
	/** Monotonic milliseconds at which feedback came in; null: the command is no feedback. */
	heard: number | null;
	/** It is in_progress feedback, and the run has not had any. */
	first_feedback: boolean;
	video_info: JsonText | null | undefined;
	preview: JsonText | null | undefined;
	description: string | null;
	definition: WrittenStream | null;
	group_id: string | null;
	silent_for: number | null;
	if_due: boolean;
}

export const NO_LUGGAGE: Luggage = {
	heard: null,
	first_feedback: false,
	video_info: undefined,
	preview: undefined,
	description: null,
	definition: null,
	group_id: null,
	silent_for: null,
	if_due: false,
};

/**
 * A change being made: what the machine emits and what commands bring is gathered here until the commit pipeline comes
 * for it. Several commands of one stream become one change, their records in order.
 */
export class ChangeDraft {
	readonly #records: LogRecord[] = [];
	#heard: number | null = null;
	#first_feedback = false;
	#video_info: JsonText | null | undefined;
	#preview: JsonText | null | undefined;
	#last_attempt: Change["last_attempt"] = "keep";
	#restart_in: Due = "keep";
	#takeable_in: Due = "keep";
	#silent_for: number | null = null;
	#if_due = false;
	#definition: WrittenStream | null = null;
	readonly #group_ids: string[] = [];
	#description: string | null = null;

	/**
	 * @param moved the event took the stream to another status (or recreated it): what was due in the old one is not any more
	 * @param context what the machine knows after the event
	 */
	add(effects: readonly Effect[], luggage: Luggage, context: StreamContext, moved: boolean): void {
		if (moved) {
			this.#restart_in = "clear";
			this.#takeable_in = "clear";
		}
		if (luggage.video_info !== undefined) this.#video_info = luggage.video_info;
		if (luggage.preview !== undefined) this.#preview = luggage.preview;
		if (luggage.heard !== null) this.#heard = luggage.heard;
		if (luggage.first_feedback) this.#first_feedback = true;
		if (luggage.silent_for !== null) this.#silent_for = luggage.silent_for;
		if (luggage.if_due) this.#if_due = true;
		if (luggage.description !== null) {
			if (this.#definition) this.#definition = { ...this.#definition, description: luggage.description };
			else this.#description = luggage.description;
		}
		if (luggage.definition !== null) {
			this.#definition = luggage.definition;
			this.#description = null;
			if (luggage.group_id !== null) this.#group_ids.push(luggage.group_id);
		}
		for (const effect of effects) this.#addEffect(effect, context);
	}

	#addEffect(effect: Effect, context: StreamContext): void {
		switch (effect.type) {
			case "record":
				this.#records.push({
					status: effect.status,
					version: context.version,
					reported: effect.reported,
					error: effect.reported ? errorText(context.last_error) : null,
					video_info: effect.reported ? this.#video_info : null,
					preview: effect.reported ? this.#preview : null,
				});
				break;
			case "restart_in":
				this.#restart_in = effect.seconds;
				break;
			case "held_back":
				this.#takeable_in = effect.seconds;
				break;
			case "attempt":
				this.#last_attempt = "now";
				break;
			case "attempts_forgotten":
				this.#last_attempt = "clear";
				break;
			case "report_forgotten":
				this.#preview = null;
				if (effect.what === "all") this.#video_info = null;
				break;
			case "refused":
			case "ignored":
				break;
		}
	}

	/**
	 * The change as it is written: onto `revision`, with the lifecycle as the machine sees it now.
	 * @param now monotonic milliseconds
	 */
	finish(
		row: { stream_id: string; account_id: string; revision: number },
		status: StreamStatus,
		context: StreamContext,
		now: number,
	): Change {
		return {
			stream_id: row.stream_id,
			account_id: row.account_id,
			revision: row.revision,
			status,
			version: context.version,
			agent_id: context.agent_id,
			restart: context.restart,
			attempt_count: context.attempt_count,
			delay: context.delay,
			current_attempt: context.current_attempt,
			autorestart_status: context.autorestart_status,
			lost_count: context.lost_count,
			last_error: errorText(context.last_error),
			video_info: this.#video_info,
			preview: this.#preview,
			feedback_age: this.#heard === null ? null : Math.max(0, now - this.#heard) / 1000,
			first_feedback: this.#first_feedback,
			last_attempt: this.#last_attempt,
			restart_in: this.#restart_in,
			takeable_in: this.#takeable_in,
			silent_for: this.#silent_for,
			if_due: this.#if_due,
			definition: this.#definition,
			group_ids: this.#group_ids,
			description: this.#description,
			records: this.#records,
		};
	}

	get account_id(): string | null {
		return this.#definition?.account_id ?? null;
	}

	get previewText(): JsonText | null | undefined {
		return this.#preview;
	}
}

export function errorText(error: ReportedError | null): JsonText | null {
	return error === null ? null : JSON.stringify(error);
}
