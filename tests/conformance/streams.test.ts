import { describe, expect, test } from "vitest";
import { expectInvalid, faults, said } from "./faults.ts";
import { openTarget, TIME, UNKNOWN, UUID } from "./target.ts";

const target = await openTarget();
const { api } = target;
const other = crypto.randomUUID();

describe("creating", () => {
	test("answers 201 with id, version 1 and Location", async () => {
		const answer = await api.post<{ stream_id: string }>("/1/streams", target.body());
		const { stream_id } = answer.body;
		target.owns(stream_id);
		expect(said(answer)).toEqual({ status: 201, body: { stream_id: expect.stringMatching(UUID), version: 1 } });
		expect(answer.headers.location).toMatch(new RegExp(`/1/streams/${stream_id}$`));
		expect((await api.follow(answer)).status).toBe(200);
	});
	test("fills in the defaults of everything that is left out", async () => {
		const body = target.body({ name: undefined });
		const id = await target.create({ name: undefined });
		const { create_time, ...stream } = await target.stream(id);
		expect(create_time).toMatch(TIME);
		const whole = { x: 0, y: 0, width: 0, height: 0, mode: "abs" };
		expect(stream).toEqual({
			stream_id: id,
			account_id: target.account,
			name: "",
			description: "",
			data: {
				...(body["data"] as object),
				roi: whole,
				droi: whole,
				rotation: 0,
				preferred_program_stream_frame_width: 800,
				endless: true,
			},
			event_handler: { ...(body["event_handler"] as object), authorization: { account_id: target.account } },
			policies: {
				sending: {
					time_period_of_searching: -1,
					silent_period: 0,
					type: "sec",
					number_of_bestshots_to_send: 1,
					send_only_full_set: true,
					delete_track_after_sending: false,
				},
				primary_track_policy: {
					use_primary_track_policy: false,
					best_shot_min_size: 70,
					best_shot_proper_size: 140,
				},
				liveness: {
					use_shoulders_liveness_filtration: false,
					use_mask_liveness_filtration: false,
					use_flying_faces_liveness_filtration: false,
					liveness_mode: 0,
					number_of_liveness_checks: 0,
					liveness_threshold: 0,
					livenesses_weights: [0, 0, 0],
					mask_backgrounds_count: 0,
				},
				filtering: {
					min_score: 0.5187,
					detection_yaw_threshold: 40,
					detection_pitch_threshold: 40,
					detection_roll_threshold: 30,
					yaw_number: 1,
					yaw_collection_mode: false,
					mouth_occlusion_threshold: 0,
					min_body_size_threshold: 0,
				},
				frame_processing_mode: "auto",
				real_time_mode_fps: 0,
				ffmpeg_threads_number: 0,
				healthcheck: { max_error_count: 10, period: 3600, retry_delay: 5 },
			},
			location: { city: null, area: null, district: null, street: null, house_number: null, geo_position: null },
			autorestart: {
				restart: 0,
				attempt_count: 10,
				delay: 60,
				current_attempt: 0,
				last_attempt_time: null,
				status: "disabled",
			},
			version: 1,
			status: "pending",
			last_error: null,
			video_info: null,
			groups: [],
			preview: null,
		});
	});
	test("fills in the defaults of what is given in part", async () => {
		const id = await target.create({
			data: { type: "udp", reference: "udp://camera", droi: { x: 1, y: 2, width: 3, height: 4 } },
			policies: { sending: { type: "frames" }, healthcheck: { timeout: 1 } },
			location: { city: "Moscow", geo_position: { longitude: -180, latitude: 90 } },
			autorestart: { restart: 1 },
		});
		const { data, policies, location, autorestart } = await target.stream(id);
		expect(data["droi"]).toEqual({ x: 1, y: 2, width: 3, height: 4, mode: "abs" });
		expect(policies["sending"]).toMatchObject({ type: "frames", time_period_of_searching: -1 });
		expect(policies["healthcheck"]).toEqual({ max_error_count: 10, period: 3600, retry_delay: 5, timeout: 1 });
		expect(location).toMatchObject({ city: "Moscow", area: null, geo_position: { longitude: -180, latitude: 90 } });
		expect(autorestart).toMatchObject({ restart: 1, attempt_count: 10, delay: 60, status: "enabled" });
	});
	test("keeps the members that each type of source has, and refuses those that it has not", async () => {
		const common = { reference: "file.mp4" };
		const frameWidth = "preferred_program_stream_frame_width";
		const allowed = { tcp: [frameWidth, "endless"], udp: [frameWidth, "endless"], videofile: [frameWidth], images: [] };
		for (const [type, members] of Object.entries(allowed)) {
			const { data } = await target.stream(await target.create({ data: { type, ...common } }));
			expect(Object.keys(data).sort(), type).toEqual(
				["type", "reference", "roi", "droi", "rotation", ...members].sort(),
			);
			for (const [member, value] of Object.entries({ [frameWidth]: 640, endless: false })) {
				const body = target.body({ data: { type, ...common, [member]: value } });
				if (members.includes(member as never)) {
					const kept = await target.stream(await target.create(body));
					expect(kept.data[member], type).toBe(value);
				} else expect(said(await api.post("/1/streams", body)), type).toEqual(faults.unexpected(member, "data"));
			}
		}
	});
	test("keeps a token as written, and any handlers", async () => {
		const event_handler = {
			api_version: 6,
			origin: "https://luna.example:5000/6",
			bestshot_handler: { handler_id: UNKNOWN },
			detection_handler: null,
			frame_store: "http://store.example/frames",
			authorization: { token: "eyJ0eXAi.eyJ0b2tl.kDL5oL" },
		};
		expect((await target.stream(await target.create({ event_handler }))).event_handler).toEqual(event_handler);
		const bare = { api_version: 6, authorization: { account_id: other } };
		expect((await target.stream(await target.create({ event_handler: bare }))).event_handler).toMatchObject(bare);
	});
	test("begins with pending or pause; another known status is 39002, an unknown one is refused", async () => {
		for (const status of ["pending", "pause"]) {
			const id = await target.create({ status });
			expect([(await target.stream(id)).status, await target.log(id)]).toEqual([status, [status]]);
		}
		for (const status of ["in_progress", "done", "restart", "cancel", "failure", "handler_lost", "not_found"])
			expect(said(await api.post("/1/streams", target.body({ status }))), status).toEqual(faults.badStatus(status));
		for (const status of ["deleted", "", "PENDING", null, 1])
			expectInvalid(await api.post("/1/streams", target.body({ status })), "status");
	});
	test("links to the group of group_name, which has to exist", async () => {
		const { group_name } = await target.createGroup();
		const id = await target.create({ group_name });
		expect((await target.stream(id)).groups).toEqual([group_name]);
		const missing = target.name();
		const before = await target.count(`account_id=${target.account}`);
		const refused = await api.post("/1/streams", target.body({ group_name: missing }));
		expect(said(refused)).toEqual(faults.noGroupNamed(missing));
		expect(await target.count(`account_id=${target.account}`)).toBe(before);
	});
	test("refuses unknown members at every depth, with their path", async () => {
		const cases: [path: string, members: Record<string, unknown>][] = [
			["", { faces: 1 }],
			["", { stream_id: UNKNOWN }],
			["data", { data: { type: "tcp", reference: "r", faces: 1 } }],
			["data.roi", { data: { type: "tcp", reference: "r", roi: { x: 0, y: 0, width: 0, height: 0, faces: 1 } } }],
			["event_handler", { event_handler: { api_version: 6, faces: 1 } }],
			[
				"event_handler.bestshot_handler",
				{ event_handler: { api_version: 6, bestshot_handler: { handler_id: UNKNOWN, faces: 1 } } },
			],
			["policies", { policies: { faces: 1 } }],
			["policies.sending", { policies: { sending: { faces: 1 } } }],
			["policies.liveness", { policies: { liveness: { faces: 1 } } }],
			["policies.filtering", { policies: { filtering: { faces: 1 } } }],
			["policies.healthcheck", { policies: { healthcheck: { faces: 1 } } }],
			["policies.primary_track_policy", { policies: { primary_track_policy: { faces: 1 } } }],
			["location", { location: { faces: 1 } }],
			["location.geo_position", { location: { geo_position: { longitude: 0, latitude: 0, faces: 1 } } }],
			["autorestart", { autorestart: { faces: 1 } }],
			["autorestart", { autorestart: { current_attempt: 1 } }],
		];
		for (const [path, members] of cases) {
			const name = JSON.stringify(members).includes("faces") ? "faces" : path === "" ? "stream_id" : "current_attempt";
			const answer = await api.post("/1/streams", target.body(members));
			expect(said(answer), path).toEqual(faults.unexpected(name, path));
		}
	});
	test("refuses members that every object seems to have", async () => {
		const raw = (text: string) => api.ask("POST", "/1/streams", { body: Buffer.from(text) });
		for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", ""]) {
			const at = (body: string, member: string) => raw(body.replace(member, `"${name}":{"x":1},${member}`));
			const body = JSON.stringify(target.body({ policies: { sending: {} } }));
			expect(said(await at(body, '"account_id"')), name).toEqual(faults.unexpected(name));
			expect(said(await at(body, '"type"')), name).toEqual(faults.unexpected(name, "data"));
			expect(said(await at(body, '"sending"')), name).toEqual(faults.unexpected(name, "policies"));
		}
	});
	test("repeats the name of an unknown member in an answer that is well formed, whatever the name", async () => {
		const raw = JSON.stringify(target.body());
		for (const [name, shown] of [
			["\ud800a", "\ufffda"],
			['it\'s "1"', 'it\'s "1"'],
			["\u0000", "\u0000"],
			["\ud83c\udfa5", "\ud83c\udfa5"],
		] as const)
			for (const Accept of ["application/json", "application/msgpack"]) {
				const body = Buffer.from(raw.replace("{", `{${JSON.stringify(name)}:1,`));
				const answer = await api.ask("POST", "/1/streams", { body, headers: { Accept } });
				expect(said(answer), Accept).toEqual(faults.unexpected(shown));
			}
	});
	test("takes numbers as JSON writes them", async () => {
		const text = JSON.stringify(target.body({ autorestart: { restart: 1, delay: 60, attempt_count: 10 } }))
			.replace('"restart":1', '"restart":-0')
			.replace('"delay":60', '"delay":6e1')
			.replace('"attempt_count":10', '"attempt_count":10.0');
		const answer = await api.ask<{ stream_id: string }>("POST", "/1/streams", { body: Buffer.from(text) });
		expect(answer.status).toBe(201);
		target.owns(answer.body.stream_id);
		const { autorestart } = await target.stream(answer.body.stream_id);
		expect(autorestart).toMatchObject({ restart: 0, delay: 60, attempt_count: 10, status: "disabled" });
	});
	test("takes the last of two members of one name", async () => {
		const text = JSON.stringify(target.body({ name: "first" })).replace(/\}$/, ',"name":"second"}');
		const answer = await api.ask<{ stream_id: string }>("POST", "/1/streams", { body: Buffer.from(text) });
		expect(answer.status).toBe(201);
		target.owns(answer.body.stream_id);
		expect((await target.stream(answer.body.stream_id)).name).toBe("second");
	});
	test("refuses a body without what is required", async () => {
		for (const member of ["account_id", "data", "event_handler"])
			expectInvalid(await api.post("/1/streams", target.body({ [member]: undefined })), member);
		expectInvalid(await api.post("/1/streams", target.body({ data: { type: "tcp" } })), "data.reference");
		expectInvalid(await api.post("/1/streams", target.body({ data: { reference: "r" } })), "data.type");
		expectInvalid(await api.post("/1/streams", target.body({ event_handler: {} })), "event_handler.api_version");
		for (const body of [[], "text", 1, null, true]) expectInvalid(await api.post("/1/streams", body), "");
	});
});

describe("account_id in the query", () => {
	test("restricts one object: another account's is not found", async () => {
		const id = await target.create();
		const path = `/1/streams/${id}`;
		const denied = `${path}?account_id=${other}`;
		expect(said(await api.get(denied))).toEqual(faults.noStream(id));
		expect(said(await api.patch(denied, { description: "x" }))).toEqual(faults.noStream(id));
		expect(said(await api.put(denied, target.body()))).toEqual(faults.noStream(id));
		expect(said(await api.delete(denied))).toEqual(faults.noStream(id));
		expect(await target.stream(id)).toMatchObject({ version: 1, description: "" });
		const own = `${path}?account_id=${target.account}`;
		expect((await api.get(own)).status).toBe(200);
		expect((await api.patch(own, { description: "x" })).status).toBe(204);
		expect((await api.put(own, target.body())).status).toBe(200);
		expect((await api.delete(own)).status).toBe(204);
	});
});

describe("PUT", () => {
	test("replaces everything written and keeps id, create_time and groups, with version + 1", async () => {
		const first = await target.createGroup();
		const second = await target.createGroup();
		const id = await target.create({
			group_name: first.group_name,
			description: "before",
			location: { city: "Moscow" },
			policies: { real_time_mode_fps: 5 },
			autorestart: { restart: 1, delay: 5 },
		});
		const before = await target.stream(id);
		const body = target.body({ account_id: other, name: "after", group_name: second.group_name, status: "pause" });
		const answer = await api.put(`/1/streams/${id}`, body);
		expect(said(answer)).toEqual({ status: 200, body: { stream_id: id, version: 2 } });
		expect(await target.stream(id)).toEqual({
			...before,
			account_id: other,
			name: "after",
			description: "",
			location: { ...before.location, city: null },
			policies: { ...before.policies, real_time_mode_fps: 0 },
			autorestart: { ...before.autorestart, restart: 0, delay: 60, status: "disabled" },
			event_handler: { ...before.event_handler, authorization: { account_id: other } },
			groups: expect.arrayContaining([first.group_name, second.group_name]),
			status: "pause",
			version: 2,
		});
		expect(said(await api.put(`/1/streams/${id}`, target.body()))).toMatchObject({ body: { version: 3 } });
		expect((await target.stream(id)).groups).toHaveLength(2);
	});
	test("refuses what creating refuses, and changes nothing then", async () => {
		const id = await target.create();
		const before = await target.stream(id);
		const path = `/1/streams/${id}`;
		const missing = target.name();
		expect(said(await api.put(path, target.body({ status: "done" })))).toEqual(faults.badStatus("done"));
		expect(said(await api.put(path, target.body({ group_name: missing })))).toEqual(faults.noGroupNamed(missing));
		expect(said(await api.put(path, target.body({ faces: 1 })))).toEqual(faults.unexpected("faces"));
		expectInvalid(await api.put(path, {}), "account_id");
		expect(await target.stream(id)).toEqual(before);
		expect(await target.log(id)).toEqual(["pending"]);
	});
	test("of an unknown stream is 39001, whatever group it names", async () => {
		const path = `/1/streams/${UNKNOWN}`;
		expect(said(await api.put(path, target.body()))).toEqual(faults.noStream(UNKNOWN));
		const body = target.body({ group_name: target.name() });
		expect(said(await api.put(path, body))).toEqual(faults.noStream(UNKNOWN));
	});
	test("by many at the same time gives each a version of its own", async () => {
		const id = await target.create();
		const answers = await Promise.all(
			Array.from({ length: 8 }, () => api.put<{ version: number }>(`/1/streams/${id}`, target.body())),
		);
		expect(answers.map(({ body }) => body.version).sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
		expect((await target.stream(id)).version).toBe(9);
	});
	test("keeps the place in the queue", async () => {
		const [first, second] = [await target.create(), await target.create()];
		await api.put(`/1/streams/${first}`, target.body());
		const taken = await target.take({ stream_ids: [second, first] }, 2);
		expect(taken.map(({ stream_id }) => stream_id)).toEqual([first, second]);
	});
});

describe("PATCH", () => {
	test("changes description and status, never the version", async () => {
		const id = await target.create({ description: "before" });
		await target.patch(id, { description: "after" });
		expect(await target.stream(id)).toMatchObject({ description: "after", status: "pending", version: 1 });
		await target.patch(id, { description: "", status: "pause" });
		expect(await target.stream(id)).toMatchObject({ description: "", status: "pause", version: 1 });
	});
	test("of a description alone, or with the status that it has, leaves no record", async () => {
		const id = await target.create();
		await target.patch(id, { description: "waiting", status: "pending" });
		expect(await target.stream(id)).toMatchObject({ description: "waiting", status: "pending" });
		await target.takeOne(id);
		await target.patch(id, { description: "running" });
		expect(await target.stream(id)).toMatchObject({ description: "running", status: "in_progress" });
		expect(await target.log(id)).toEqual(["pending", "in_progress"]);
	});
	test("is all or nothing", async () => {
		const id = await target.create();
		await target.takeOne(id);
		const answer = await api.patch(`/1/streams/${id}`, { description: "after", status: "pending" });
		expect(said(answer)).toEqual(faults.cannotResume(id));
		expect(await target.stream(id)).toMatchObject({ description: "", status: "in_progress" });
	});
	test("needs one member at least, known and of a value", async () => {
		const path = `/1/streams/${await target.create()}`;
		expect(said(await api.patch(path, {}))).toEqual(faults.nothingGiven);
		expect(said(await api.patch(path, { name: "x" }))).toEqual(faults.unexpected("name"));
		expectInvalid(await api.patch(path, { description: null }), "description");
		expectInvalid(await api.patch(path, { status: null }), "status");
		for (const status of ["done", "failure", "in_progress", "handler_lost", "restart", "nonsense"])
			expectInvalid(await api.patch(path, { status }), "status");
		expectInvalid(await api.patch(path, [{ status: "pause" }]), "");
	});
	test("of an unknown stream is 39001", async () => {
		expect(said(await api.patch(`/1/streams/${UNKNOWN}`, { status: "pause" }))).toEqual(faults.noStream(UNKNOWN));
	});
});

describe("DELETE", () => {
	test("of one stream is 204, and 39001 from then on", async () => {
		const id = await target.create();
		const path = `/1/streams/${id}`;
		expect((await api.delete(path)).status).toBe(204);
		for (const answer of [
			await api.get(path),
			await api.delete(path),
			await api.patch(path, { status: "pause" }),
			await api.put(path, target.body()),
			await api.get(`${path}/preview/live`),
			await api.get(`${path}/preview/last_frame`),
		])
			expect(said(answer)).toEqual(faults.noStream(id));
		expect(await target.count(`stream_ids=${id}`)).toBe(0);
		expect(await target.log(id)).toEqual(["pending", "deleted"]);
	});
	test("of many removes those of the ids or the names, known or not", async () => {
		const [name, kept] = [target.name(), target.name()];
		const byName = [await target.create({ name }), await target.create({ name, account_id: other })];
		const byId = await target.create();
		const stays = await target.create({ name: kept });
		expect(
			(await api.delete("/1/streams", { stream_ids: [byId, UNKNOWN], names: [name, "none of ours"] })).status,
		).toBe(204);
		const all = [...byName, byId, stays];
		expect((await target.list(`stream_ids=${all}`)).map(({ stream_id }) => stream_id)).toEqual([stays]);
		for (const id of [...byName, byId]) expect(await target.log(id)).toEqual(["pending", "deleted"]);
	});
	test("of many is narrowed by account_id, ids and names both", async () => {
		const name = target.name();
		const [own, ownNamed] = [await target.create(), await target.create({ name })];
		const [foreign, foreignNamed] = [
			await target.create({ account_id: other }),
			await target.create({ account_id: other, name }),
		];
		const body = { stream_ids: [own, foreign], names: [name] };
		expect((await api.delete(`/1/streams?account_id=${other}`, body)).status).toBe(204);
		const left = await target.list(`stream_ids=${[own, ownNamed, foreign, foreignNamed]}`);
		expect(left.map(({ stream_id }) => stream_id)).toEqual([own, ownNamed]);
	});
	test("of many without a value deletes nothing", async () => {
		const id = await target.create();
		for (const body of [{}, { stream_ids: [] }, { names: [] }, { stream_ids: [], names: [] }])
			for (const query of ["", `?account_id=${target.account}`])
				expect(said(await api.delete(`/1/streams${query}`, body))).toEqual(faults.nothingGiven);
		expect(said(await api.delete("/1/streams", { faces: [] }))).toEqual(faults.unexpected("faces"));
		expectInvalid(await api.delete("/1/streams", { stream_ids: ["none"] }), "stream_ids.0");
		expectInvalid(await api.delete("/1/streams", { stream_ids: [id, id.toUpperCase(), 1] }), "stream_ids.1");
		expectInvalid(await api.delete("/1/streams", { stream_ids: null }), "stream_ids");
		expectInvalid(await api.delete("/1/streams", { names: ["a", 1] }), "names.1");
		expect(await target.count(`stream_ids=${id}`)).toBe(1);
	});
});
