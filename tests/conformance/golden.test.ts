import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Answer } from "./api.ts";
import samples from "./reference-samples.json" with { type: "json" };
import { openTarget, UNKNOWN } from "./target.ts";

const target = await openTarget();
const { api } = target;

/**
 * Answers as they were once read and found good, in `golden/`. What differs from run to run stands there as a name in
 * angle brackets. UPDATE_GOLDEN=1 writes them anew; then read what changed.
 */
function expectGolden(name: string, { status, body }: Answer): void {
	const file = new URL(`golden/${name}.json`, import.meta.url);
	const answer = { status, body: normalised(body) };
	if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, `${JSON.stringify(answer, null, "\t")}\n`);
	expect(answer, name).toEqual(JSON.parse(readFileSync(file, "utf8")));
}

/** Ids are numbered in the order in which they appear; fixed ones of the samples stay. */
function normalised(body: unknown): unknown {
	const ids = new Map<string, string>();
	const fixed = JSON.stringify(samples) + UNKNOWN;
	const text = JSON.stringify(body)
		.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
			if (fixed.includes(id)) return id;
			if (!ids.has(id)) ids.set(id, `<id ${ids.size + 1}>`);
			return ids.get(id) ?? id;
		})
		.replaceAll(new RegExp(`conformance-${target.mark}-\\d+`, "g"), "<name>")
		.replace(/"(create_time|log_time)":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/g, '"$1":"<time>"')
		.replace(/"execution_time":[\d.e-]+/, '"execution_time":"<seconds>"')
		.replace(/"(major|minor|patch)":\d+/g, '"$1":"<number>"');
	return JSON.parse(text);
}

const whole = { ...samples["POST /1/streams: body"], account_id: target.account, group_name: undefined };
const video_info = samples["POST /1/streams/processing/feedback: body"].streams[0]!.video_info;
const preview = { live: { url: "http://127.0.0.1:1/live" }, last_frame: { url: "http://127.0.0.1:1/frame" } };
const error = { error_code: 7, desc: "Camera is away", detail: "No route to host" };

test("a stream that was given everything, and one that was given nothing", async () => {
	const { group_name } = await target.createGroup();
	const id = await target.create({ ...whole, group_name });
	await target.takeOne(id);
	await target.report(id, "in_progress", { video_info, preview, error });
	expectGolden("stream-whole", await api.get(`/1/streams/${id}`));
	expectGolden("stream-list", await api.get(`/1/streams?stream_ids=${id}`));
	const plain = await target.create({
		data: { type: "images", reference: "folder" },
		event_handler: { api_version: 6 },
	});
	expectGolden("stream-plain", await api.get(`/1/streams/${plain}`));
});

test("created, written anew, counted", async () => {
	const created = await api.post<{ stream_id: string }>("/1/streams", target.body());
	target.owns(created.body.stream_id);
	expectGolden("stream-created", created);
	expectGolden("stream-written-anew", await api.put(`/1/streams/${created.body.stream_id}`, target.body()));
	expectGolden("streams-count", await api.get(`/1/streams/count?stream_ids=${created.body.stream_id}`));
});

test("the queue's answers", async () => {
	const id = await target.create(whole);
	expectGolden("queue-look", await api.get(`/1/streams/processing/queue?limit=1&stream_ids=${id}`));
	const body = { filters: { stream_ids: [id] }, limit: 1 };
	expectGolden("queue-take", await api.post("/1/streams/processing/queue", body));
	expectGolden("queue-empty", await api.post("/1/streams/processing/queue", body));
});

test("the answer to feedback", async () => {
	const [one, two] = [await target.create(), await target.create()];
	await target.takeOne(one);
	const item = (stream_id: string, status: string) => ({ stream_id, version: 1, status });
	const streams = [item(one, "in_progress"), item(two, "done"), item(UNKNOWN, "done"), item(one, "done")];
	expectGolden("feedback", await api.post("/1/streams/processing/feedback", { streams }));
});

test("log records", async () => {
	const id = await target.create();
	await target.takeOne(id);
	await target.report(id, "failure", { video_info, preview, error });
	expectGolden("logs", await api.get(`/1/streams/logs?stream_ids=${id}`));
	expectGolden("logs-targets", await api.get(`/1/streams/logs?stream_ids=${id}&targets=status,error`));
	expectGolden("logs-deleted", await api.delete("/1/streams/logs?log_time__lt=1970-01-01T00:00:00Z"));
});

test("groups", async () => {
	const body = { account_id: target.account, group_name: target.name(), description: "default stream group" };
	const created = await api.post<{ group_id: string }>("/1/groups", body);
	const { group_id } = created.body;
	target.ownsGroup(group_id);
	expectGolden("group-created", created);
	expectGolden("group", await api.get(`/1/groups/${group_id}`));
	expectGolden("group-list", await api.get(`/1/groups?group_ids=${group_id}`));
	expectGolden("groups-count", await api.get(`/1/groups/count?group_ids=${group_id}`));
});

test("version and health", async () => {
	expectGolden("version", await api.get("/version"));
	expectGolden("health", await api.get("/healthcheck"));
});

test("error bodies", async () => {
	const { group_name, group_id } = await target.createGroup();
	const video = await target.create({ data: { type: "videofile", reference: "file.mp4" } });
	await target.takeOne(video);
	const paused = await target.create({ status: "pause" });
	await target.patch(paused, { status: "cancel" });
	const unknown = `/1/streams/${UNKNOWN}`;
	const errors: Record<number, Answer> = {
		12012: await api.get("/1/streams?page=0"),
		12013: await api.get("/nowhere"),
		12014: await api.get("/1/streams/processing/queue"),
		12021: await api.ask("PUT", "/version", { body: {} }),
		12022: await api.patch(unknown, {}),
		12023: await api.ask("POST", "/1/streams", { body: {}, headers: { "Content-Type": "text/plain" } }),
		12024: await api.get("/docs/spec", { Accept: "image/png" }),
		12027: await api.ask("POST", "/1/streams", { body: Buffer.from("{") }),
		39001: await api.get(unknown),
		39002: await api.post("/1/streams", target.body({ status: "done" })),
		39003: await api.patch(`/1/streams/${video}`, { status: "pause" }),
		39004: await api.patch(`/1/streams/${video}`, { status: "pending" }),
		39005: await api.patch(`/1/streams/${paused}`, { status: "cancel" }),
		39006: await api.post("/1/groups", { account_id: target.account, group_name }),
		39007: await api.post("/1/streams", target.body({ group_name: target.name() })),
		39008: await api.get(`/1/groups/${UNKNOWN}?account_id=${group_id}`),
		39009: await api.get(`/1/streams/${video}/preview/live`),
	};
	for (const [code, answer] of Object.entries(errors)) {
		expect(answer.body).toMatchObject({ error_code: Number(code) });
		expectGolden(`error-${code}`, answer);
	}
});
