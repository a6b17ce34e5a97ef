import { createServer, type Server, Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FaultProxy } from "./fault-proxy.ts";
import { eventually } from "./signals.ts";
import { stressService } from "./stress-service.ts";

/** Says everything back. */
let server: Server;
let port: number;
let proxy: FaultProxy;
const open = new Set<Socket>();

beforeEach(async () => {
	server = createServer((socket) => {
		open.add(socket);
		socket.on("error", () => undefined);
		socket.pipe(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	port = (server.address() as { port: number }).port;
	proxy = new FaultProxy({ port });
	await proxy.start();
});
afterEach(async () => {
	await proxy.stop();
	for (const socket of open) socket.destroy();
	open.clear();
	await new Promise((resolve) => server.close(resolve));
});

/** A client of the proxy, what it heard, and how it ended. */
function client() {
	const socket = new Socket();
	const state = { socket, heard: "", error: "", ended: false, closed: false };
	socket.on("data", (data) => {
		state.heard += data.toString();
	});
	socket.on("error", (error: NodeJS.ErrnoException) => {
		state.error = error.code ?? "";
	});
	socket.on("end", () => {
		state.ended = true;
	});
	socket.on("close", () => {
		state.closed = true;
	});
	socket.connect(proxy.port, "127.0.0.1");
	open.add(socket);
	return state;
}

test("carries bytes both ways, all and in order", async () => {
	const each = client();
	const text = Array.from({ length: 100_000 }, (_, at) => `${at} `).join("");
	each.socket.write(text);
	await eventually(() => each.heard.length === text.length);
	expect(each.heard).toBe(text);
	each.socket.end();
	await eventually(() => each.closed);
	expect(each.error).toBe("");
	await eventually(() => proxy.connections === 0);
});

test("delays each direction, and keeps the order when the delay becomes less", async () => {
	proxy.delay(60);
	const each = client();
	const began = performance.now();
	each.socket.write("slow ");
	await eventually(() => proxy.connections === 1);
	await new Promise((resolve) => setTimeout(resolve, 20));
	proxy.delay(0);
	each.socket.write("fast");
	await eventually(() => each.heard === "slow fast");
	expect(performance.now() - began).toBeGreaterThan(50);
});

test("a black hole swallows everything, for new connections too, until it heals", async () => {
	const before = client();
	before.socket.write("a");
	await eventually(() => before.heard === "a");
	proxy.blackHole();
	const during = client();
	before.socket.write("b");
	during.socket.write("b");
	await eventually(() => proxy.connections === 2);
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect([before.heard, before.closed, during.heard, during.closed]).toEqual(["a", false, "", false]);
	proxy.heal();
	await eventually(() => before.closed && during.closed);
	const after = client();
	after.socket.write("c");
	await eventually(() => after.heard === "c");
});

test("a half-open connection says nothing, and a new one works", async () => {
	const before = client();
	before.socket.write("a");
	await eventually(() => before.heard === "a");
	proxy.halfOpen();
	before.socket.write("b");
	const after = client();
	after.socket.write("c");
	await eventually(() => after.heard === "c");
	expect([before.heard, before.closed, before.ended]).toEqual(["a", false, false]);
});

test("a reset is an error on the client's side", async () => {
	const each = client();
	each.socket.write("a");
	await eventually(() => each.heard === "a");
	proxy.reset();
	await eventually(() => each.closed);
	expect(each.error).toBe("ECONNRESET");
});

test("refused connections come to nothing until it heals", async () => {
	proxy.refuse();
	const refused = client();
	refused.socket.write("a");
	await eventually(() => refused.closed);
	expect(refused.heard).toBe("");
	proxy.heal();
	const after = client();
	after.socket.write("c");
	await eventually(() => after.heard === "c");
});

test("a server that is away is a connection that ends", async () => {
	const nowhere = new FaultProxy({ port: 1 });
	await nowhere.start();
	const socket = new Socket();
	socket.on("error", () => undefined);
	const closed = new Promise((resolve) => socket.once("close", resolve));
	socket.connect(nowhere.port, "127.0.0.1");
	await closed;
	await nowhere.stop();
});

test("starts and stops like every part, and leaves nothing", () => stressService(() => new FaultProxy({ port })));
