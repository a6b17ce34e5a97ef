import { randomUUID } from "node:crypto";
import { expect, test, vi } from "vitest";
import { Fault, unavailable } from "../../persistence/fault.ts";
import { DetailSubscription } from "../../server/console/detail.ts";
import type { StreamDetail } from "../../server/console/server-message.ts";
import { Telemetry } from "../../server/console/telemetry.ts";
import { type Deferred, deferred, eventually } from "../support/signals.ts";
import { QuietPage } from "./quiet-page.ts";

test("telemetry has one round at a time, and goes on after one that was slow or failed", async () => {
	const rounds: Deferred<never[]>[] = [];
	const telemetry = new Telemetry({
		read: () => {
			const round = deferred<never[]>();
			rounds.push(round);
			return round.promise;
		},
		log: { error: () => undefined } as never,
	});
	telemetry.watch(new QuietPage("a").session, 1, [randomUUID()]);
	for (const end of [
		(round: Deferred<never[]>) => round.resolve([]),
		(round: Deferred<never[]>) => round.reject(unavailable("database")),
		(round: Deferred<never[]>) => round.resolve([]),
	]) {
		const before = rounds.length;
		const told = Array.from({ length: 5 }, () => telemetry.round());
		expect(rounds.length).toBe(before + 1);
		end(rounds.at(-1)!);
		await Promise.all(told);
	}
});

test("a stream that could not be read is read again by itself, and the page is told once that it could not", async () => {
	const page = new QuietPage("a");
	const detail = { row: {}, stream: {} } as StreamDetail;
	const answers = [unavailable("database"), unavailable("database"), detail];
	let reads = 0;
	const subscription = new DetailSubscription(
		page.session,
		1,
		randomUUID(),
		async () => {
			const answer = answers[reads++] ?? new Fault(39001);
			if (answer instanceof Fault) throw answer;
			return answer;
		},
		() => undefined,
	);
	page.session.subscribe(1, subscription);
	await subscription.changed();
	await eventually(() => page.of("stream").length === 1);
	expect(page.said).toMatchObject([
		{ type: "error", sub: 1, error_code: 39905 },
		{ type: "stream", detail: { row: {} } },
	]);
	await subscription.changed();
	expect(page.of("stream").at(-1)).toMatchObject({ detail: null });
	page.lose();
});

test("a stream that could not be read is not read again for a page that has gone", async () => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	try {
		const page = new QuietPage("a");
		let reads = 0;
		const read = async () => {
			reads++;
			throw unavailable("database");
		};
		const subscription = new DetailSubscription(page.session, 1, randomUUID(), read, () => undefined);
		page.session.subscribe(1, subscription);
		await subscription.changed();
		await vi.advanceTimersByTimeAsync(5_000);
		const before = reads;
		expect(before).toBeGreaterThan(1);
		page.lose();
		await vi.advanceTimersByTimeAsync(60_000);
		expect(reads).toBe(before);
	} finally {
		vi.useRealTimers();
	}
});
