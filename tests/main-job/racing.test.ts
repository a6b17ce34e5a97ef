import { beforeAll, expect, test } from "vitest";
import { endsAt, explainLogPath } from "../support/log-path.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import type { ApiClient, FeedbackAnswer, StreamView } from "./api-client.ts";
import { type RunningService, startService } from "./service-fixture.ts";
import { streamBody } from "./stream-bodies.ts";

let service: RunningService;
beforeAll(async () => {
	service = await startService();
	return service.stop;
});

/** What the lifecycle may answer to a command that came too late. */
const REFUSALS = [39001, 39003, 39004, 39005];

test("commands of the same stream racing over HTTP, in any interleaving: the log is a path, and the row is where it ends", async () => {
	const seed = newSeed();
	console.log(`racing: seed ${seed}`);
	const random = seededRandom(seed);
	const number = (below: number) => Math.floor(random() * below);
	const body = () =>
		streamBody({ status: random() < 0.6 ? "pending" : "pause", autorestart: { restart: number(2), delay: 1 } });
	const live: string[] = [];
	const all: string[] = [];
	const create = async (): Promise<void> => {
		const id = await service.api.create(body());
		all.push(id);
		live.push(id);
	};
	for (let made = 0; made < 8; made++) await create();

	/** A request; a refusal of the lifecycle is an answer as good as another. */
	const command = async (api: ApiClient, method: string, path: string, content?: object): Promise<number> => {
		const { status, body: answer } = await api.ask<{ error_code: number }>(method, path, content);
		if (status >= 300) expect(REFUSALS, `${method} ${path}: ${JSON.stringify(answer)}`).toContain(answer.error_code);
		return status;
	};
	const report = async (api: ApiClient, id: string, status: string): Promise<void> => {
		const { status: http, body: stream } = await api.ask<StreamView>("GET", `/1/streams/${id}`);
		if (http === 404) return;
		const error = random() < 0.4 ? { error: { error_code: number(3), desc: "e", detail: "" } } : {};
		const preview = random() < 0.2 ? { preview: { live: { url: `http://127.0.0.1:1/${number(3)}` } } } : {};
		const item = {
			stream_id: id,
			version: stream.version,
			status,
			video_info: { width: number(99) },
			...error,
			...preview,
		};
		const answer = await api.ask<FeedbackAnswer>("POST", "/1/streams/processing/feedback", { streams: [item] });
		expect(answer.status).toBe(200);
		const { modified, unmodified } = answer.body.streams;
		expect(modified.length + unmodified.length).toBe(1);
	};
	const patch = (status: string) => (api: ApiClient, id: string) =>
		command(api, "PATCH", `/1/streams/${id}`, { status });
	const actions: ((api: ApiClient, id: string) => Promise<unknown>)[] = [
		(api, id) => report(api, id, "in_progress"),
		(api, id) => report(api, id, "done"),
		(api, id) => report(api, id, "failure"),
		(api, id) => report(api, id, "handler_lost"),
		patch("pause"),
		patch("cancel"),
		patch("pending"),
		(api, id) => command(api, "PATCH", `/1/streams/${id}`, { description: `${number(99)}` }),
		(api, id) => command(api, "PUT", `/1/streams/${id}`, body()),
		(api, id) => api.take(1, { stream_ids: [id] }),
		(api, id) => api.take(1, { stream_ids: [id] }),
		(api, id) => api.take(1, { stream_ids: [id] }),
		async (api, id) => {
			if (random() < 0.8) return;
			const status = await command(api, "DELETE", `/1/streams/${id}`);
			if (status !== 204) return;
			live.splice(live.indexOf(id), 1);
			await create();
		},
	];
	const race = async (): Promise<void> => {
		const api = service.client({ connections: 1 });
		for (let turn = 0; turn < 100; turn++) await actions[number(actions.length)]!(api, live[number(live.length)]!);
	};
	await Promise.all(Array.from({ length: 16 }, race));

	expect(await service.api.metric("perigee_changes_lost_total"), "nothing raced").toBeGreaterThan(0);
	// Autorestarts that are due go on by themselves: the log and the row are looked at when nothing is left to happen.
	for (const id of live) await command(service.api, "PATCH", `/1/streams/${id}`, { status: "pause" });
	expect(all.length).toBeGreaterThan(live.length);
	for (const id of all) {
		const log = await service.api.log(id, 7);
		const story = `seed ${seed}, stream ${id}: ${log.join(" ")}`;
		expect(explainLogPath(log), story).toBeNull();
		const { status, body: row } = await service.api.ask<StreamView>("GET", `/1/streams/${id}`);
		expect(status === 404 ? "deleted" : row.status, story).toBe(endsAt(log));
		const [newest] = await service.api.records(`stream_ids=${id}`);
		if (status === 200) expect(row.version, story).toBe(newest?.version);
	}
	expect(await service.api.count()).toBe(live.length);
});
