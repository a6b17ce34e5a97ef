import type { FeedbackAnswer, FeedbackState } from "../../actors/engine.ts";
import type { JsonText } from "../../persistence/stream-row.ts";
import type { Reply } from "../http/reply.ts";
import { type Route, route } from "../http/route.ts";
import { bodyCheck } from "../http/validation.ts";
import { feedback, feedbackAnswer } from "../schemas/feedback.ts";
import { isSurelyFeedback } from "../schemas/plain-feedback.ts";
import { asAnswered } from "../schemas/time.ts";
import { agentId } from "./agent-id.ts";
import type { RouteParts } from "./parts.ts";

/** POST /1/streams/processing/feedback: what agents tell about their streams (contract, section 6). */
export function feedbackRoutes({ engine }: RouteParts): Route[] {
	return [
		route({
			method: "POST",
			pattern: "/1/streams/processing/feedback",
			access: "process",
			tag: "processing",
			summary: "Tell how the processing goes",
			description:
				"Each item is answered once. An agent must stop a stream that stands under `unmodified`, or that shows anything but its own version in progress.",
			body: bodyCheck(feedback, isSurelyFeedback),
			headers: ["agent-id"],
			answers: [{ status: 200, description: "What was applied and what was not.", schema: feedbackAnswer }],
			faults: [12012, 12022],
			handle(request) {
				for (const { video_info } of request.body.streams) {
					if (video_info?.start_time) video_info.start_time = asAnswered(video_info.start_time);
				}
				// Plain signs of life are answered in the same turn.
				const answer = engine.feedback(request.body.streams, agentId(request), request.caller);
				return answer instanceof Promise ? answer.then(replyOf) : replyOf(answer);
			},
		}),
	];
}

function replyOf({ modified, unmodified }: FeedbackAnswer): Reply {
	return { kind: "json", text: `{"streams":{"modified":[${states(modified)}],"unmodified":[${states(unmodified)}]}}` };
}

/** By hand: every member is of a form that needs no escape. */
function states(list: readonly FeedbackState[]): JsonText {
	let text = "";
	for (const { stream_id, status, version } of list)
		text += `${text === "" ? "" : ","}{"stream_id":"${stream_id}","status":"${status}","version":${version}}`;
	return text;
}
