import { expect, test } from "vitest";
import { Peers } from "../../server/http/peers.ts";
import { Camera } from "../preview/camera.ts";
import { RelayUnderTest } from "../preview/relay-under-test.ts";
import { ID, RecordingEngine } from "./recording-engine.ts";
import { serve } from "./serve.ts";

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(20_000, 7), Buffer.from([0xff, 0xd9])]);

test("a live preview goes from the agent through the relay to the client until one of them ends it", async () => {
	await using camera = await Camera.http((response) => {
		response.writeHead(200, { "Content-Type": "multipart/x-mixed-replace; boundary=cam" });
		const timer = setInterval(() => {
			response.write(`--cam\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
			response.write(jpeg);
			response.write("\r\n");
		}, 20);
		response.on("close", () => clearInterval(timer));
	});
	await using relay = await RelayUnderTest.start();
	const engine = new RecordingEngine();
	engine.preview = async () => ({ status: "in_progress" as const, live: camera.url("/live"), last_frame: null });
	await using serving = await serve({ parts: { engine, previews: relay } });

	const response = await serving.ask(`/1/streams/${ID}/preview/live`);
	expect(response.headers.get("content-type")).toMatch(/^multipart\/x-mixed-replace; ?boundary=/);
	expect(response.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
	const reader = response.body!.getReader();
	let received = Buffer.alloc(0);
	while (received.length < 3 * jpeg.length) {
		const { value, done } = await reader.read();
		expect(done).toBe(false);
		received = Buffer.concat([received, value ?? Buffer.alloc(0)]);
	}
	expect(received.includes(jpeg)).toBe(true);
	expect(camera.open).toBe(1);
	await reader.cancel();
	await expect.poll(() => camera.open).toBe(0);
	await expect.poll(() => serving.server.requestsUnderWay).toBe(0);

	const second = await serving.ask(`/1/streams/${ID}/preview/live`);
	relay.forget(ID);
	await second.arrayBuffer();
	expect((await serving.ask(`/1/streams/${ID}/preview/live`, { method: "HEAD" })).status).toBe(200);
	await expect.poll(() => camera.open).toBe(0);
});

test("half of the live answers are left to other clients", async () => {
	await using camera = await Camera.http((response) => {
		response.writeHead(200, { "Content-Type": "multipart/x-mixed-replace; boundary=cam" });
		response.write(`--cam\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
		response.write(jpeg);
		response.write("\r\n");
	});
	await using relay = await RelayUnderTest.start({ maxViewers: 4 });
	const engine = new RecordingEngine();
	engine.preview = async () => ({ status: "in_progress" as const, live: camera.url("/live"), last_frame: null });
	const peers = new Peers({ trustedProxies: ["127.0.0.0/8"], exempt: ["203.0.113.200/32"] });
	await using serving = await serve({ parts: { engine, previews: relay }, peers });
	const leave = new AbortController();
	const ask = (address: string) =>
		serving.ask(`/1/streams/${ID}/preview/live`, {
			headers: { "X-Forwarded-For": address },
			signal: leave.signal,
		});
	const statuses: number[] = [];
	// Behind the last one are many.
	for (const address of ["203.0.113.7", "203.0.113.7", "203.0.113.7", "203.0.113.8", "203.0.113.200"])
		statuses.push((await ask(address)).status);
	expect(statuses).toEqual([200, 200, 503, 200, 200]);
	expect(relay.viewers).toBe(4);
	leave.abort();
	await expect.poll(() => relay.viewers).toBe(0);
});
