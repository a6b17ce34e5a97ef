import { describe, expect, it } from "vitest";
import { Pace } from "../../server/preview/pace.ts";
import { Camera, LiveCamera } from "./camera.ts";
import { jpeg } from "./pictures.ts";
import { RecordedSink } from "./recorded-sink.ts";
import { RelayUnderTest, refusal, stays } from "./relay-under-test.ts";

const mebibyte = 1_048_576;

/** A pace whose every waiting throws, and the clock that it goes by. */
function impatient(maxFrameSize: number) {
	const clock = { now: 0, monotonic: () => clock.now, wall: () => clock.now };
	return { clock, pace: new Pace(maxFrameSize, clock, AbortSignal.abort()) };
}

/** How often something is done before it waits. */
async function untilWaiting(work: () => Promise<void>, most: number): Promise<number> {
	for (let count = 0; count < most; count++) {
		try {
			await work();
		} catch {
			return count;
		}
	}
	return most;
}

describe("an upstream is read without waiting", () => {
	it.each([
		["30 pictures a second of 500 KB", 30, 500_000, 65_536],
		["the same in pieces of one packet", 30, 500_000, 1_460],
		["60 pictures a second of 200 KB", 60, 200_000, 16_384],
		["4 pictures a second of 7 MB", 4, 7_000_000, 65_536],
	])("when it sends %s", async (_what, rate, size, piece) => {
		const { clock, pace } = impatient(8 * mebibyte);
		for (let picture = 0; picture < 5 * rate; picture++) {
			for (let left = size; left > 0; left -= piece) await pace.bytes(Math.min(piece, left), 1);
			await pace.picture();
			clock.now += 1_000 / rate;
		}
	});

	it("when what it sent stood still for a while and comes at once", async () => {
		const { pace } = impatient(8 * mebibyte);
		for (let picture = 0; picture < 15; picture++) {
			await pace.bytes(500_000, 8);
			await pace.picture();
		}
	});
});

describe("an upstream waits", () => {
	it("beyond 32 MiB a second, and a quarter of a second's worth at once", async () => {
		const { clock, pace } = impatient(8 * mebibyte);
		const piece = 65_536 - 1_024;
		expect(await untilWaiting(() => pace.bytes(piece, 1), 10_000)).toBe(128);
		clock.now += 1_000;
		expect(await untilWaiting(() => pace.bytes(piece, 1), 10_000)).toBeLessThanOrEqual(128);
	});

	it("beyond four of the largest pictures a second, where they may be larger", async () => {
		const { pace } = impatient(64 * mebibyte);
		expect(await untilWaiting(() => pace.bytes(mebibyte - 1_024, 1), 10_000)).toBe(64);
	});

	it("beyond 120 pictures a second, and half a second's worth at once", async () => {
		const { pace } = impatient(8 * mebibyte);
		expect(await untilWaiting(() => pace.picture(), 10_000)).toBe(60);
	});

	it("for pieces of one byte as for larger ones", async () => {
		const { pace } = impatient(8 * mebibyte);
		expect(await untilWaiting(() => pace.bytes(1, 1), 100_000)).toBeLessThan(10_000);
	});
});

describe("the relay", () => {
	it("reads a live upstream that sends as fast as it can no faster than it may", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start();
		const view = await relay.watch("s", camera.url, stays());
		const sink = new RecordedSink();
		view.pipe(sink);
		const began = performance.now();
		for (let number = 2; number <= 180; number++) camera.send(jpeg(number));
		await sink.untilPictures(180, view.contentType);
		// Half a second's worth comes at once; the clock of a timer may be a moment early.
		expect(performance.now() - began).toBeGreaterThan(950);
	});

	it("counts each piece of a body that comes in many, though they are read together", async () => {
		const pieces = 50_000;
		await using camera = await Camera.raw((socket) => {
			socket.write("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n");
			const body = [...jpeg(1, pieces)].map((byte) => Buffer.from([0x31, 0x0d, 0x0a, byte, 0x0d, 0x0a]));
			socket.end(Buffer.concat([...body, Buffer.from("0\r\n\r\n")]));
		});
		await using relay = await RelayUnderTest.start();
		const began = performance.now();
		await relay.lastFrame("s", camera.url(), stays());
		// As many bytes as they stand for, less what comes at once.
		expect(performance.now() - began).toBeGreaterThan((pieces * 1_024 * 1_000) / (32 * mebibyte) - 300);
	});

	it("ends a live upstream whose pieces never come to another picture", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start({ timeout: 0.2 });
		const view = await relay.watch("s", camera.url, stays());
		const sink = new RecordedSink();
		view.pipe(sink);
		const trickle = setInterval(() => camera.sendRaw("--frame\r\n\r\n\r\n"), 10);
		await sink.untilEnded();
		clearInterval(trickle);
		await camera.camera.allClosed();
	});

	it("takes no answer that only announces others", async () => {
		await using camera = await Camera.raw((socket) => {
			socket.write("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(20));
		});
		await using relay = await RelayUnderTest.start({ timeout: 60 });
		expect(await refusal(relay.lastFrame("s", camera.url(), stays()))).toBe("39010 the upstream does not speak HTTP");
		await camera.allClosed();
	});
});
