import { describe, expect, it } from "vitest";
import { eventually } from "../support/signals.ts";
import { leftOpen, openResources, stressService } from "../support/stress-service.ts";
import { Camera, LiveCamera } from "./camera.ts";
import { jpeg } from "./pictures.ts";
import { RecordedSink } from "./recorded-sink.ts";
import { RelayUnderTest, refusal, stays } from "./relay-under-test.ts";

describe("the relay", () => {
	it("starts and stops in any order, any number of times, and leaves nothing", async () => {
		await stressService(() => new RelayUnderTest(), { rounds: 20 });
	});

	it("leaves nothing open when it stops in the middle of its work, and answers 39905 from then on", async () => {
		// Files before this one in the same process may have left connections that are kept for a while.
		const timers = openResources().get("Timeout") ?? 0;
		await using camera = await LiveCamera.start(jpeg(1));
		await using silent = await Camera.raw(() => undefined);
		const before = openResources();
		const relay = await RelayUnderTest.start({
			resolve: (name) => (name === "slow.example" ? new Promise(() => undefined) : Promise.resolve([])),
		});
		const sink = new RecordedSink();
		(await relay.watch("a", camera.url, stays())).pipe(sink);
		const answers = [
			relay.watch("b", silent.url(), stays()),
			relay.watch("c", "http://slow.example/", stays()),
			relay.lastFrame("b", silent.url(), stays()),
			relay.lastFrame("c", "http://slow.example/", stays()),
		].map(refusal);
		await eventually(() => silent.open === 2);
		await relay.stop();
		expect(sink.ended).toBe(true);
		expect(await Promise.all(answers)).toEqual(Array(4).fill("39905 preview"));
		expect(relay.connections).toBe(0);
		await camera.camera.allClosed();
		await silent.allClosed();
		expect(await leftOpen(before)).toEqual([]);
		// Counted by itself, because the servers' own short timers may have been among those from before.
		await eventually(() => (openResources().get("Timeout") ?? 0) <= timers, { timeoutMs: 2_000 });
		expect(await refusal(relay.watch("a", camera.url, stays()))).toBe("39905 preview");
		expect(await refusal(relay.lastFrame("a", camera.url, stays()))).toBe("39905 preview");
	});

	it("refuses to be made with a network that is none, naming it", () => {
		expect(() => new RelayUnderTest({ allowedNetworks: ["10.0.0.0/8", "cameras"] })).toThrow(
			"'cameras' is not a network",
		);
	});
});
