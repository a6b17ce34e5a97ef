import type { Engine } from "../../actors/engine.ts";
import { Fault, unavailable } from "../../persistence/fault.ts";
import { everything, type Scope } from "../../persistence/scope.ts";
import type { HttpLogger } from "../http/options.ts";
import { shareOf } from "../limits/owner.ts";
import { writtenStream } from "../routes/written-stream.ts";
import type { ReferenceTestResult, ReferenceToTest } from "../schemas/console/reference-test.ts";
import { firstSigns, type WatchParts } from "./reference-test.ts";

/** Tests of one node at the same time: each takes an agent's slot. */
const MOST = 4;
/** Milliseconds after which a stream of a test is one that was left behind: none lives so long. */
const LEFT = 60_000;

/** What the streams of tests are called, and by what they are known when they were left behind. */
export const TEST_NAME = "Reference test";
export const TEST_MARK = "Made by the console to see whether a source can be read. It is deleted by itself.";

export interface ReferenceTestsParts extends WatchParts {
	engine: Pick<Engine, "create" | "remove" | "list" | "get" | "preview">;
	/** The database's clock, ms since 1970: by a node's own, one that is fast would delete what others are testing. */
	now(): Promise<number>;
	log: HttpLogger;
}

/**
 * Tries sources before somebody saves them: a stream of each is made, an agent's first signs are awaited, and the stream
 * is deleted in any case. Of a node that died meanwhile it stays; every node looks for such streams a minute after its
 * start and after a test.
 */
export class ReferenceTests {
	readonly #parts: ReferenceTestsParts;
	/** With what ends each, and whose share it takes. */
	readonly #running = new Map<Promise<unknown>, { ending: AbortController; owner: string | null }>();
	#leaving = true;
	#sweeping: NodeJS.Timeout | null = null;

	constructor(parts: ReferenceTestsParts) {
		this.#parts = parts;
	}

	get running(): number {
		return this.#running.size;
	}

	/**
	 * Tests a source within a scope, `wait` seconds at most.
	 * @param owner whose share of the tests at the same time it takes; null: nobody's
	 * @param signal aborted when the client is gone: the test ends
	 * @throws {Fault} 39007 (no such group), 39903 (out of the scope), 39905 when too many run, or the node goes
	 */
	async run(
		asked: ReferenceToTest,
		wait: number,
		{ scope, owner, signal }: { scope: Scope; owner: string | null; signal: AbortSignal },
	): Promise<ReferenceTestResult> {
		if (this.#leaving || this.#running.size >= MOST) throw unavailable("room for another reference test");
		if (owner !== null && this.#runningOf(owner) >= shareOf(MOST))
			throw unavailable("room for another reference test of yours");
		const ending = new AbortController();
		const test = this.#test(asked, wait, scope, AbortSignal.any([signal, ending.signal]));
		this.#running.set(test, { ending, owner });
		try {
			return await test;
		} finally {
			this.#running.delete(test);
			this.#sweepSoon();
		}
	}

	#runningOf(owner: string): number {
		let count = 0;
		for (const test of this.#running.values()) if (test.owner === owner) count++;
		return count;
	}

	enter(): void {
		this.#leaving = false;
		this.#sweepSoon();
	}

	/** Ends all tests, and resolves when their streams are deleted. */
	async leave(): Promise<void> {
		this.#leaving = true;
		if (this.#sweeping !== null) clearTimeout(this.#sweeping);
		this.#sweeping = null;
		for (const { ending } of this.#running.values()) ending.abort();
		await Promise.allSettled(this.#running.keys());
	}

	/** Deletes what tests have left behind. */
	async sweep(): Promise<void> {
		const { engine, log, now } = this.#parts;
		try {
			const before = new Date((await now()) - LEFT).toISOString();
			const filters = { names: [TEST_NAME], create_time__lt: before };
			const found = await engine.list(filters, { page: 1, page_size: 100 }, everything);
			// Somebody may call a stream of their own so.
			const left = found.filter(({ description }) => description === TEST_MARK);
			for (const { stream_id } of left) await this.#delete(stream_id);
		} catch (error) {
			// That the database is away it tells itself; they are looked for again later.
			this.#sweepSoon();
			if (!(error instanceof Fault))
				log.error({ err: error }, "streams left behind by reference tests could not be looked for");
		}
	}

	async #test(asked: ReferenceToTest, wait: number, scope: Scope, signal: AbortSignal): Promise<ReferenceTestResult> {
		const { stream_id } = await this.#parts.engine.create(streamOf(asked), scope);
		try {
			return await firstSigns(stream_id, wait * 1_000, this.#parts, signal);
		} catch (error) {
			throw signal.aborted ? unavailable("reference test") : error;
		} finally {
			await this.#delete(stream_id);
		}
	}

	async #delete(stream_id: string): Promise<void> {
		const { engine, log } = this.#parts;
		try {
			await engine.remove(stream_id, null, everything);
		} catch (error) {
			// Gone already is as good; else it is found a minute later.
			if (error instanceof Fault && error.code === 39001) return;
			this.#sweepSoon();
			if (!(error instanceof Fault && error.code === 39905))
				log.error({ err: error, stream_id }, "the stream of a reference test could not be deleted");
		}
	}

	#sweepSoon(): void {
		if (this.#leaving || this.#sweeping !== null) return;
		this.#sweeping = setTimeout(() => {
			this.#sweeping = null;
			void this.sweep();
		}, LEFT + 1_000);
		this.#sweeping.unref();
	}
}

const whole = { x: 0, y: 0, width: 0, height: 0, mode: "abs" } as const;

/** Fails at its first error and does not restart; no handler gets events of it, and no region cuts its picture. */
function streamOf({ account_id, data, group_name }: ReferenceToTest) {
	return writtenStream({
		account_id,
		name: TEST_NAME,
		description: TEST_MARK,
		data: { ...data, roi: whole, droi: whole },
		event_handler: { api_version: 6 },
		policies: { healthcheck: { max_error_count: 0, period: 3_600, retry_delay: 0, timeout: 10_000 } },
		...(group_name !== undefined && { group_name }),
	});
}
