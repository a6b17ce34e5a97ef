import Type, { type Static } from "typebox";
import { accountId, streamId } from "./identifiers.ts";
import { integer } from "./numbers.ts";
import { page } from "./page.ts";
import { reportRead } from "./report.ts";
import { recordStatus } from "./status.ts";
import { time } from "./time.ts";

/** The members of a log record, in the order in which they are answered. */
export const LOG_TARGETS = ["stream_id", "log_time", "error", "status", "video_info", "version", "preview"] as const;
export type LogTarget = (typeof LOG_TARGETS)[number];

export const logListQuery = Type.Object({
	account_id: Type.Optional(accountId),
	stream_ids: Type.Optional(Type.Array(streamId, { description: "Records of these streams." })),
	statuses: Type.Optional(Type.Array(recordStatus, { description: "Records of these statuses." })),
	targets: Type.Optional(
		Type.Array(Type.Enum([...LOG_TARGETS]), { default: [...LOG_TARGETS], description: "Members to answer with." }),
	),
	log_time__lt: Type.Optional(time({ description: "Records before this time." })),
	log_time__gte: Type.Optional(time({ description: "Records of this time or later." })),
	...page,
});
export type LogListQuery = Static<typeof logListQuery>;

export const logDeleteQuery = Type.Object({
	log_time__lt: time({ description: "Records before this time; of an existing stream never the newest." }),
});

/** One record of what happened to a stream (contract, section 9); `targets` picks members. */
export const logs = Type.Object(
	{
		logs: Type.Array(
			Type.Object(
				{
					stream_id: Type.Optional(streamId),
					log_time: Type.Optional(time()),
					error: Type.Optional(reportRead.last_error),
					status: Type.Optional(recordStatus),
					video_info: Type.Optional(reportRead.video_info),
					version: Type.Optional(integer({ minimum: 1 })),
					preview: Type.Optional(reportRead.preview),
				},
				{ title: "log_record", additionalProperties: false },
			),
		),
	},
	{ title: "logs" },
);
export const deletedCount = Type.Object({ deleted_count: Type.Integer() }, { title: "deleted_count" });
