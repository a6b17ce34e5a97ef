import type { FeedbackItem } from "../../actors/engine.ts";
import type { JsonText } from "../../persistence/stream-row.ts";
import { type Route, route } from "../http/route.ts";
import { bodyCheck } from "../http/validation.ts";
import { type Feedback, feedback, feedbackAnswer } from "../schemas/feedback.ts";
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
			body: bodyCheck(feedback),
			headers: ["agent-id"],
			answers: [{ status: 200, description: "What was applied and what was not.", schema: feedbackAnswer }],
			faults: [12012, 12022],
			async handle(request) {
				const items = request.body.streams.map(feedbackItem);
				return { kind: "value", value: { streams: await engine.feedback(items, agentId(request)) } };
			},
		}),
	];
}

/** Absent members stay absent: they keep what is stored. */
function feedbackItem({
	stream_id,
	version,
	status,
	error,
	video_info,
	preview,
}: Feedback["streams"][number]): FeedbackItem {
	const item: FeedbackItem = { stream_id, version, status };
	if (error !== undefined) item.error = error;
	if (video_info !== undefined) item.video_info = textOf(video_info);
	if (preview !== undefined) item.preview = textOf(preview);
	return item;
}

function textOf(value: object | null): JsonText | null {
	return value === null ? null : JSON.stringify(value);
}
