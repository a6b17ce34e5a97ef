import { describe, expect, it } from "vitest";
import { asPicture } from "../../server/preview/picture.ts";
import { MAX_PIXELS } from "../../server/preview/picture-size.ts";
import { ownTime } from "../support/own-time.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { bombs, smallerBombs } from "./bombs.ts";
import { Camera, type Place } from "./camera.ts";
import { NameServer } from "./name-server.ts";
import { jpeg } from "./pictures.ts";
import { RelayUnderTest, refusal, stays } from "./relay-under-test.ts";

const good = (place?: Place) =>
	Camera.http((response) => response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(1)), place);

/** What both ways of asking are refused with. */
async function both(relay: RelayUnderTest, url: string): Promise<string[]> {
	const view = relay.watch("s", url, stays()).then((each) => each.close());
	return Promise.all([refusal(relay.lastFrame("s", url, stays())), refusal(view)]);
}

/** 127.0.0.1 as people write it who do not want it to be seen. */
const spellings = [
	"127.0.0.1",
	"2130706433",
	"0x7f000001",
	"0x7F.0.0.1",
	"017700000001",
	"0177.0.0.01",
	"0x7f.0x0.0x0.0x1",
	"127.1",
	"127.0.1",
	"0177.1",
	"127.0.0.1.",
	"%31%32%37.0.0.1",
	"①②⑦.⓪.⓪.①",
	"127。0。0。1",
	"10.0.0.1@127.0.0.1",
	"10.0.0.1:80@2130706433",
	"[::ffff:127.0.0.1]",
	"[::ffff:7f00:1]",
	"[0:0:0:0:0:FFFF:127.0.0.1]",
	"localhost",
	"LocalHost",
];

describe("an address, however it is written,", () => {
	it.each(spellings)("%s is not connected to when it is not within the allowed networks", async (spelling) => {
		await using camera = await good();
		await using relay = await RelayUnderTest.start({ allowedNetworks: ["10.0.0.0/8", "::1/128"] });
		for (const reason of await both(relay, camera.url("/", spelling))) expect(reason).toMatch(/^39010 the /);
		expect(camera.connections).toBe(0);
	});

	it("is the same camera for all of these spellings when it is", async () => {
		await using camera = await good();
		await using relay = await RelayUnderTest.start({ cacheTtl: 0, allowedNetworks: ["127.0.0.1/32"] });
		for (const spelling of spellings) await relay.lastFrame("s", camera.url("/", spelling), stays());
		expect(camera.connections).toBe(spellings.length);
	});

	it("is connected to at the port of its url, the usual one where none is given, and at none that cannot be", async () => {
		await using camera = await good();
		await using relay = await RelayUnderTest.start({ timeout: 1 });
		expect(await both(relay, "http://127.0.0.1:0/")).toEqual([
			expect.stringMatching(/^39010 /),
			expect.stringMatching(/^39010 /),
		]);
		for (const port of [65_536, -1, "x", "80 80"])
			expect(await both(relay, `http://127.0.0.1:${port}/`)).toEqual(
				Array(2).fill("39010 the preview url is not an http url"),
			);
		await relay.lastFrame("s", camera.url(), stays());
		expect(camera.connections).toBe(1);
	});
});

// Every address of 127/8 is this machine's on Linux: one of them is the forbidden one here, and somebody listens there.
describe.runIf(process.platform === "linux")("a name", () => {
	const camera = "127.0.0.1";
	const forbidden = "127.0.0.2";

	it("that leads elsewhere at every asking is connected to where it was checked, or not at all", async () => {
		const seed = newSeed();
		console.log(`rebinding names: seed ${seed}`);
		const random = seededRandom(seed);
		const lists = [[camera], [forbidden], [camera, forbidden], [forbidden, camera], ["169.254.169.254"], ["0.0.0.0"]];
		const told: string[][] = [];
		await using allowed = await good({ host: camera });
		await using trap = await good({ host: forbidden, port: allowed.port });
		await using names = await NameServer.start((question) => {
			const list = lists[Math.floor(random() * lists.length)] ?? [];
			told[question] = list;
			return list;
		});
		await using relay = await RelayUnderTest.start({
			cacheTtl: 0,
			allowedNetworks: [`${camera}/32`],
			resolve: names.resolve,
		});
		const url = allowed.url("/", "rebinding.example");
		const reasons: string[] = [];
		for (let round = 0; round < 60; round++) reasons.push(await refusal(relay.lastFrame("s", url, stays())));
		const expected = told.map((list) =>
			list.includes(camera) ? "none" : "39010 the host 'rebinding.example' is not within the allowed networks",
		);
		expect(reasons).toEqual(expected);
		expect(names.asked).toBe(60);
		expect(allowed.connections).toBe(expected.filter((reason) => reason === "none").length);
		expect(trap.connections).toBe(0);
	});

	it("is not followed to a forbidden address by any redirect or header", async () => {
		await using trap = await good({ host: forbidden });
		const location = trap.url("/", forbidden);
		const answers: [number, Record<string, string>][] = [301, 302, 303, 307, 308].map((status) => [
			status,
			{ Location: location },
		]);
		answers.push([302, { Location: `//${forbidden}:${trap.port}/` }], [300, { Location: location }]);
		answers.push([305, { Location: location }], [401, { "WWW-Authenticate": `Basic realm="${location}"` }]);
		const headers = { "Content-Location": location, Refresh: `0; url=${location}`, Link: `<${location}>; rel=preload` };
		answers.push([
			200,
			{ ...headers, "Content-Type": "image/jpeg", "Alt-Svc": `http/1.1="${forbidden}:${trap.port}"` },
		]);
		let at = 0;
		await using source = await Camera.http((response) => {
			const [status, given] = answers[at] ?? [500, {}];
			response.writeHead(status, given).end(jpeg(1));
		});
		await using relay = await RelayUnderTest.start({ cacheTtl: 0, allowedNetworks: ["127.0.0.0/8"] });
		for (const [status] of answers) {
			const reason = await refusal(relay.lastFrame("s", source.url(), stays()));
			if (status === 200) expect(reason).toBe("none");
			else expect(reason).toMatch(/^39010 the upstream (redirects, which is not followed|answered \d+)$/);
			at++;
		}
		expect(source.connections).toBe(answers.length);
		expect(trap.connections).toBe(0);
	});
});

/** Writes as fast as it is read, until the connection is closed. */
function withoutEnd(head: string, repeated: Buffer | string): Promise<Camera> {
	const block = Buffer.concat(Array(64).fill(Buffer.from(repeated)));
	return Camera.raw((socket) => {
		const pump = () => {
			while (!socket.destroyed && socket.write(block));
		};
		socket.on("drain", pump);
		socket.write(head);
		pump();
	});
}

const ok = "HTTP/1.1 200 OK\r\n";
const live = `${ok}Content-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n`;

describe("a body without end", () => {
	const cases: [string, string, Buffer | string][] = [
		["a picture", `${ok}Content-Type: image/jpeg\r\n\r\n\xff\xd8\xff`, Buffer.alloc(1_024, 1)],
		["a picture in chunks", `${ok}Content-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n`, "4\r\nxxxx\r\n"],
		[
			"a picture whose length is a lie",
			`${ok}Content-Type: image/jpeg\r\nContent-Length: 9007199254740991\r\n\r\n`,
			"x",
		],
		["a chunk's extension", `${ok}Content-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n4;`, "x".repeat(1_024)],
		["trailers", `${ok}Content-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n`, "X-A: b\r\n"],
		["first answers that are none yet", "", "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"],
		["headers", ok, "X-A: b\r\n"],
		["what stands before the first live picture", live, "x".repeat(1_024)],
		["blank lines before the first live picture", live, "\r\n"],
		["a live picture", `${live}--b\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\xff`, "x".repeat(1_024)],
		["the headers of a live picture", `${live}--b\r\n`, "X-A: b\r\n"],
		["live pictures of nothing", live, "--b\r\n\r\n\r\n"],
	];
	it.each(cases)("(%s) is 39010, its connection closed, and takes no memory", async (_what, head, repeated) => {
		await using camera = await withoutEnd(head, repeated);
		await using relay = await RelayUnderTest.start({ timeout: 0.5, maxFrameSize: 262_144 });
		const before = process.memoryUsage.rss();
		for (const reason of await both(relay, camera.url())) expect(reason).toMatch(/^39010 the upstream/);
		await camera.allClosed();
		expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1_048_576);
	});
});

describe("a picture of a few bytes that claims to be huge", () => {
	const tooMany = "39010 the upstream's picture has too many pixels";
	const serving = (body: Buffer) =>
		Camera.http((response, { url }) => {
			const type = url === "/live" ? "multipart/x-mixed-replace; boundary=b" : "image/jpeg";
			const part = Buffer.concat([
				Buffer.from("--b\r\nContent-Type: image/jpeg\r\n\r\n"),
				body,
				Buffer.from("\r\n--b\r\n"),
			]);
			response.writeHead(200, { "Content-Type": type }).end(url === "/live" ? part : body);
		});

	it.each(Object.entries({ ...bombs, ...smallerBombs }))("(%s) is 39010, as a still and live", async (kind, make) => {
		const side = kind in smallerBombs ? 16_000 : 65_000;
		const body = make(side, side);
		expect(body.byteLength).toBeLessThan(200);
		await using camera = await serving(body);
		await using relay = await RelayUnderTest.start();
		expect(await both(relay, camera.url("/still"))).toEqual([tooMany, tooMany]);
		expect(await refusal(relay.watch("s", camera.url("/live"), stays()))).toBe(tooMany);
	});

	it.each(Object.entries({ ...bombs, ...smallerBombs }))("(%s) passes up to the largest that passes", (_kind, make) => {
		expect(MAX_PIXELS).toBe(8_192 * 8_192);
		expect(asPicture(make(8_192, 8_192)).contentType).toMatch(/^image\//);
		expect(asPicture(make(7_680, 4_320)).contentType).toMatch(/^image\//);
		expect(() => asPicture(make(8_193, 8_192))).toThrow();
		expect(() => asPicture(make(8_192, 8_193))).toThrow();
	});

	it("is measured in a moment, whatever its bytes are", () => {
		const seed = newSeed();
		console.log(`measured pictures: seed ${seed}`);
		const random = seededRandom(seed);
		const began = ownTime();
		const heads = Object.values({ ...bombs, ...smallerBombs }).map((make) => make(100, 100));
		for (const head of heads)
			for (let cut = 0; cut < 200; cut++) {
				const broken = Buffer.concat([head.subarray(0, 12), Buffer.alloc(200)]);
				for (let at = 12; at < broken.byteLength; at++) broken[at] = Math.floor(random() * 256);
				try {
					asPicture(broken.subarray(0, 12 + cut));
				} catch (error) {
					expect(error).toMatchObject({ code: 39010 });
				}
			}
		for (const filling of [0xff, 0x00, 0x01, 0x21])
			for (const head of heads) {
				try {
					asPicture(Buffer.concat([head.subarray(0, 13), Buffer.alloc(8_388_608, filling)]));
				} catch (error) {
					expect(error).toMatchObject({ code: 39010 });
				}
			}
		expect(ownTime() - began).toBeLessThan(10_000);
	});
});
