import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { Camera, LiveCamera } from "../preview/camera.ts";
import { jpeg } from "../preview/pictures.ts";
import { eventually } from "../support/signals.ts";
import { PageSocket } from "./page-socket.ts";

let service: RunningService;
const pages: PageSocket[] = [];

beforeAll(async () => {
	service = await startService();
});
afterAll(() => service.stop());
afterEach(() => {
	for (const each of pages.splice(0)) each.close();
});

async function open(): Promise<PageSocket> {
	const opened = await PageSocket.open(service.url);
	pages.push(opened);
	return opened;
}

/** A stream in progress whose agent offers these pictures. */
async function running(urls: { live?: string; last_frame?: string }): Promise<string> {
	const id = await service.api.create(streamBody());
	const [taken] = await service.api.take(1, { stream_ids: [id] });
	await report(id, taken!.version, urls);
	return id;
}

async function report(id: string, version: number, { live, last_frame }: { live?: string; last_frame?: string }) {
	const preview = { ...(live && { live: { url: live } }), ...(last_frame && { last_frame: { url: last_frame } }) };
	await service.api.feedback([{ stream_id: id, version, status: "in_progress", preview }]);
}

describe("pictures", () => {
	test("live ones come by one connection however many pages watch, and end with the last of them", async () => {
		await using camera = await LiveCamera.start(jpeg(1));
		const id = await running({ live: camera.url });
		const watching = await Promise.all(Array.from({ length: 10 }, open));
		for (const page of watching) page.say({ op: "pictures", streams: [{ stream_id: id, rate: "live" }] });
		await eventually(() => camera.camera.open === 1);
		await eventually(() => {
			camera.send(jpeg(2));
			return watching.every((page) => page.picturesOf(id).at(-1) === 2);
		});
		expect(camera.camera.connections).toBe(1);
		const [frame] = watching[0]!.pictures;
		expect([frame![0], frame![1]]).toEqual([1, 0]);
		expect(Math.abs(frame!.readDoubleBE(18) - Date.now())).toBeLessThan(10_000);
		for (const page of watching.slice(1)) page.say({ op: "pictures", streams: [] });
		watching[0]!.close();
		await camera.camera.allClosed();
	});

	test("stills are fetched once for all pages, and of no stream that offers none", async () => {
		let asked = 0;
		await using camera = await Camera.http((response) => {
			asked++;
			response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(asked));
		});
		const id = await running({ last_frame: camera.url("/still") });
		const other = await service.api.create(streamBody());
		const watching = [await open(), await open()];
		for (const page of watching)
			page.say({
				op: "pictures",
				streams: [id, other].map((stream_id) => ({ stream_id, rate: "still" as const })),
			});
		await eventually(() => watching.every((page) => page.picturesOf(id).includes(2)), { timeoutMs: 10_000 });
		expect(asked).toBeLessThanOrEqual(3);
		expect(watching.flatMap((page) => page.picturesOf(other))).toEqual([]);
		expect(watching.flatMap((page) => page.of("error"))).toEqual([]);
	});

	test("follow the stream: its agent's new address, and its end", async () => {
		await using before = await LiveCamera.start(jpeg(1));
		await using after = await LiveCamera.start(jpeg(7));
		const id = await running({ live: before.url });
		const page = await open();
		page.say({ op: "pictures", streams: [{ stream_id: id, rate: "live" }] });
		await eventually(() => page.picturesOf(id).includes(1));
		await report(id, 1, { live: after.url });
		await eventually(() => page.picturesOf(id).includes(7), { timeoutMs: 10_000 });
		await before.camera.allClosed();
		await service.api.expect(204, "PATCH", `/1/streams/${id}`, { status: "pause" });
		await after.camera.allClosed();
	});
});
