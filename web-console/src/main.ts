import { Counts } from "./counts.ts";
import { byId, say } from "./elements.ts";
import { Polling } from "./polling.ts";
import { fetchCounts, fetchStreams, MAX_SHOWN } from "./service-api.ts";
import { Wall } from "./wall.ts";

const CONNECTION_WORDS = { connected: "Connected", lost: "No answer, trying again", paused: "Paused" } as const;

const wall = new Wall(byId("cards"));
const counts = new Counts(byId("counts"));
const note = byId("note");
const connection = byId("connection");
const connectionText = byId("connection-text");

const polling = new Polling({
	async ask(signal) {
		const [streams, numbers] = await Promise.all([fetchStreams(signal), fetchCounts(signal)]);
		if (signal.aborted) return;
		wall.show(streams);
		counts.show(numbers);
		say(
			note,
			noteFor(
				streams.length,
				[...numbers.values()].reduce((sum, number) => sum + number, 0),
			),
		);
	},
	onState(state) {
		connection.dataset["state"] = state;
		if (connectionText.textContent !== CONNECTION_WORDS[state]) connectionText.textContent = CONNECTION_WORDS[state];
		if (state === "paused") wall.rest();
	},
});
polling.start();

function noteFor(shown: number, all: number): string {
	if (shown === 0 && all === 0) return "There are no streams yet. POST /1/streams creates one.";
	return all > MAX_SHOWN ? `${shown} of ${all} streams, failures first.` : "";
}
