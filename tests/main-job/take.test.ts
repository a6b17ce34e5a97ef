import { beforeAll, expect, test } from "vitest";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { insertPending } from "./pending-streams.ts";
import { type RunningService, startService } from "./service-fixture.ts";

const TOTAL = 20_000;
let service: RunningService;
beforeAll(async () => {
	service = await startService();
	return service.stop;
});

test("eight takers over sixteen connections ask for 20,000 streams at once: each is handed out exactly once", async () => {
	const seed = newSeed();
	console.log(`takes: seed ${seed}`);
	const random = seededRandom(seed);
	// Straight into the database: what is tested is how they are handed out.
	await insertPending(service.sql, TOTAL);
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
