import { describe, expect, test } from "vitest";
import { expectInvalid, faults, said } from "./faults.ts";
import samples from "./reference-samples.json" with { type: "json" };
import { openTarget, UNKNOWN } from "./target.ts";

/**
 * What the page's generator made up, and the contract set right. Everything else of the samples is sent as it stands:
 * - samples of `data` without `reference` (all but that of POST);
 * - the url `../dictionary`;
 * - `status: pending` in the answer of a take, which shows the streams as they are after it;
 * - `log_time: "string"`;
 * - ids without quotes in some of the details of 39001;
 * - the group id with `fgga`;
 * - the same stream under modified and unmodified.
 */
const artefacts = { reference: "rtsp://some_stream_address", url: "http://127.0.0.1:1/live" };

const target = await openTarget();
const { api } = target;
const created = samples["POST /1/streams: body"];
const groupName = created.group_name;

/** The samples name a group that has to exist; it may be there already. */
const group = await api.post<{ group_id?: string }>("/1/groups", { account_id: target.account, group_name: groupName });
if (group.body.group_id !== undefined) target.ownsGroup(group.body.group_id);

/** Members at every depth, with the kinds of what is no object: null and a value may stand for each other. */
function shape(value: unknown): unknown {
	if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
	if (typeof value !== "object" || value === null) return typeof value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([name, member]) => [name, shape(member)]),
	);
}

async function createSample(): Promise<string> {
	const answer = await api.post<{ stream_id: string }>("/1/streams", created);
	expect(said(answer)).toMatchObject({ status: 201 });
	expect(shape(answer.body)).toEqual(shape(samples["POST /1/streams"]));
	target.owns(answer.body.stream_id);
	return answer.body.stream_id;
}

/** A stream created, taken and reported about as the samples do it, so that none of its members is null but last_error. */
async function runningSample(): Promise<string> {
	const id = await createSample();
	await target.takeOne(id);
	const [item] = samples["POST /1/streams/processing/feedback: body"].streams;
	const preview = { live: { url: artefacts.url }, last_frame: { url: artefacts.url } };
	await target.report(id, "in_progress", { ...item, stream_id: id, preview });
	return id;
}

/** The sample of a stream with what the page left out, and `last_attempt_time` null where nothing was attempted. */
function streamShape(sample: (typeof samples)["GET /1/streams/{stream_id}"]): unknown {
	return shape({
		...sample,
		data: { ...sample.data, reference: artefacts.reference },
		event_handler: created.event_handler,
		autorestart: { ...sample.autorestart, last_attempt_time: null },
	});
}

describe("streams", () => {
	test("the sample of POST is created and read as it was written", async () => {
		const id = await createSample();
		const { group_name, autorestart, ...written } = created;
		expect(await target.stream(id)).toMatchObject({ ...written, autorestart, groups: [group_name] });
	});
	test("GET and the list have the members of their samples", async () => {
		const id = await runningSample();
		const expected = streamShape(samples["GET /1/streams/{stream_id}"]);
		expect(shape(await target.stream(id))).toEqual(expected);
		expect(shape(await target.list(`stream_ids=${id}`))).toEqual([expected]);
		expect(streamShape(samples["GET /1/streams"].streams[0]!)).toEqual(expected);
	});
	test("count has its member", async () => {
		expect(shape((await api.get("/1/streams/count")).body)).toEqual(shape(samples["GET /1/streams/count"]));
	});
	test("the sample of PATCH is taken, and its error is the page's", async () => {
		const id = await createSample();
		await target.patch(id, samples["PATCH /1/streams/{stream_id}: body"]);
		expect(await target.stream(id)).toMatchObject(samples["PATCH /1/streams/{stream_id}: body"]);
		expect((await api.patch(`/1/streams/${id}`, {})).body).toEqual(samples["PATCH /1/streams/{stream_id}: error"]);
	});
	test("the sample of PUT is taken, with a reference", async () => {
		const id = await createSample();
		const sample = samples["PUT /1/streams/{stream_id}: body"];
		expectInvalid(await api.put(`/1/streams/${id}`, sample), "data.reference");
		const body = { ...sample, data: { ...sample.data, reference: artefacts.reference } };
		const answer = await api.put(`/1/streams/${id}`, body);
		expect(said(answer)).toEqual({ status: 200, body: { stream_id: id, version: 2 } });
		expect(shape(answer.body)).toEqual(shape(samples["PUT /1/streams/{stream_id}"]));
		const { group_name, ...written } = body;
		expect(await target.stream(id)).toMatchObject({ ...written, groups: [group_name] });
	});
	test("the sample of DELETE is taken, and its errors are the page's", async () => {
		const body = samples["DELETE /1/streams: body"];
		// Of nobody's account, so that no stream of that name is lost.
		expect((await api.delete(`/1/streams?account_id=${UNKNOWN}`, body)).status).toBe(204);
		expect((await api.delete("/1/streams", { ...body, faces: [] })).body).toEqual(samples["DELETE /1/streams: error"]);
		const missing = samples["DELETE /1/streams/{stream_id}: error"];
		const [, id = ""] = /'([0-9a-f-]+)'/.exec(missing.detail) ?? [];
		expect((await api.delete(`/1/streams/${id}`)).body).toEqual(missing);
	});
});

describe("processing", () => {
	test("looking has the members of its sample", async () => {
		const id = await createSample();
		const answer = await api.get<{ streams: object[] }>(`/1/streams/processing/queue?limit=1&stream_ids=${id}`);
		const [sample] = samples["GET /1/streams/processing/queue"].streams;
		const nothing = { video_info: null, preview: null };
		expect(shape(answer.body.streams[0])).toEqual(streamShape({ ...sample!, ...nothing } as never));
	});
	test("the sample of a take is taken, and what is taken has the members of its answer", async () => {
		const answer = await api.post("/1/streams/processing/queue", samples["POST /1/streams/processing/queue: body"]);
		expect(said(answer)).toEqual({ status: 200, body: { streams: expect.any(Array) } });
		const [sample] = samples["POST /1/streams/processing/queue"].streams;
		const id = await createSample();
		const nothing = { video_info: null, preview: null };
		expect(shape(await target.takeOne(id))).toEqual(streamShape({ ...sample!, ...nothing } as never));
	});
	test("the sample of feedback is taken, with urls that are urls", async () => {
		const sample = samples["POST /1/streams/processing/feedback: body"];
		expectInvalid(await api.post("/1/streams/processing/feedback", sample), "streams.0.preview.live.url");
		const text = JSON.stringify(sample).replaceAll("../dictionary", artefacts.url);
		const answer = await api.post("/1/streams/processing/feedback", JSON.parse(text));
		expect(said(answer)).toMatchObject({ status: 200, body: { streams: { modified: [], unmodified: [{}] } } });
		const id = await runningSample();
		const items = [1, 2].map((version) => ({ stream_id: id, version, status: "in_progress" }));
		const both = { streams: await target.feedback(items) };
		expect(shape(both)).toEqual(shape(samples["POST /1/streams/processing/feedback"]));
	});
	test("previews of an unknown stream have the page's error, its id in quotes", async () => {
		for (const kind of ["last_frame", "live"] as const) {
			const { error_code, desc, detail } = samples[`GET /1/streams/{stream_id}/preview/${kind}: error`];
			const [, id = ""] = /id ([0-9a-f-]+) /.exec(detail) ?? [];
			const answer = await api.get(`/1/streams/${id}/preview/${kind}`);
			expect(answer.body).toEqual({ error_code, desc, detail: detail.replace(id, `'${id}'`) });
		}
	});
});

describe("logs", () => {
	test("have the members of their sample", async () => {
		const id = await createSample();
		await target.takeOne(id);
		const [item] = samples["POST /1/streams/processing/feedback: body"].streams;
		const preview = { live: { url: artefacts.url }, last_frame: { url: artefacts.url } };
		await target.report(id, "done", { video_info: item!.video_info, preview });
		const [record] = await target.records(`stream_ids=${id}`);
		expect(shape(record)).toEqual(shape(samples["GET /1/streams/logs"].logs[0]));
		const deleted = await api.delete("/1/streams/logs?log_time__lt=1970-01-01T00:00:00.000Z");
		expect(shape(deleted.body)).toEqual(shape(samples["DELETE /1/streams/logs"]));
	});
});

describe("groups", () => {
	const body = samples["POST /1/groups: body"];
	/** The page's group: created, or there already. */
	async function sampleGroup(): Promise<string> {
		const answer = await api.post<{ group_id?: string }>("/1/groups", body);
		if (answer.body.group_id === undefined) {
			expect(said(answer)).toEqual(faults.groupExists(body.group_name));
			return (await target.groups(`group_names=${body.group_name}`))[0]!.group_id;
		}
		target.ownsGroup(answer.body.group_id);
		expect(shape(answer.body)).toEqual(shape(samples["POST /1/groups"]));
		return answer.body.group_id;
	}
	test("the samples of POST and PATCH are taken, and answers have the page's members", async () => {
		const id = await sampleGroup();
		expect(shape((await api.get(`/1/groups/${id}`)).body)).toEqual(shape(samples["GET /1/groups/{group_id}"]));
		expect(shape(await target.groups(`group_ids=${id}`))).toEqual(shape(samples["GET /1/groups"]));
		expect(shape((await api.get("/1/groups/count")).body)).toEqual(shape(samples["GET /1/groups/count"]));
		const { group_id } = await target.createGroup();
		const patch = samples["PATCH /1/groups/{group_id}: body"];
		expect((await api.patch(`/1/groups/${group_id}`, patch)).status).toBe(204);
		expect((await api.get(`/1/groups/${group_id}`)).body).toMatchObject(patch);
	});
	test("their errors are the page's", async () => {
		const path = `/1/groups/${UNKNOWN}?account_id=none`;
		expect((await api.patch(path, { description: "x" })).body).toEqual(samples["PATCH /1/groups/{group_id}: error"]);
		expect((await api.delete(path)).body).toEqual(samples["DELETE /1/groups/{group_id}: error"]);
	});
	test("the sample of the linker is taken, for a stream and a group that exist", async () => {
		const sample = samples["/1/linker: body"];
		expect((await api.post("/1/linker", sample)).status).toBe(404);
		const body = { ...sample, stream_ids: [await target.create()], group_id: (await target.createGroup()).group_id };
		expect((await api.post("/1/linker", body)).status).toBe(204);
		expect((await api.post("/1/linker?account_id=none", sample)).body).toEqual(samples["/1/linker: error"]);
	});
});

describe("the service", () => {
	test("version, health, settings and plugins have the members of their samples", async () => {
		for (const path of ["/version", "/healthcheck"] as const)
			expect(shape((await api.get(path)).body), path).toEqual(shape(samples[`GET ${path}`]));
		const config = await api.get<Record<string, object>>("/config");
		expect(shape(config.body["INFLUX_MONITORING"])).toEqual(shape(samples["GET /config"].INFLUX_MONITORING));
		const plugins = await api.get<{ plugins: object[] }>("/plugins");
		expect(Object.keys(plugins.body)).toEqual(Object.keys(samples["GET /plugins"]));
		for (const plugin of plugins.body.plugins) expect(shape(plugin)).toEqual(shape(samples["GET /plugins"].plugins[0]));
	});
	test("/docs/spec refuses what it cannot give with the page's error", async () => {
		const answer = await api.get("/docs/spec", { Accept: "image/png" });
		expect(answer.body).toEqual(samples["GET /docs/spec: error"]);
	});
});
