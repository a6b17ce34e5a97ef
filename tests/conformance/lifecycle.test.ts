import { describe, expect, test } from "vitest";
import { type ExpectedFault, faults, said } from "./faults.ts";
import { openTarget, TIME } from "./target.ts";

const fatalCode = 77_001;
const target = await openTarget({
	LUNA_STREAMS_AUTORESTART__FATAL_ERROR_CODES: `[${fatalCode}]`,
	LUNA_STREAMS_AUTORESTART__HEALTHY_PERIOD: "0.5",
	LUNA_STREAMS_AUTORESTART__BACKOFF_FACTOR: "1",
});
const { api } = target;
const { LUNA_STREAMS_AUTORESTART: restarting } = target.config;
const error = (error_code: number) => ({ error: { error_code, desc: "broken", detail: "camera" } });
const report = { video_info: { width: 640 }, preview: { live: { url: "http://127.0.0.1:1/" } } };

/** The ways to a status, each with the log that it leaves behind. */
const ways = {
	pending: { log: ["pending"], go: async () => undefined },
	in_progress: { log: ["pending", "in_progress"], go: (id: string) => target.takeOne(id) },
	done: {
		log: ["pending", "in_progress", "done"],
		go: async (id: string) => {
			await target.takeOne(id);
			await target.report(id, "done");
		},
	},
	failure: {
		log: ["pending", "in_progress", "failure"],
		go: async (id: string) => {
			await target.takeOne(id);
			await target.report(id, "failure", error(1));
		},
	},
	pause: { log: ["pending", "pause"], go: (id: string) => target.patch(id, { status: "pause" }) },
	cancel: { log: ["pending", "cancel"], go: (id: string) => target.patch(id, { status: "cancel" }) },
};
type Status = keyof typeof ways;

async function streamIn(status: Status, members: Record<string, unknown> = {}): Promise<string> {
	const id = await target.create(members);
	await ways[status].go(id);
	expect((await target.stream(id)).status).toBe(status);
	expect(await target.log(id)).toEqual(ways[status].log);
	return id;
}

interface Row {
	from: Status;
	to: Status;
	/** What is appended to the log. */
	records: string[];
	refusal?: (id: string) => ExpectedFault;
}

async function expectRow(id: string, { from, to, records }: Row): Promise<void> {
	expect((await target.stream(id)).status).toBe(to);
	expect(await target.log(id)).toEqual([...ways[from].log, ...records]);
}

const all = Object.keys(ways) as Status[];
const asked: Record<"pause" | "pending" | "cancel", (from: Status) => Row> = {
	pause: (from) => ({ from, to: "pause", records: from === "pause" ? [] : ["pause"] }),
	pending: (from) => {
		if (from === "in_progress") return { from, to: from, records: [], refusal: faults.cannotResume };
		return { from, to: "pending", records: from === "pending" ? [] : ["pending"] };
	},
	cancel: (from) =>
		["done", "cancel", "failure"].includes(from)
			? { from, to: from, records: [], refusal: faults.cannotCancel }
			: { from, to: "cancel", records: ["cancel"] },
};

describe.each(["pause", "pending", "cancel"] as const)("patched %s", (status) => {
	test.each(all.map((from) => asked[status](from)))("from $from leads to $to", async (row) => {
		const id = await streamIn(row.from);
		const answer = await api.patch(`/1/streams/${id}`, { status });
		if (row.refusal === undefined) expect(said(answer)).toEqual({ status: 204, body: undefined });
		else expect(said(answer)).toEqual(row.refusal(id));
		await expectRow(id, row);
	});
});

describe("a videofile in progress", () => {
	test("cannot be paused, but cancelled; elsewhere it pauses", async () => {
		const data = { type: "videofile", reference: "file.mp4" };
		const id = await streamIn("in_progress", { data });
		expect(said(await api.patch(`/1/streams/${id}`, { status: "pause" }))).toEqual(faults.cannotStop(id));
		await expectRow(id, { from: "in_progress", to: "in_progress", records: [] });
		await target.patch(id, { status: "cancel" });
		await target.patch(id, { status: "pause" });
		await expectRow(id, { from: "in_progress", to: "pause", records: ["cancel", "pause"] });
		const images = await streamIn("in_progress", { data: { type: "images", reference: "folder" } });
		await target.patch(images, { status: "pause" });
	});
});

describe("a failure that awaits its autorestart", () => {
	const autorestart = { restart: 1, delay: 1_000 };
	test("can be cancelled, which disarms it, and paused", async () => {
		for (const status of ["cancel", "pause"] as const) {
			const id = await streamIn("failure", { autorestart });
			expect((await target.stream(id)).autorestart.status).toBe("in_progress");
			await target.patch(id, { status });
			await expectRow(id, { from: "failure", to: status, records: [status] });
			expect((await target.stream(id)).autorestart).toMatchObject({ status: "enabled", current_attempt: 0 });
		}
	});
});

describe("feedback", () => {
	const items = (status: string) => (id: string) => target.feedback([{ stream_id: id, version: 1, status }]);
	const rows: [status: string, to: Status, records: string[]][] = [
		["in_progress", "in_progress", target.config.LUNA_STREAMS_FEEDBACK.LOG_FEEDBACK === "all" ? ["in_progress"] : []],
		["done", "done", ["done"]],
		["failure", "failure", ["failure"]],
		["handler_lost", "pending", ["handler_lost", "restart", "pending"]],
	];
	test.each(rows)("%s leads from in_progress to %s", async (status, to, records) => {
		const id = await streamIn("in_progress");
		expect(await items(status)(id)).toEqual({ modified: [{ stream_id: id, status: to, version: 1 }], unmodified: [] });
		await expectRow(id, { from: "in_progress", to, records });
	});
	test.each(all.filter((from) => from !== "in_progress"))("of any status changes nothing from %s", async (from) => {
		const id = await streamIn(from);
		for (const status of ["in_progress", "done", "failure", "handler_lost"])
			expect(await items(status)(id)).toEqual({
				modified: [],
				unmodified: [{ stream_id: id, status: from, version: 1 }],
			});
		await expectRow(id, { from, to: from, records: [] });
	});
	const ofChanges = target.config.LUNA_STREAMS_FEEDBACK.LOG_FEEDBACK === "changes";
	test.runIf(ofChanges)("in_progress is recorded when its error changed", async () => {
		const id = await streamIn("in_progress");
		const recordsAfter = async (members: object) => {
			await target.report(id, "in_progress", members);
			return (await target.log(id)).length - ways.in_progress.log.length;
		};
		expect(await recordsAfter({ video_info: { width: 1 } })).toBe(0);
		expect(await recordsAfter(error(5))).toBe(1);
		expect(await recordsAfter(error(5))).toBe(1);
		expect(await recordsAfter({ error: { ...error(5).error, detail: "another detail" } })).toBe(1);
		expect(await recordsAfter({ error: { ...error(5).error, desc: "another" } })).toBe(2);
		expect(await recordsAfter(error(6))).toBe(3);
		expect(await recordsAfter({})).toBe(3);
		expect(await recordsAfter({ error: null })).toBe(4);
		expect(await recordsAfter({ error: null })).toBe(4);
	});
});

describe("PUT", () => {
	test.each(all)("from %s leads to pending with the new version", async (from) => {
		const id = await streamIn(from);
		await api.put(`/1/streams/${id}`, target.body());
		expect(await target.stream(id)).toMatchObject({ status: "pending", version: 2 });
		await expectRow(id, { from, to: "pending", records: ["restart", "pending"] });
		const [pending, restart] = await target.records(`stream_ids=${id}`);
		expect([pending?.version, restart?.version]).toEqual([2, 2]);
	});
	test.each(all)("from %s leads to pause when the body says so", async (from) => {
		const id = await streamIn(from);
		await api.put(`/1/streams/${id}`, target.body({ status: "pause" }));
		await expectRow(id, { from, to: "pause", records: ["restart", "pause"] });
	});
});

describe("deletion", () => {
	test.each(all)("from %s leaves the logs, with deleted as the last", async (from) => {
		const id = await streamIn(from);
		expect((await api.delete(`/1/streams/${id}`)).status).toBe(204);
		expect(await target.log(id)).toEqual([...ways[from].log, "deleted"]);
	});
});

describe("what the last run reported", () => {
	const reported = async () => {
		const id = await streamIn("in_progress");
		await target.report(id, "in_progress", { ...report, ...error(3) });
		return id;
	};
	test("is cleared by no patch", async () => {
		for (const status of ["pause", "cancel"] as const) {
			const id = await reported();
			await target.patch(id, { status });
			await target.patch(id, { status: "pending" });
			expect(await target.stream(id)).toMatchObject({ ...report, last_error: error(3).error, status: "pending" });
		}
	});
	test("loses its preview by a take, and everything by PUT", async () => {
		const id = await reported();
		await target.report(id, "handler_lost");
		expect(await target.stream(id)).toMatchObject({ ...report, last_error: error(3).error });
		const taken = await target.takeOne(id);
		expect(taken).toMatchObject({ preview: null, video_info: report.video_info, last_error: error(3).error });
		await target.report(id, "in_progress", report);
		await api.put(`/1/streams/${id}`, target.body());
		expect(await target.stream(id)).toMatchObject({ preview: null, video_info: null, last_error: null });
	});
});

describe.concurrent("autorestart", () => {
	const autorestart = async (id: string) => (await target.stream(id)).autorestart;
	/** Waits for the stream to be pending again by itself, by taking it when it is. */
	const taken = (id: string) => target.take({ stream_ids: [id] }, 1, { wait: 10 });
	const constant = restarting.BACKOFF_FACTOR === 1;

	test("of restart 0 is disabled, whatever happens", async () => {
		const id = await streamIn("failure");
		expect(await autorestart(id)).toMatchObject({ status: "disabled", current_attempt: 0, last_attempt_time: null });
	});
	test("is enabled until it is needed", async () => {
		for (const status of ["pending", "in_progress", "done", "pause", "cancel"] as const) {
			const id = await streamIn(status, { autorestart: { restart: 1 } });
			expect((await autorestart(id)).status).toBe("enabled");
		}
	});
	test.runIf(constant)("comes after the delay, with the attempts counted, until they are used up", async () => {
		const id = await streamIn("failure", { autorestart: { restart: 1, delay: 1, attempt_count: 1 } });
		const failed = Date.now();
		expect(await autorestart(id)).toMatchObject({ status: "in_progress", current_attempt: 0, last_attempt_time: null });
		await target.patch(id, { description: "waits for its restart" });
		const [again] = await taken(id);
		expect(again?.stream_id).toBe(id);
		expect(Date.now() - failed).toBeGreaterThan(800);
		expect(Date.now() - failed).toBeLessThan(6_000);
		expect(again?.autorestart).toMatchObject({ status: "in_progress", current_attempt: 1 });
		const { last_attempt_time } = again!.autorestart;
		expect(last_attempt_time).toMatch(TIME);
		expect(Date.parse(last_attempt_time ?? "")).toBeGreaterThan(Date.parse(again!.create_time));
		await target.report(id, "failure", error(1));
		expect(await autorestart(id)).toMatchObject({ status: "failed", current_attempt: 1 });
		expect(await target.log(id)).toEqual([...ways.failure.log, "restart", "pending", "in_progress", "failure"]);
		await target.patch(id, { status: "pending" });
		expect(await autorestart(id)).toEqual({
			restart: 1,
			attempt_count: 1,
			delay: 1,
			current_attempt: 0,
			last_attempt_time: null,
			status: "enabled",
		});
	});
	test.runIf(constant)("is disarmed by done, pause and cancel, and the counters stay; PUT starts it anew", async () => {
		const restarted = async () => {
			const id = await streamIn("failure", { autorestart: { restart: 1, delay: 1 } });
			expect(await taken(id)).toHaveLength(1);
			return id;
		};
		const [done, paused, cancelled] = await Promise.all([restarted(), restarted(), restarted()]);
		await target.report(done, "done");
		await target.patch(paused, { status: "pause" });
		await target.patch(cancelled, { status: "cancel" });
		for (const id of [done, paused, cancelled]) {
			const { status, current_attempt, last_attempt_time } = await autorestart(id);
			expect([status, current_attempt, typeof last_attempt_time]).toEqual(["enabled", 1, "string"]);
		}
		await api.put(`/1/streams/${done}`, target.body({ autorestart: { restart: 1 } }));
		expect(await autorestart(done)).toMatchObject({ status: "enabled", current_attempt: 0, last_attempt_time: null });
	});
	test.runIf(constant && restarting.HEALTHY_PERIOD <= 1)("counts anew after a healthy period", async () => {
		const id = await streamIn("failure", { autorestart: { restart: 1, delay: 1 } });
		expect(await taken(id)).toHaveLength(1);
		const deadline = Date.now() + restarting.HEALTHY_PERIOD * 1000 + 3_000;
		let now = await autorestart(id);
		expect([now.status, now.current_attempt]).toEqual(["in_progress", 1]);
		while (now.current_attempt !== 0 && Date.now() < deadline) {
			await target.report(id, "in_progress", report);
			now = await autorestart(id);
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		expect([now.status, now.current_attempt, typeof now.last_attempt_time]).toEqual(["enabled", 0, "string"]);
	});
	const [fatal = 0] = restarting.FATAL_ERROR_CODES;
	test.runIf(restarting.FATAL_ERROR_CODES.length > 0)("is denied after a fatal error", async () => {
		const id = await streamIn("in_progress", { autorestart: { restart: 1, delay: 1 } });
		await target.report(id, "failure", error(fatal));
		expect(await autorestart(id)).toMatchObject({ status: "denied", current_attempt: 0 });
		expect(said(await api.patch(`/1/streams/${id}`, { status: "cancel" }))).toEqual(faults.cannotCancel(id));
		await target.patch(id, { status: "pause" });
		expect((await autorestart(id)).status).toBe("enabled");
		await target.patch(id, { status: "pending" });
		expect((await autorestart(id)).status).toBe("enabled");
	});
	test("counts no lost handler", async () => {
		const id = await streamIn("in_progress", { autorestart: { restart: 1, delay: 1 } });
		await target.report(id, "handler_lost");
		expect(await autorestart(id)).toMatchObject({ status: "enabled", current_attempt: 0, last_attempt_time: null });
	});
});
