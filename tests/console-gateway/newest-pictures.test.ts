import { expect, test } from "vitest";
import { anonymous } from "../../server/access/caller.ts";
import { PICTURE_HEADER } from "../../server/console/picture-frame.ts";
import { Pictures } from "../../server/console/pictures.ts";
import type { LoadedStream } from "../../server/console/row.ts";
import type { Session } from "../../server/console/session.ts";
import { jpeg, numberOf } from "../preview/pictures.ts";
import { eventually } from "../support/signals.ts";

const size = 100_000;
const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** A page that counts what it is sent, and is behind after each picture when it reads nothing. */
class Page {
	readonly caller = anonymous;
	open = true;
	behind = false;
	readonly pictures: number[] = [];
	readonly #reads: boolean;

	constructor(reads = true) {
		this.#reads = reads;
	}

	sendBytes(frame: Buffer): void {
		this.pictures.push(numberOf(frame.subarray(PICTURE_HEADER)));
		this.behind = !this.#reads;
	}

	get session(): Session {
		return this as unknown as Session;
	}
}

/** Streams whose still is their number. */
function pictures(most: { newest: number; waiting: number }): Pictures {
	const previews = {
		lastFrame: async (_stream_id: string, url: string) => ({
			contentType: "image/jpeg" as const,
			bytes: jpeg(Number(url), size),
		}),
		follow: () => () => undefined,
	};
	const urls = async (stream_id: string) => ({
		status: "in_progress" as const,
		live: null,
		last_frame: String(Number(stream_id.slice(-12))),
	});
	const streams = async (_owner: string, ids: readonly string[]) =>
		ids.map((stream_id) => ({ stream_id, source: {} })) as unknown as LoadedStream[];
	return new Pictures({ previews, urls, wall: () => 0 }, { rows: streams }, most);
}

const wanted = (numbers: readonly number[]) =>
	numbers.map((number) => ({ stream_id: idOf(number), rate: "still" as const }));

/** All of these have come to the page. */
async function shown(all: Pictures, page: Page, numbers: readonly number[]): Promise<void> {
	await all.want(page.session, wanted(numbers));
	await eventually(() => {
		all.tick(performance.now());
		return numbers.every((number) => page.pictures.includes(number));
	});
}

test("the newest pictures of all streams are kept within a bound by bytes; of the others the next one is waited for", async () => {
	const all = pictures({ newest: 3.5 * size, waiting: 1e9 });
	const numbers = [1, 2, 3, 4, 5, 6];
	await shown(all, new Page(), numbers);
	expect(all.newestBytes).toBeGreaterThan(2 * size);
	expect(all.newestBytes).toBeLessThanOrEqual(3.5 * size);
	const late = new Page();
	await all.want(late.session, wanted(numbers));
	expect(late.pictures).toHaveLength(3);
	all.clear();
	expect(all.newestBytes).toBe(0);
});

test("a picture that is larger than all that is kept is shown and not kept", async () => {
	const all = pictures({ newest: size / 2, waiting: 1e9 });
	await shown(all, new Page(), [1]);
	expect(all.newestBytes).toBe(0);
	all.clear();
});

test("pictures that wait for pages which are behind have a bound by bytes, until these catch up or are gone", async () => {
	const all = pictures({ newest: 1e9, waiting: 2.5 * size });
	await shown(all, new Page(), [1]);
	const slow = [new Page(false), new Page(false)];
	for (const page of slow) await all.want(page.session, wanted([1]));
	expect(slow.map((page) => page.pictures)).toEqual([[1], [1]]);
	const late = [new Page(), new Page()];
	await all.want(late[0]!.session, wanted([1]));
	expect(late[0]!.pictures).toEqual([]);
	// One that wants no more has not read what waits for it.
	all.leave(slow[0]!.session);
	await all.want(late[0]!.session, wanted([1]));
	expect(late[0]!.pictures).toEqual([]);
	slow[0]!.open = false;
	all.leave(slow[0]!.session);
	await all.want(late[1]!.session, wanted([1]));
	expect(late[1]!.pictures).toEqual([1]);
	all.clear();
});
