import { afterEach, expect, test } from "vitest";
import { loadUws } from "../../server/http/uws.ts";
import { openSocket } from "../support/bare-socket.ts";

const { platform } = process;
afterEach(() => {
	Object.defineProperty(process, "platform", { value: platform });
	delete process.env["UWS_USE_FALLBACK"];
});

test("a system without a binding is refused, with the reason of each, rather than served by JavaScript", () => {
	process.env["UWS_USE_FALLBACK"] = "1";
	Object.defineProperty(process, "platform", { value: "plan9" });
	expect(() => loadUws()).toThrow(/No native uWebSockets\.js fits this system\. .*uws_plan9_/);
});

test("the newest binding that fits is loaded and says which it is", () => {
	expect(loadUws().source).toMatch(/^uWebSockets\.js(?:-next)? 20\.\d+/);
});

test("whichever binding it is, idle connections are closed after 8 to 12 s", async () => {
	const uws = loadUws();
	const app = uws.createApp();
	app.any("/*", (response) => void response.end("here"));
	const port = await new Promise<number>((resolve) =>
		app.listen("127.0.0.1", 0, 0, (socket) => resolve(socket === false ? 0 : uws.localPort(socket))),
	);
	try {
		const kept = (first: string) =>
			new Promise<number>((resolve) => {
				const began = performance.now();
				const socket = openSocket(port).resume();
				if (first !== "") socket.write(first);
				socket.once("close", () => resolve((performance.now() - began) / 1_000));
			});
		const request = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
		const seconds = await Promise.all(["", request.slice(0, 20), request].map(kept));
		for (const each of seconds) {
			expect(each, seconds.join(", ")).toBeGreaterThan(7.5);
			expect(each, seconds.join(", ")).toBeLessThan(13);
		}
	} finally {
		app.close();
	}
});
