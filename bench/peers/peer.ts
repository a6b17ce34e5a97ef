import { type Figure, pause } from "../figure.ts";
import { ACCOUNT, streamToCreate } from "../streams.ts";

/** What the process of a peer is asked. Its database is empty when it is asked first. */
export interface PeerQuestion {
	url: string;
	what: "fill" | "create" | "take_done";
	seconds: number;
	/** `fill`: jobs to make; `create`: callers at the same time. */
	count: number;
}

const { data, event_handler, policies, location } = streamToCreate(ACCOUNT);

/** What a job carries: the same definition that an agent gets with a stream. */
export const definition = {
	data: JSON.parse(data) as object,
	event_handler: JSON.parse(event_handler) as object,
	policies: JSON.parse(policies) as object,
	location: JSON.parse(location) as object,
};

/** Of so many callers, each of whom goes on as soon as it has its answer. */
export async function rateOf(seconds: number, callers: number, step: () => Promise<number>): Promise<Figure> {
	let done = 0;
	let measuring = false;
	let over = false;
	const work = Promise.all(
		Array.from({ length: callers }, async () => {
			while (!over) {
				const count = await step();
				if (measuring) done += count;
			}
		}),
	);
	await pause(seconds / 10);
	measuring = true;
	const began = performance.now();
	await pause(seconds);
	measuring = false;
	const rate = done / ((performance.now() - began) / 1000);
	over = true;
	await work;
	return { rate };
}
