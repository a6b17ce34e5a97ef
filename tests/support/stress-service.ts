import { expect } from "vitest";
import type { Service } from "../../persistence/service.ts";
import { newSeed, seededRandom } from "./seeded-random.ts";
import { eventually } from "./signals.ts";

/**
 * Proves the life that every running part promises (`persistence/service.ts`): starts and stops in random order, at the
 * same time and one after the other, each call coming to its end; the last one deciding; twice the same being the same;
 * a start after a stop being whole again; and nothing left of it in the end: no socket, timer or child process.
 *
 * @param make A new, stopped service that can start. It is made once.
 * @param rounds How many bursts of calls; each is up to 8 calls.
 */
export async function stressService(make: () => Service, { rounds = 10 } = {}): Promise<void> {
	const seed = newSeed();
	console.log(`stressService: seed ${seed}`);
	const random = seededRandom(seed);
	const before = openResources();
	const service = make();

	await service.stop();
	for (let round = 0; round < rounds; round++) {
		const calls = Array.from({ length: 1 + Math.floor(random() * 8) }, () => (random() < 0.5 ? "start" : "stop"));
		const pending: Promise<void>[] = [];
		for (const call of calls) {
			pending.push(service[call]());
			// Some calls meet the earlier ones in the middle of their work.
			if (random() < 0.3) await Promise.resolve();
			if (random() < 0.2) await pending.at(-1);
		}
		await Promise.all(pending);
		if (calls.at(-1) === "stop") expectNothingMore(await leftOpen(before), `round ${round} of seed ${seed}`);
	}
	await Promise.all([service.start(), service.start()]);
	await service.start();
	await Promise.all([service.stop(), service.stop()]);
	await service.stop();
	expectNothingMore(await leftOpen(before), `the last stop, seed ${seed}`);
}

function expectNothingMore(left: string[], when: string): void {
	expect(left, `left open after ${when}`).toEqual([]);
}

/** The kinds of what keeps a process alive, with how many there are of each. */
export function openResources(): Map<string, number> {
	const counts = new Map<string, number>();
	for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
	return counts;
}

/** What is open beyond `before`, once the system has had a moment to close it (closing a handle takes a turn of the loop). */
export async function leftOpen(before: ReadonlyMap<string, number>): Promise<string[]> {
	let left: string[] = [];
	try {
		await eventually(
			() => {
				left = [...openResources()].flatMap(([kind, count]) => {
					const more = count - (before.get(kind) ?? 0);
					return more > 0 ? [`${kind} × ${more}`] : [];
				});
				return left.length === 0;
			},
			{ timeoutMs: 1_000 },
		);
	} catch {
		// The list says what is left; the caller judges.
	}
	return left;
}
