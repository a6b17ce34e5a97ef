import { lookup } from "node:dns/promises";
import { describe, expect, it } from "vitest";
import { Fault } from "../../persistence/fault.ts";
import { Camera } from "./camera.ts";
import { jpeg } from "./pictures.ts";
import { RelayUnderTest, refusal, stays } from "./relay-under-test.ts";

const good = () => Camera.http((response) => response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(1)));

/** Asks both ways; the reasons must be the same. */
async function reasonFor(relay: RelayUnderTest, url: string): Promise<string> {
	const [still, live] = await Promise.all([
		refusal(relay.lastFrame("s", url, stays())),
		refusal(relay.watch("s", url, stays())),
	]);
	expect(live).toBe(still);
	return still;
}

describe("the upstream of a preview", () => {
	it.each([
		"http://169.254.169.254/latest/meta-data/",
		"http://2852039166/",
		"http://0xa9fea9fe/",
		"http://[::ffff:169.254.169.254]/",
		"http://0.0.0.0/",
		"http://[::]/",
		"http://8.8.8.8/",
		"http://[fe80::1]/",
		"http://100.100.100.200/",
	])("%s is a forbidden address and is 39010", async (url) => {
		await using relay = await RelayUnderTest.start();
		const { hostname } = new URL(url);
		expect(await reasonFor(relay, url)).toBe(`39010 the host '${hostname}' is not within the allowed networks`);
	});

	it("is not connected to when its name resolves to a forbidden address, and the reason does not tell which", async () => {
		await using camera = await good();
		await using relay = await RelayUnderTest.start({
			resolve: async () => [{ address: "203.0.113.7", family: 4 }],
		});
		const reason = await reasonFor(relay, camera.url("/", "camera.example"));
		expect(reason).toBe("39010 the host 'camera.example' is not within the allowed networks");
		expect(relay.warnings[0]).toMatchObject({ host: "camera.example", addresses: ["203.0.113.7"] });
		expect(camera.connections).toBe(0);
	});

	it("is told to the log with the stream and the request, when it is forbidden", async () => {
		await using relay = await RelayUnderTest.start();
		const url = "http://169.254.169.254/";
		const ids = ["1770000000,00000000-0000-4000-8000-000000000001", "1770000000,00000000-0000-4000-8000-000000000002"];
		await refusal(relay.lastFrame("front door", url, stays(), { requestId: ids[0]!, owner: null }));
		await refusal(relay.watch("front door", url, stays(), { requestId: ids[1]!, owner: null }));
		// A page of the console asks by no request of its own.
		await refusal(relay.lastFrame("yard", url, stays()));
		const about = { host: "169.254.169.254", addresses: ["169.254.169.254"], message: expect.any(String) };
		expect(relay.warnings).toEqual([
			{ stream_id: "front door", request_id: ids[0], ...about },
			{ stream_id: "front door", request_id: ids[1], ...about },
			{ stream_id: "yard", ...about },
		]);
	});

	it("is resolved once, and connected to at an address that was checked", async () => {
		await using camera = await good();
		let asked = 0;
		await using relay = await RelayUnderTest.start({
			// The second answer would be another one.
			resolve: async () => {
				asked += 1;
				return [
					{ address: "169.254.169.254", family: 4 },
					{ address: asked === 1 ? "127.0.0.1" : "203.0.113.7", family: 4 },
				];
			},
		});
		const picture = await relay.lastFrame("s", camera.url("/", "rebinding.example"), stays());
		expect(picture.bytes.byteLength).toBe(jpeg(1).byteLength);
		expect(asked).toBe(1);
	});

	it("is found by the system's resolver", async () => {
		await using camera = await good();
		await using relay = await RelayUnderTest.start();
		const addresses = await lookup("localhost", { all: true });
		expect(addresses.some(({ address }) => address === "127.0.0.1")).toBe(true);
		await relay.lastFrame("s", camera.url("/", "localhost"), stays());
		expect(camera.connections).toBe(1);
	});

	it("is 39010 when its name is not found", async () => {
		const notFound = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
		await using relay = await RelayUnderTest.start({ resolve: () => Promise.reject(notFound) });
		expect(await reasonFor(relay, "http://nowhere.invalid/")).toBe("39010 the upstream's host name was not found");
		await using empty = await RelayUnderTest.start({ resolve: async () => [] });
		expect(await reasonFor(empty, "http://nowhere.invalid/")).toBe("39010 the upstream's host name was not found");
	});

	it.each(["ftp://127.0.0.1/", "file:///etc/passwd", "data:image/png;base64,AA==", "nothing", ""])(
		"'%s' is not an http url",
		async (url) => {
			await using relay = await RelayUnderTest.start();
			expect(await reasonFor(relay, url)).toBe("39010 the preview url is not an http url");
		},
	);

	it("is not followed when it redirects", async () => {
		await using target = await good();
		await using camera = await Camera.http((response) => {
			response.writeHead(302, { Location: target.url(), "Content-Type": "image/jpeg" }).end(jpeg(1));
		});
		await using relay = await RelayUnderTest.start();
		expect(await reasonFor(relay, camera.url())).toBe("39010 the upstream redirects, which is not followed");
		expect(target.connections).toBe(0);
	});

	it.each([204, 206, 404, 500])("is 39010 when it answers %i", async (status) => {
		await using camera = await Camera.http((response) => response.writeHead(status).end());
		await using relay = await RelayUnderTest.start();
		expect(await reasonFor(relay, camera.url())).toBe(`39010 the upstream answered ${status}`);
		await camera.allClosed();
	});

	it("is 39010 when its body is compressed, which was not asked for", async () => {
		let accepted: string | undefined;
		await using camera = await Camera.http((response, request) => {
			accepted = String(request.headers["accept-encoding"]);
			response.writeHead(200, { "Content-Type": "image/jpeg", "Content-Encoding": "gzip" }).end("x");
		});
		await using relay = await RelayUnderTest.start();
		expect(await reasonFor(relay, camera.url())).toBe("39010 the upstream sends a compressed body");
		expect(accepted).toBe("identity");
	});

	it("is 39010 when nobody listens", async () => {
		const camera = await good();
		const url = camera.url();
		await camera[Symbol.asyncDispose]();
		await using relay = await RelayUnderTest.start();
		expect(await reasonFor(relay, url)).toBe("39010 the upstream refused the connection");
	});

	it("is 39010 when it does not answer within TIMEOUT", async () => {
		await using camera = await Camera.raw(() => undefined);
		await using relay = await RelayUnderTest.start({ timeout: 0.1 });
		const still = await refusal(relay.lastFrame("s", camera.url(), stays()));
		const live = await refusal(relay.watch("s", camera.url(), stays()));
		expect(still).toMatch(/^39010 the upstream (did not answer|sent no picture) in time$/);
		expect(live).toBe("39010 the upstream did not answer in time");
		await camera.allClosed();
	});

	it("is 39010 when its name is not resolved within TIMEOUT", async () => {
		await using relay = await RelayUnderTest.start({ timeout: 0.1, resolve: () => new Promise(() => undefined) });
		expect(await refusal(relay.watch("s", "http://slow.example/", stays()))).toBe(
			"39010 the upstream did not answer in time",
		);
	});

	it.each([
		["drips its headers", "", "the upstream did not answer in time"],
		["sends headers without end", `X-Long: ${"x".repeat(20_000)}`, "the upstream's headers are too large"],
		["speaks something else", "+OK ready\r\n", "the upstream does not speak HTTP"],
		["breaks off", null, "the upstream broke the connection"],
	])("is 39010 when it %s", async (_what, text, reason) => {
		await using camera = await Camera.raw((socket) => {
			if (text === null) return void socket.destroy();
			if (!text.startsWith("+")) socket.write("HTTP/1.1 200 OK\r\n");
			socket.write(text);
			if (text !== "") return;
			const drip = setInterval(() => socket.write("x"), 20);
			socket.on("close", () => clearInterval(drip));
		});
		await using relay = await RelayUnderTest.start({ timeout: text === "" ? 0.15 : 5 });
		expect(await refusal(relay.watch("s", camera.url(), stays()))).toBe(`39010 ${reason}`);
		await camera.allClosed();
	});

	it("gets the credentials of its url as Basic authorization, and nothing else of the client's", async () => {
		let headers = {};
		await using camera = await Camera.http((response, request) => {
			headers = request.headers;
			response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(1));
		});
		await using relay = await RelayUnderTest.start();
		const url = camera.url().replace("http://", "http://us%40er:p%3Ass%zz@");
		await relay.lastFrame("s", url, stays());
		expect(headers).toEqual({
			accept: "multipart/x-mixed-replace, image/*",
			"accept-encoding": "identity",
			authorization: `Basic ${Buffer.from("us@er:p%3Ass%zz").toString("base64")}`,
			connection: "close",
			host: `127.0.0.1:${camera.port}`,
			"user-agent": "perigee",
		});
	});

	it("has its credentials told nowhere, neither in the error nor in the log", async () => {
		await using relay = await RelayUnderTest.start();
		for (const url of ["http://user:hunter2@8.8.8.8/", "http://user:hunter2@127.0.0.1:1/", "ftp://user:hunter2@h/"]) {
			const error = await relay.lastFrame("s", url, stays()).catch((caught: unknown) => caught);
			expect(error).toBeInstanceOf(Fault);
			const fault = error as Fault;
			expect(`${fault.stack} ${JSON.stringify([fault.values, fault.cause])}`).not.toContain("hunter2");
		}
		expect(JSON.stringify(relay.warnings)).not.toContain("hunter2");
	});
});
