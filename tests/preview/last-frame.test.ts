import { describe, expect, it } from "vitest";
import { urlMark } from "../../actors/preview-marks.ts";
import { deferred, eventually } from "../support/signals.ts";
import { Camera } from "./camera.ts";
import { jpeg, numberOf, png } from "./pictures.ts";
import { RelayUnderTest, refusal, stays } from "./relay-under-test.ts";

/** A camera that numbers its answers. */
function counting(): Promise<Camera> {
	let count = 0;
	return Camera.http((response) => {
		count += 1;
		response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(count));
	});
}

class MovedClock {
	now = 1_000;
	monotonic = (): number => this.now;
	wall = (): number => this.now;
}

describe("last_frame", () => {
	it("is the picture at the url that the agent reported", async () => {
		await using camera = await counting();
		await using relay = await RelayUnderTest.start();
		const picture = await relay.lastFrame("s", camera.url("/shot?x=1"), stays());
		expect(picture.contentType).toBe("image/jpeg");
		expect(Buffer.from(picture.bytes).equals(jpeg(1))).toBe(true);
		await camera.allClosed();
	});

	it("is cached for CACHE_TTL", async () => {
		const clock = new MovedClock();
		await using camera = await counting();
		await using relay = await RelayUnderTest.start({ clock, cacheTtl: 2 });
		const next = async () => numberOf((await relay.lastFrame("s", camera.url(), stays())).bytes);
		expect(await next()).toBe(1);
		clock.now += 1_999;
		expect(await next()).toBe(1);
		clock.now += 2;
		expect(await next()).toBe(2);
		expect(await next()).toBe(2);
	});

	it("is not cached when CACHE_TTL is 0", async () => {
		await using camera = await counting();
		await using relay = await RelayUnderTest.start({ cacheTtl: 0 });
		await relay.lastFrame("s", camera.url(), stays());
		expect(numberOf((await relay.lastFrame("s", camera.url(), stays())).bytes)).toBe(2);
	});

	it("is cached for each url, and forgotten with the stream or when its url changes", async () => {
		await using camera = await counting();
		await using relay = await RelayUnderTest.start({ cacheTtl: 60 });
		const next = async (path: string) => numberOf((await relay.lastFrame("s", camera.url(path), stays())).bytes);
		expect(await next("/a")).toBe(1);
		expect(await next("/b")).toBe(2);
		relay.keep("s", { live: null, last_frame: urlMark(camera.url("/b")) });
		expect(await next("/b")).toBe(2);
		relay.keep("s", { live: null, last_frame: urlMark(camera.url("/a")) });
		expect(await next("/b")).toBe(3);
		relay.forget("s");
		expect(await next("/b")).toBe(4);
	});

	it("is fetched once for all who ask at the same time", async () => {
		const asked = deferred();
		const answer = deferred();
		await using camera = await Camera.http(async (response) => {
			asked.resolve();
			await answer.promise;
			response.writeHead(200, { "Content-Type": "image/png" }).end(png);
		});
		await using relay = await RelayUnderTest.start();
		const all = Array.from({ length: 50 }, () => relay.lastFrame("s", camera.url(), stays()));
		await asked.promise;
		answer.resolve();
		const pictures = await Promise.all(all);
		expect(new Set(pictures).size).toBe(1);
		expect(camera.connections).toBe(1);
	});

	it("is given up when the last who asked is gone, and asked for anew by the next", async () => {
		const first = deferred();
		await using camera = await Camera.http((response) => {
			if (camera.connections === 1) first.resolve();
			else response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(9));
		});
		await using relay = await RelayUnderTest.start();
		const [one, two] = [new AbortController(), new AbortController()];
		const answers = [one, two].map(({ signal }) => refusal(relay.lastFrame("s", camera.url(), signal)));
		await first.promise;
		one.abort();
		expect(await answers[0]).toBe("39010 the client is gone");
		expect(camera.open).toBe(1);
		two.abort();
		const third = await relay.lastFrame("s", camera.url(), stays());
		expect(numberOf(third.bytes)).toBe(9);
		expect(await answers[1]).toBe("39010 the client is gone");
		await camera.allClosed();
	});

	it("still comes for those who stay when one of them is gone", async () => {
		const asked = deferred();
		const answer = deferred();
		await using camera = await Camera.http(async (response) => {
			asked.resolve();
			await answer.promise;
			response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(1));
		});
		await using relay = await RelayUnderTest.start();
		const leaves = new AbortController();
		const gone = refusal(relay.lastFrame("s", camera.url(), leaves.signal));
		const stayed = relay.lastFrame("s", camera.url(), stays());
		await asked.promise;
		leaves.abort();
		expect(await gone).toBe("39010 the client is gone");
		answer.resolve();
		expect(numberOf((await stayed).bytes)).toBe(1);
		expect(camera.connections).toBe(1);
	});

	it("is not kept when the stream was forgotten while it was fetched", async () => {
		const asked = deferred();
		await using camera = await Camera.http(() => asked.resolve());
		await using relay = await RelayUnderTest.start();
		const answer = refusal(relay.lastFrame("s", camera.url(), stays()));
		await asked.promise;
		relay.forget("s");
		expect(await answer).toBe("39010 the stream is no longer in progress");
		await camera.allClosed();
	});

	it("has bounds: for what is fetched at a time it is 39905, for what is kept the oldest goes", async () => {
		const answer = deferred();
		await using slow = await Camera.http(async (response) => {
			await answer.promise;
			response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(1, 4_000));
		});
		await using relay = await RelayUnderTest.start({ maxFetches: 2, cacheTtl: 60, maxCacheBytes: 9_000 });
		const both = ["a", "b"].map((stream) => relay.lastFrame(stream, slow.url(), stays()));
		await eventually(() => slow.connections === 2);
		expect(await refusal(relay.lastFrame("c", slow.url(), stays()))).toBe("39905 preview");
		answer.resolve();
		await Promise.all(both);
		await relay.lastFrame("c", slow.url(), stays());
		expect(slow.connections).toBe(3);
		await relay.lastFrame("c", slow.url(), stays());
		expect(slow.connections).toBe(3);
		await relay.lastFrame("a", slow.url(), stays());
		expect(slow.connections).toBe(4);
	});

	it("leaves half of what is fetched at a time to other owners", async () => {
		const answer = deferred();
		await using slow = await Camera.http(async (response) => {
			await answer.promise;
			response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(1));
		});
		await using relay = await RelayUnderTest.start({ maxFetches: 4 });
		const fetch = (stream: string, owner: string | null) => relay.lastFrame(stream, slow.url(), stays(), { owner });
		const all = [fetch("a", "one"), fetch("b", "one")];
		expect(await refusal(fetch("c", "one"))).toBe("39905 preview");
		all.push(fetch("c", "other"), fetch("d", null));
		// One that is under way is awaited by anybody.
		all.push(fetch("c", "one"), fetch("d", "one"));
		await eventually(() => slow.connections === 4);
		answer.resolve();
		await Promise.all(all);
		await fetch("e", "one");
	});

	it.each([
		["text/html; charset=utf-8", "<html>", "the upstream's answer is not a picture"],
		["image/svg+xml", "<svg>", "the upstream's answer is not a picture"],
		["multipart/x-mixed-replace; boundary=b", "--b", "the upstream's answer is not a picture"],
		["image/jpeg", "<html></html>", "the upstream sent something that is not a picture"],
		["image/jpeg", "", "the upstream sent something that is not a picture"],
	])("is 39010 when the upstream sends %s holding '%s'", async (type, body, reason) => {
		await using camera = await Camera.http((response) => {
			response.writeHead(200, { "Content-Type": type }).end(body);
		});
		await using relay = await RelayUnderTest.start();
		expect(await refusal(relay.lastFrame("s", camera.url(), stays()))).toBe(`39010 ${reason}`);
	});

	it.each([
		["told", true],
		["not told", false],
	])("is 39010 when it is larger than MAX_FRAME_SIZE, its length %s, and is cut off", async (_how, told) => {
		await using camera = await Camera.http((response) => {
			response.writeHead(200, { "Content-Type": "image/jpeg", ...(told ? { "Content-Length": 99_999_999 } : {}) });
			response.write(jpeg(1, 50_000));
		});
		await using relay = await RelayUnderTest.start({ maxFrameSize: 40_000 });
		expect(await refusal(relay.lastFrame("s", camera.url(), stays()))).toBe(
			"39010 the upstream's picture is too large",
		);
		await camera.allClosed();
	});

	it("is 39010 when it does not come whole within TIMEOUT, however steadily it drips", async () => {
		await using camera = await Camera.raw((socket) => {
			socket.write("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n");
			const drip = setInterval(() => socket.write("x"), 20);
			socket.on("close", () => clearInterval(drip));
		});
		await using relay = await RelayUnderTest.start({ timeout: 0.2 });
		expect(await refusal(relay.lastFrame("s", camera.url(), stays()))).toBe(
			"39010 the upstream sent no picture in time",
		);
		await camera.allClosed();
	});

	it("is 39010 when the connection breaks before its end", async () => {
		await using camera = await Camera.raw((socket) => {
			socket.write("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 5000\r\n\r\n");
			socket.write(jpeg(1), () => socket.destroy());
		});
		await using relay = await RelayUnderTest.start();
		expect(await refusal(relay.lastFrame("s", camera.url(), stays()))).toBe("39010 the upstream broke the connection");
	});
});
