import { randomUUID } from "node:crypto";
import type postgres from "postgres";
import { createStreams } from "../../persistence/streams/create.ts";
import { ACCOUNT, streamBody } from "./stream-bodies.ts";

const BATCH = 1000;

/** Pending streams by the thousand, straight into the database, for tests that are not about creating them. */
export async function insertPending(
	sql: postgres.Sql,
	count: number,
	{ name = "", description = "", reference = "rtsp://camera.test/1" } = {},
): Promise<void> {
	const { data, event_handler } = streamBody({ data: { type: "tcp", reference } }) as Record<string, object>;
	for (let made = 0; made < count; made += BATCH) {
		const batch = Array.from({ length: Math.min(BATCH, count - made) }, () => ({
			stream_id: randomUUID(),
			stream: {
				account_id: ACCOUNT,
				name,
				description,
				data_type: "tcp",
				reference,
				data: JSON.stringify(data),
				event_handler: JSON.stringify(event_handler),
				policies: "{}",
				location: "{}",
				restart: 0 as const,
				attempt_count: 10,
				delay: 60,
				status: "pending" as const,
				group_name: null,
			},
		}));
		await createStreams(sql, batch);
	}
}
