import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { createStreams } from "../../persistence/streams/create.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { type RunningService, startService } from "./service-fixture.ts";
import { ACCOUNT, streamBody } from "./stream-bodies.ts";

const TOTAL = 20_000;
let service: RunningService;
beforeAll(async () => {
	service = await startService();
});

/** Pending streams, straight into the database: what is tested is how they are handed out. */
async function createPending(count: number): Promise<void> {
	const { data, event_handler } = streamBody() as Record<string, object>;
	for (let made = 0; made < count; made += 1000) {
		const batch = Array.from({ length: 1000 }, (_, at) => ({
			stream_id: randomUUID(),
			stream: {
				account_id: ACCOUNT,
				name: `${made + at}`,
				description: "",
				data_type: "tcp",
				reference: "rtsp://camera.test/1",
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
		await createStreams(service.sql, batch);
	}
}

test("eight takers over sixteen connections ask for 20,000 streams at once: each is handed out exactly once", async () => {
	const seed = newSeed();
	console.log(`takes: seed ${seed}`);
	const random = seededRandom(seed);
	await createPending(TOTAL);
	await service.sql`ANALYZE`;
	const began = performance.now();
	const takenBy = new Map<string, string>();
	let answered = 0;
	const take = async (agentId: string): Promise<void> => {
		const agent = service.client({ connections: 1, agentId });
		while (answered < TOTAL) {
			for (const { stream_id, status } of await agent.take(1 + Math.floor(random() * 400))) {
				answered++;
				expect(status).toBe("in_progress");
				expect(takenBy.get(stream_id), `seed ${seed}: ${stream_id} was handed out twice`).toBeUndefined();
				takenBy.set(stream_id, agentId);
			}
		}
	};
	await Promise.all(Array.from({ length: 16 }, (_, at) => take(`taker-${at >> 1}`)));
	const seconds = (performance.now() - began) / 1000;
	console.log(`${TOTAL} streams in ${seconds.toFixed(1)} s`);

	expect(takenBy.size).toBe(TOTAL);
	expect(await service.api.take(1000)).toEqual([]);
	const rows = await service.sql<{ stream_id: string; agent_id: string; run: string; records: string }[]>`
		SELECT s.stream_id, agent_id, run, string_agg(l.status, ' ' ORDER BY record_number) AS records
		FROM stream_states s JOIN stream_logs l USING (stream_id) GROUP BY s.stream_id`;
	expect(rows.length).toBe(TOTAL);
	const wrong = rows.filter(
		({ stream_id, agent_id, run, records }) =>
			agent_id !== takenBy.get(stream_id) || Number(run) !== 1 || records !== "pending in_progress",
	);
	expect(wrong).toEqual([]);
	expect(seconds).toBeLessThan(15);
});
