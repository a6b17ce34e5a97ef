import { describe, expect, it } from "vitest";
import { ByteBudget } from "../../server/preview/byte-budget.ts";
import { eventually } from "../support/signals.ts";
import { Camera, LiveCamera } from "./camera.ts";
import { jpeg } from "./pictures.ts";
import { RecordedSink } from "./recorded-sink.ts";
import { RelayUnderTest, refusal, stays } from "./relay-under-test.ts";

const mebibyte = 1_048_576;

describe("a budget of bytes", () => {
	it("lets those go who hold most when all hold too much, and nobody else", () => {
		const budget = new ByteBudget(100);
		const gone: string[] = [];
		const [a, b, c] = ["a", "b", "c"].map((name) => budget.share(() => gone.push(name)));
		expect([a!.hold(20), b!.hold(60), c!.hold(20)]).toEqual([true, true, true]);
		expect(a!.hold(21)).toBe(true);
		expect([gone, budget.used]).toEqual([["b"], 41]);
		expect(b!.hold(1)).toBe(false);
		expect(c!.hold(101)).toBe(false);
		expect([gone, budget.used]).toEqual([["b", "c"], 21]);
		a!.release();
		a!.release();
		expect(budget.used).toBe(0);
	});
});

describe("what is arriving of pictures", () => {
	const begun = (size: number) =>
		`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${size}\r\n\r\n${"x".repeat(size - 1)}`;

	it("ends the live stream that takes most, when all take too much; the others go on", async () => {
		await using large = await LiveCamera.start(jpeg(1));
		await using usual = await LiveCamera.start(jpeg(1, 300_000));
		await using relay = await RelayUnderTest.start({ maxFrameSize: 4 * mebibyte, maxArrivingBytes: 4 * mebibyte });
		const [one, other] = [new RecordedSink(), new RecordedSink()];
		const view = await relay.watch("usual", usual.url, stays());
		view.pipe(one);
		(await relay.watch("large", large.url, stays())).pipe(other);
		large.sendRaw(begun(3.9 * mebibyte));
		await other.untilEnded();
		await large.camera.allClosed();
		usual.send(jpeg(2, 300_000));
		await one.untilPictures(2, view.contentType);
		expect(one.ended).toBe(false);
	});

	it("is 39905 for a picture that goes beyond it, as a still and live, and nothing of it is left", async () => {
		await using still = await Camera.http((response) => {
			response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(1, 3_000_000));
		});
		await using live = await LiveCamera.start(jpeg(1, 3_000_000));
		await using relay = await RelayUnderTest.start({ maxFrameSize: 4 * mebibyte, maxArrivingBytes: 2 * mebibyte });
		expect(await refusal(relay.lastFrame("s", still.url(), stays()))).toBe("39905 preview");
		expect(await refusal(relay.watch("s", live.url, stays()))).toBe("39905 preview");
		await Promise.all([still.allClosed(), live.camera.allClosed()]);
		expect(relay.held).toBe(0);
	});

	it("counts the newest picture of a live stream for as long as it is watched, and a still until it has come", async () => {
		await using camera = await LiveCamera.start(jpeg(1, 300_000));
		await using still = await Camera.http((response) => {
			response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(1, 300_000));
		});
		await using relay = await RelayUnderTest.start();
		await relay.lastFrame("s", still.url(), stays());
		expect(relay.held).toBe(0);
		const view = await relay.watch("s", camera.url, stays());
		expect(relay.held).toBeGreaterThan(600_000);
		expect(relay.held).toBeLessThan(1_200_000);
		view.close();
		expect(relay.held).toBe(0);
	});

	it("is the bytes of a still and not the pieces that they came in", async () => {
		const pieces = 20_000;
		const picture = jpeg(1, pieces);
		await using camera = await Camera.raw((socket) => {
			const body = [...picture].map((byte) =>
				Buffer.concat([Buffer.from("1\r\n"), Buffer.from([byte]), Buffer.from("\r\n")]),
			);
			socket.write("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n");
			socket.end(Buffer.concat([...body, Buffer.from("0\r\n\r\n")]));
		});
		await using relay = await RelayUnderTest.start();
		const { bytes } = await relay.lastFrame("s", camera.url(), stays());
		expect(Buffer.from(bytes).equals(picture)).toBe(true);
		expect(bytes.buffer.byteLength).toBeLessThan(2 * picture.byteLength);
	});

	it("fits the usual pictures of as many live streams as there may be", async () => {
		await using camera = await LiveCamera.start(jpeg(1, 500_000));
		await using relay = await RelayUnderTest.start({ maxFrameSize: 8 * mebibyte });
		(await relay.watch("s", camera.url, stays())).close();
		const view = await relay.watch("s", camera.url, stays());
		await eventually(() => relay.held > 0);
		expect(relay.held * 256).toBeLessThan(512 * mebibyte);
		view.close();
	});
});
