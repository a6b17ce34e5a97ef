import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { ownTime } from "../support/own-time.ts";

/** Seconds. */
const TIMEOUT = 0.5;

let service: RunningService;
beforeAll(async () => {
	service = await startService({ LUNA_STREAMS_PREVIEW__TIMEOUT: String(TIMEOUT) });
});
afterAll(() => service?.stop());

/** Streams whose agent says of each that its pictures are those of the next one, at this very service. */
async function ring(count: number): Promise<string[]> {
	const { api, url } = service;
	const ids: string[] = [];
	for (let each = 0; each < count; each++) ids.push(await api.create(streamBody()));
	expect(await api.take(count)).toHaveLength(count);
	const of = (id: string | undefined, kind: string) => ({ url: `${url}/1/streams/${id}/preview/${kind}` });
	const items = ids.map((stream_id, at) => {
		const next = ids[(at + 1) % count];
		const preview = { live: of(next, "live"), last_frame: of(next, "last_frame") };
		return { stream_id, version: 1, status: "in_progress", preview };
	});
	expect((await api.feedback(items)).modified).toHaveLength(count);
	return ids;
}

/** How many answers were 39010 so far. */
async function errors(): Promise<number> {
	const { body } = await service.api.ask<string>("GET", "/metrics");
	return Number(/^perigee_http_errors_total\{error_code="39010"\} (\d+)$/m.exec(body)?.[1] ?? 0);
}

describe("a preview that leads back to the service", () => {
	test.each([1, 2, 5])(
		"over %i streams ends with 39010 in time, and asks no more than once for each",
		async (count) => {
			const ids = await ring(count);
			for (const kind of ["last_frame", "live"]) {
				const began = ownTime();
				const before = await errors();
				const answers = await Promise.all(
					ids.map((id) => service.api.ask<{ error_code: number }>("GET", `/1/streams/${id}/preview/${kind}`)),
				);
				expect(answers.map(({ status, body }) => [status, body.error_code])).toEqual(ids.map(() => [502, 39010]));
				expect(ownTime() - began).toBeLessThan(1_000 * TIMEOUT * 4);
				// Ours, and one of the service itself for each stream at most.
				expect((await errors()) - before).toBeLessThanOrEqual(2 * count);
			}
			expect((await service.api.ask("GET", "/healthcheck")).status).toBe(200);
		},
	);
});
