import { describe, expect, test } from "vitest";
import type { ConsoleLogRecord } from "../../persistence/console/follow-logs.ts";
import { LogFollower } from "../../server/console/log-follower.ts";
import type { ConsoleReads } from "../../server/console/reads.ts";
import { type Deferred, deferred } from "../support/signals.ts";
import { QuietPage } from "./quiet-page.ts";

/** A log whose readings end when the test says so. */
class Log {
	written = 0;
	readings = 0;
	newest: Deferred<number> | null = null;
	/** Of the first reading only. */
	first: Deferred<void> | null = null;
	readonly follower: LogFollower;

	constructor() {
		const reads = {
			newestRecord: () => this.newest?.promise ?? Promise.resolve(this.written),
			records: async (after: number, limit: number) => {
				this.readings++;
				const { written, first } = this;
				this.first = null;
				await first?.promise;
				const numbers = Array.from({ length: Math.max(0, written - after) }, (_, at) => after + at + 1);
				return numbers.slice(0, limit).map(record);
			},
		};
		this.follower = new LogFollower(reads as unknown as ConsoleReads, { error: () => undefined } as never);
	}

	/** A page that follows everything; `begun` settles with its beginning. */
	follow(page: QuietPage, sub: number, since?: number) {
		const follower = this.follower.follower(page.session, sub, {});
		page.session.subscribe(sub, follower);
		return { begun: this.follower.begin(follower, since) };
	}

	async write(count: number): Promise<void> {
		this.written += count;
		this.follower.touch();
		await this.follower.tick();
	}
}

function record(record_number: number): ConsoleLogRecord {
	return {
		record_number,
		stream_id: "",
		name: "",
		account_id: "",
		present_account_id: null,
		groups: [],
		log_time: 0,
		status: "pending",
		version: 1,
		error: null,
	} as ConsoleLogRecord;
}

describe("those who follow the log", () => {
	test("keep no more than one message while their beginning is read, and say that more was written", async () => {
		const [log, other, page] = [new Log(), new QuietPage("a"), new QuietPage("b")];
		await log.follow(other, 1).begun;
		const first = deferred();
		log.first = first;
		const { begun } = log.follow(page, 1, 0);
		for (let round = 0; round < 10; round++) await log.write(1_000);
		first.resolve();
		await begun;
		const [{ records, skipped } = { records: [], skipped: false }] = page.of("logs");
		expect([records.length, records.at(-1)?.record_number, skipped]).toEqual([300, 10_000, true]);
		await log.write(1);
		expect(page.of("logs").at(-1)).toMatchObject({ records: [{ record_number: 10_001 }], skipped: false });
	});

	test("are not read for when the last one left before it knew where it stands", async () => {
		const [log, page] = [new Log(), new QuietPage("a")];
		log.newest = deferred();
		const { begun } = log.follow(page, 1);
		page.session.unsubscribe(1);
		log.newest.resolve(0);
		await begun;
		expect(log.follower.followed).toBe(false);
		await log.write(5);
		expect([log.readings, page.said]).toEqual([0, []]);
	});

	test("are told nothing when they left while what they missed was read", async () => {
		const [log, page] = [new Log(), new QuietPage("a")];
		log.written = 5;
		const first = deferred();
		log.first = first;
		const { begun } = log.follow(page, 1, 0);
		page.lose();
		first.resolve();
		await begun;
		expect([log.follower.followed, page.said]).toEqual([false, []]);
	});

	test("are a few for each page", async () => {
		const [log, page] = [new Log(), new QuietPage("a")];
		for (let sub = 1; sub <= 4; sub++) await log.follow(page, sub).begun;
		expect(() => log.follow(page, 5)).toThrow(expect.objectContaining({ code: 39905 }));
		await log.follow(page, 4).begun;
		page.session.unsubscribe(1);
		await log.follow(page, 5).begun;
	});
});
