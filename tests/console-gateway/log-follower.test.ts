import { describe, expect, test } from "vitest";
import type { ConsoleLogRecord } from "../../persistence/console/follow-logs.ts";
import { unavailable } from "../../persistence/fault.ts";
import { LogFollower } from "../../server/console/log-follower.ts";
import type { ConsoleReads } from "../../server/console/reads.ts";
import { type Deferred, deferred, eventually } from "../support/signals.ts";
import { QuietPage } from "./quiet-page.ts";

/** A log whose readings end when the test says so. */
class Log {
	written = 0;
	readings = 0;
	newest: Deferred<number> | null = null;
	/** After what is read of what pages missed, and how many such readings are under way. */
	readonly missed: number[] = [];
	underWay = 0;
	/** Of these readings. */
	first: Deferred<void> | null = null;
	readonly follower: LogFollower;

	constructor() {
		const reads = {
			newestRecord: () => this.newest?.promise ?? Promise.resolve(this.written),
			records: async (after: number, limit: number) => {
				this.readings++;
				return this.#after(after, limit);
			},
			missedRecords: async (_: string, after: number, limit: number) => {
				this.missed.push(after);
				const found = this.#after(after, limit);
				this.underWay++;
				await this.first?.promise;
				this.underWay--;
				return found;
			},
		};
		this.follower = new LogFollower(reads as unknown as ConsoleReads, { error: () => undefined } as never);
	}

	#after(after: number, limit: number): ConsoleLogRecord[] {
		const numbers = Array.from({ length: Math.max(0, this.written - after) }, (_, at) => after + at + 1);
		return numbers.slice(0, limit).map(record);
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

	test("have what they missed read one after the other for each page, and only for those who still follow", async () => {
		const [log, page, other] = [new Log(), new QuietPage("a"), new QuietPage("b")];
		log.written = 10;
		const first = deferred();
		log.first = first;
		const begun: Promise<void>[] = [];
		// Four logs, asked for again and again: each time from another record, to tell them apart.
		for (let at = 0; at < 40; at++) begun.push(log.follow(page, 1 + (at % 4), at % 10).begun);
		await eventually(() => log.underWay > 0);
		await new Promise(setImmediate);
		expect(log.underWay, "of one page").toBe(1);
		begun.push(log.follow(other, 1, 9).begun);
		await eventually(() => log.underWay === 2);
		first.resolve();
		await Promise.all(begun);
		// What the newest four asked for, and nothing of those in whose place they came.
		expect(log.missed.toSorted()).toEqual([6, 7, 8, 9, 9]);
		expect(page.of("logs").map(({ sub }) => sub)).toEqual([1, 2, 3, 4]);
		expect(other.of("logs")).toHaveLength(1);
	});

	test("go on when the beginning of another log of the same page failed", async () => {
		const [log, page] = [new Log(), new QuietPage("a")];
		const first = deferred();
		log.first = first;
		const failed = log.follow(page, 1, 0).begun;
		const next = log.follow(page, 2, 0).begun;
		await eventually(() => log.underWay === 1);
		log.first = null;
		first.reject(unavailable("database"));
		await expect(failed).rejects.toMatchObject({ code: 39905 });
		await next;
		expect(page.of("logs").map(({ sub }) => sub)).toEqual([2]);
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
