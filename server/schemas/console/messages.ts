import Type, { type Static, type TProperties } from "typebox";
import { streamId, uuid } from "../identifiers.ts";
import { consoleFilter, consoleOrder, logFilter } from "./filter.ts";

const sub = Type.Integer({ minimum: 0, maximum: 1_000_000, description: "A number of the page's choosing." });
const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

function message<const Op extends string, P extends TProperties>(op: Op, members: P) {
	return Type.Object({ op: Type.Literal(op), ...members }, { additionalProperties: false });
}

/** What the console's page says over its socket. */
export const clientMessage = Type.Union([
	message("streams", {
		sub,
		filter: consoleFilter,
		order: consoleOrder,
		since: Type.Optional(
			Type.Object(
				{ boot_id: Type.String({ maxLength: 64 }), number: count, view_id: Type.String({ maxLength: 64 }) },
				{ additionalProperties: false },
			),
		),
	}),
	message("rows", {
		sub,
		from: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
		count: Type.Integer({ minimum: 1, maximum: 500 }),
	}),
	message("watch", { sub, stream_ids: Type.Array(streamId, { maxItems: 500 }) }),
	message("stream", { sub, stream_id: streamId }),
	message("counts", { sub }),
	message("logs", { sub, filter: logFilter, since: Type.Optional(count) }),
	message("nodes", { sub }),
	message("queue", { sub }),
	message("action", { sub, action_id: uuid() }),
	message("pictures", {
		streams: Type.Array(
			Type.Object({ stream_id: streamId, rate: Type.Enum(["still", "live"]) }, { additionalProperties: false }),
			{ maxItems: 100 },
		),
	}),
	message("end", { sub }),
]);
export type ClientMessage = Static<typeof clientMessage>;
export type MessageOf<Op extends ClientMessage["op"]> = Extract<ClientMessage, { op: Op }>;
