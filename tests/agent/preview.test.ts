import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Pictures } from "../../agent/preview/pictures.ts";
import { PreviewServer } from "../../agent/preview/preview-server.ts";
import { eventually } from "../support/signals.ts";

const ID = "b5d6fd45-fcca-453d-ac05-3e594054b813";
let pictures: Pictures;
let server: PreviewServer;

beforeEach(async () => {
	pictures = new Pictures();
	server = new PreviewServer(pictures, { host: "127.0.0.1", port: 0 }, null);
	await server.start();
});
afterEach(() => server.stop());

test("a stream that is not in work has no preview, and one without a picture has none yet", async () => {
	const { last_frame, live } = server.urls(ID);
	expect((await fetch(last_frame.url)).status).toBe(404);
	expect((await fetch(live.url)).status).toBe(404);
	const place = pictures.open(ID, () => undefined);
	expect((await fetch(last_frame.url)).status).toBe(503);
	place.put(new Uint8Array([1, 2, 3]));
	const answer = await fetch(`${last_frame.url}?t=1`);
	expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
	expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
	expect((await fetch(last_frame.url, { method: "HEAD" })).headers.get("content-length")).toBe("3");
	expect((await fetch(last_frame.url, { method: "POST" })).status).toBe(405);
	place.close();
	expect((await fetch(last_frame.url)).status).toBe(404);
});

test("a watcher gets the newest picture at once and the next ones as they come, until the stream leaves", async () => {
	const told: boolean[] = [];
	const place = pictures.open(ID, (on) => told.push(on));
	place.put(Buffer.from("first"));
	const answer = await fetch(server.urls(ID).live.url);
	const reader = answer.body!.getReader();
	let text = "";
	const read = async (until: string) => {
		while (!text.includes(until)) text += Buffer.from((await reader.read()).value ?? []).toString();
	};
	await read("first\r\n--");
	place.put(Buffer.from("second"));
	await read("second\r\n--");
	expect(text).toContain("Content-Type: image/jpeg\r\nContent-Length: 6\r\n\r\nsecond");
	expect(place.watched).toBe(true);
	place.close();
	while (!(await reader.read()).done);
	await eventually(() => !place.watched);
	expect(told).toEqual([true, false]);
});

test("a slow watcher misses pictures, gets the newest one, and costs no memory", async () => {
	const place = pictures.open(ID, () => undefined);
	const { hostname, port, pathname } = new URL(server.urls(ID).live.url);
	const socket = connect(Number(port), hostname);
	socket.write(`GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`);
	await eventually(() => place.watched);
	socket.pause();
	const before = process.memoryUsage().arrayBuffers;
	for (let index = 0; index < 400; index++) {
		place.put(Buffer.alloc(200_000, `picture-${index};`));
		await new Promise((resolve) => setImmediate(resolve));
	}
	expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(400 * 200_000);
	let bytes = 0;
	let tail = "";
	socket.on("data", (chunk) => {
		bytes += chunk.length;
		tail = (tail + chunk.toString("latin1")).slice(-300);
	});
	socket.resume();
	await eventually(() => tail.includes("picture-399"));
	expect(bytes).toBeLessThan(200 * 200_000);
	socket.destroy();
	await once(socket, "close");
});

test("the advertised address stands in the urls, whatever it listens on", async () => {
	const behind = new PreviewServer(pictures, { host: "127.0.0.1", port: 0 }, "https://agents.example/one");
	await behind.start();
	await behind.stop();
	expect(behind.urls(ID).live.url).toBe(`https://agents.example/one/streams/${ID}/live`);
	pictures.open(ID, () => undefined).put(new Uint8Array([1]));
	const { last_frame } = server.urls(ID);
	expect((await fetch(last_frame.url.replace("/streams", "/prefix/streams"))).status).toBe(200);
});
