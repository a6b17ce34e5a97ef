import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { urlMark } from "../../actors/preview-marks.ts";
import type { LiveView } from "../../server/preview/live-viewer.ts";
import { deferred, eventually } from "../support/signals.ts";
import { sinkOf } from "./body-of-answer.ts";
import { Camera, LiveCamera } from "./camera.ts";
import { jpeg, numberOf } from "./pictures.ts";
import { parts, RecordedSink } from "./recorded-sink.ts";
import { RelayUnderTest, refusal, stays } from "./relay-under-test.ts";

/** Pipes a view and gives its sink. */
function pipe(view: LiveView, sink = new RecordedSink()): RecordedSink {
	view.pipe(sink);
	return sink;
}

describe("live", () => {
	it("gives each watcher whole parts under the relay's own boundary", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start();
		const view = await relay.watch("s", camera.url, stays());
		expect(view.contentType).toMatch(/^multipart\/x-mixed-replace; boundary=perigee-[0-9a-f]{24}$/);
		const sink = pipe(view);
		camera.send(jpeg(2));
		const pictures = await sink.untilPictures(2, view.contentType);
		expect(pictures[0]!.equals(jpeg(1))).toBe(true);
		expect(pictures[1]!.equals(jpeg(2))).toBe(true);
		expect(sink.text).not.toContain("--frame");
	});

	it("makes one upstream connection however many watch, closed when the last watcher leaves", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start();
		const views = await Promise.all(Array.from({ length: 30 }, () => relay.watch("s", camera.url, stays())));
		const sinks = views.map((view) => pipe(view));
		expect(relay.viewers).toBe(30);
		camera.send(jpeg(2));
		await Promise.all(sinks.map((sink) => sink.untilPictures(2, views[0]!.contentType)));
		expect(camera.camera.connections).toBe(1);
		for (const sink of sinks.slice(1)) sink.leave();
		expect(relay.viewers).toBe(1);
		expect(camera.camera.open).toBe(1);
		sinks[0]!.leave();
		await camera.camera.allClosed();
		expect(relay.viewers).toBe(0);
		expect(sinks.some((sink) => sink.ended)).toBe(false);
	});

	it("opens a new connection for who comes after the last has left", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start();
		(await relay.watch("s", camera.url, stays())).close();
		const view = await relay.watch("s", camera.url, stays());
		await pipe(view).untilPictures(1, view.contentType);
		await eventually(() => camera.camera.open === 1);
		expect(camera.camera.connections).toBe(2);
	});

	it("shows the newest picture at once to who joins later", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start();
		const first = await relay.watch("s", camera.url, stays());
		const sink = pipe(first);
		camera.send(jpeg(2));
		await sink.untilPictures(2, first.contentType);
		const second = await relay.watch("s", camera.url, stays());
		expect((await pipe(second).untilPictures(1, second.contentType)).map(numberOf)).toEqual([2]);
	});

	it("lets a slow watcher miss pictures, and gives it the newest when it has caught up", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start();
		const view = await relay.watch("s", camera.url, stays());
		const [slow, quick] = [new RecordedSink(), new RecordedSink()];
		slow.full = true;
		pipe(view, slow);
		const other = await relay.watch("s", camera.url, stays());
		pipe(other, quick);
		for (let number = 2; number <= 20; number++) {
			camera.send(jpeg(number));
			await quick.untilPictures(number, other.contentType);
		}
		expect(slow.pictures(view.contentType)).toEqual([]);
		slow.drain();
		expect(slow.pictures(view.contentType).map(numberOf)).toEqual([20]);
		camera.send(jpeg(21));
		expect((await slow.untilPictures(2, view.contentType)).map(numberOf)).toEqual([20, 21]);
		expect(slow.writesWhileFull).toBe(0);
	});

	it("holds no more than one picture for a client that does not read, over real sockets", async () => {
		const size = 500_000;
		await using camera = await LiveCamera.start(jpeg(1, size));
		await using relay = await RelayUnderTest.start();
		let waiting = () => 0;
		const server = createServer(async (_request, response) => {
			const view = await relay.watch("s", camera.url, stays());
			waiting = () => response.writableLength;
			response.writeHead(200, { "Content-Type": view.contentType });
			view.pipe(sinkOf(response));
		}).listen(0, "127.0.0.1");
		await once(server, "listening");
		const answer = await new Promise<IncomingMessage>((resolve) => {
			get({ port: (server.address() as AddressInfo).port, agent: false }, resolve);
		});
		// Nobody reads the answer; another watcher shows how far the camera is.
		const view = await relay.watch("s", camera.url, stays());
		const quick = deferred<void>();
		let seen = 0;
		let most = 0;
		const count = 60;
		view.pipe({
			write: (chunk) => {
				most = Math.max(most, waiting());
				if (chunk.byteLength < size) return true;
				seen = numberOf(Buffer.from(chunk).subarray(chunk.indexOf(0xff)));
				if (seen === count) quick.resolve();
				else camera.send(jpeg(seen + 1, size));
				return true;
			},
			onDrain: () => undefined,
			onGone: () => undefined,
			end: () => undefined,
		});
		await quick.promise;
		expect(most).toBeLessThan(2 * size);
		const chunks: Buffer[] = [];
		answer.on("data", (chunk: Buffer) => chunks.push(chunk));
		const read = () => parts(Buffer.concat(chunks), String(answer.headers["content-type"])).pictures.map(numberOf);
		await eventually(() => read().at(-1) === count);
		expect(read().length).toBeLessThan(count / 2);
		expect(read()).toEqual(read().toSorted((a, b) => a - b));
		answer.destroy();
		await eventually(() => relay.viewers === 1);
		view.close();
		server.close();
		await once(server, "close");
	});

	it("gives up a client that takes nothing for long, and with the last its upstream", async () => {
		const clock = { now: 0, monotonic: () => clock.now, wall: () => 0 };
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start({ clock, patience: 30 });
		const sink = new RecordedSink();
		sink.full = true;
		pipe(await relay.watch("s", camera.url, stays()), sink);
		clock.now = 30_001;
		camera.send(jpeg(2));
		await eventually(() => sink.ended);
		expect(sink.writesWhileFull).toBe(0);
		await camera.camera.allClosed();
	});

	it("ends the answers when the upstream ends", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start();
		const views = await Promise.all([relay.watch("s", camera.url, stays()), relay.watch("s", camera.url, stays())]);
		const sinks = views.map((view) => pipe(view));
		camera.end();
		await eventually(() => sinks.every((sink) => sink.ended));
		expect(parts(Buffer.from(sinks[0]!.text, "latin1"), views[0]!.contentType).closed).toBe(true);
		await camera.camera.allClosed();
	});

	it("ends the answers when the upstream breaks off", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start();
		const sink = pipe(await relay.watch("s", camera.url, stays()));
		camera.camera.breakOff();
		await eventually(() => sink.ended);
	});

	it("ends the answers when a part is larger than MAX_FRAME_SIZE", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start({ maxFrameSize: 10_000 });
		const view = await relay.watch("s", camera.url, stays());
		const sink = pipe(view);
		camera.send(jpeg(2, 10_001));
		await eventually(() => sink.ended);
		expect(sink.pictures(view.contentType).map(numberOf)).toEqual([1]);
		await camera.camera.allClosed();
	});

	it("ends the answers when no picture comes for TIMEOUT", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start({ timeout: 0.1 });
		const sink = pipe(await relay.watch("s", camera.url, stays()));
		await eventually(() => sink.ended);
		await camera.camera.allClosed();
	});

	it("goes on for longer than TIMEOUT while pictures come", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start({ timeout: 0.25 });
		const view = await relay.watch("s", camera.url, stays());
		const sink = pipe(view);
		let number = 1;
		const ticking = setInterval(() => camera.send(jpeg(++number)), 50);
		await sink.untilPictures(10, view.contentType);
		clearInterval(ticking);
		expect(sink.ended).toBe(false);
	});

	it("ends the answers of a stream that leaves in_progress or is deleted, and of no other", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start();
		const sink = pipe(await relay.watch("s", camera.url, stays()));
		const other = pipe(await relay.watch("t", camera.url, stays()));
		relay.forget("s");
		relay.forget("unknown");
		expect(sink.ended).toBe(true);
		expect(other.ended).toBe(false);
		await eventually(() => camera.camera.open === 1);
	});

	it("ends the answers when the stream's url changes, by word or by who asks for the new one", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start();
		const first = pipe(await relay.watch("s", camera.url, stays()));
		relay.keep("s", { live: urlMark(camera.url), last_frame: null });
		expect(first.ended).toBe(false);
		relay.keep("s", { live: urlMark(`${camera.url}?2`), last_frame: null });
		expect(first.ended).toBe(true);
		const second = pipe(await relay.watch("s", `${camera.url}?2`, stays()));
		await relay.watch("s", `${camera.url}?3`, stays());
		expect(second.ended).toBe(true);
	});

	it("shows a single picture as one picture and then the end", async () => {
		await using camera = await Camera.http((response) => {
			response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(5));
		});
		await using relay = await RelayUnderTest.start();
		const view = await relay.watch("s", camera.url(), stays());
		await camera.allClosed();
		const sink = pipe(view);
		expect(sink.ended).toBe(true);
		expect(sink.pictures(view.contentType).map(numberOf)).toEqual([5]);
	});

	it.each([
		["text/html", "", "the upstream's answer is not a picture"],
		["multipart/x-mixed-replace", "", "the upstream's content type has no boundary"],
		["multipart/mixed; boundary=b", "", "the upstream's answer is not a picture"],
		["multipart/x-mixed-replace; boundary=b", "--b--\r\n", "the upstream ended before its first picture"],
		[
			"multipart/x-mixed-replace; boundary=b",
			"--b\r\nContent-Type: text/html\r\n\r\n",
			"the upstream sent a part that is not a picture",
		],
	])("is 39010 when %s with '%s' is all that comes", async (type, body, reason) => {
		await using camera = await Camera.http((response) => {
			response.writeHead(200, { "Content-Type": type }).end(body);
		});
		await using relay = await RelayUnderTest.start();
		expect(await refusal(relay.watch("s", camera.url(), stays()))).toBe(`39010 ${reason}`);
		await camera.allClosed();
	});

	it("is 39010 when the first picture does not come within TIMEOUT", async () => {
		await using camera = await LiveCamera.start(null);
		await using relay = await RelayUnderTest.start({ timeout: 0.1 });
		const both = [relay.watch("s", camera.url, stays()), relay.watch("s", camera.url, stays())];
		for (const answer of both.map(refusal)) expect(await answer).toBe("39010 the upstream sent no picture in time");
		expect(camera.camera.connections).toBe(1);
	});

	it("closes the upstream of a client that goes before the first picture, or before the view is piped", async () => {
		await using silent = await LiveCamera.start(null);
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start();
		const [before, after] = [new AbortController(), new AbortController()];
		const answer = refusal(relay.watch("s", silent.url, before.signal));
		await eventually(() => silent.camera.open === 1);
		before.abort();
		expect(await answer).toBe("39010 the client is gone");
		await silent.camera.allClosed();
		const view = await relay.watch("t", camera.url, after.signal);
		after.abort();
		await camera.camera.allClosed();
		expect(pipe(view).ended).toBe(true);
		expect(await refusal(relay.watch("t", camera.url, after.signal))).toBe("39010 the client is gone");
		expect(relay.viewers).toBe(0);
	});

	it("is 39905 for more watchers or more streams than the bounds", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start({ maxViewers: 3, maxLiveStreams: 2 });
		const first = await relay.watch("a", camera.url, stays());
		await relay.watch("b", camera.url, stays());
		expect(await refusal(relay.watch("c", camera.url, stays()))).toBe("39905 preview");
		await relay.watch("b", camera.url, stays());
		expect(await refusal(relay.watch("b", camera.url, stays()))).toBe("39905 preview");
		first.close();
		await relay.watch("b", camera.url, stays());
	});

	it("leaves half of the answers and half of the streams to other owners", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start({ maxViewers: 8, maxLiveStreams: 4 });
		const watch = (stream: string, owner: string | null) => relay.watch(stream, camera.url, stays(), { owner });
		const first = await watch("a", "one");
		await watch("b", "one");
		expect(await refusal(watch("c", "one"))).toBe("39905 preview");
		// What others watch already takes no connection of its own.
		await watch("c", "other");
		await watch("c", "one");
		const last = await watch("a", "one");
		expect(await refusal(watch("a", "one"))).toBe("39905 preview");
		await watch("a", "other");
		last.close();
		await watch("b", "one");
		await watch("d", null);
		expect(relay.viewers).toBe(7);
		first.close();
	});

	it("leaves one answer and one stream to each owner where there is one of them", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		await using relay = await RelayUnderTest.start({ maxViewers: 1, maxLiveStreams: 1 });
		await relay.watch("a", camera.url, stays(), { owner: "one" });
	});
});
