import { afterEach, describe, expect, it, vi } from "vitest";
import { STREAM_STATUSES } from "../../machines/status.ts";
import type { StreamEvent } from "../../machines/stream-event.ts";
import { createStreamMachine } from "../../machines/stream-machine.ts";
import { isOutcome, OUTCOMES } from "./lifecycle-outcomes.ts";
import { EVENTS, type EventName, outcomeOf, ROWS, STREAMS, type StreamName, TABLE_POLICY } from "./lifecycle-table.ts";
import { StreamUnderTest } from "./stream-under-test.ts";

const machine = createStreamMachine(TABLE_POLICY);
const streamNames = Object.keys(STREAMS) as StreamName[];
const eventNames = Object.keys(EVENTS) as EventName[];

/** Adding a kind of event fails to compile here until the table has a row of it. */
const EVENT_TYPES: Record<StreamEvent["type"], true> = {
	take: true,
	feedback: true,
	silent: true,
	undelivered: true,
	restart_due: true,
	healthy: true,
	patch: true,
	recreate: true,
	delete: true,
};

/** Every word that parses in feedback, and words that no page knows. */
const WORDS = [
	...STREAM_STATUSES,
	"restart",
	"handler_lost",
	"not_found",
	// No words of the API.
	"deleted",
	"constructor",
	"",
];

describe("the table of the lifecycle misses nothing", () => {
	it("has a cell for every event and every stream", () => {
		expect([...ROWS.keys()].sort()).toEqual([...eventNames].sort());
		for (const [event, cells] of ROWS) {
			expect(cells, event).toHaveLength(streamNames.length);
			for (const cell of cells) expect(isOutcome(cell), `${event}: ${cell}`).toBe(true);
		}
	});

	it("has a column for every status, and failure in every state of its autorestart", () => {
		const statuses = new Set(streamNames.map((name) => STREAMS[name].status));
		expect([...statuses].sort()).toEqual([...STREAM_STATUSES].sort());
		const failures = streamNames.filter((name) => STREAMS[name].status === "failure");
		expect(failures.map((name) => STREAMS[name].context.autorestart_status).sort()).toEqual(
			["denied", "disabled", "failed", "in_progress"].sort(),
		);
	});

	it("has a row for every kind of event, every word of feedback, every patch and every PUT", () => {
		const events = eventNames.map((name): StreamEvent => EVENTS[name]);
		expect([...new Set(events.map((event) => event.type))].sort()).toEqual(Object.keys(EVENT_TYPES).sort());
		const said = events.flatMap((event) => (event.type === "feedback" ? [event.status] : []));
		expect([...new Set(said)].sort()).toEqual([...WORDS].sort());
		const patched = events.flatMap((event) => (event.type === "patch" ? [event.status] : []));
		expect(patched.sort()).toEqual(["cancel", "pause", "pending"]);
		const put = events.flatMap((event) => (event.type === "recreate" ? [event.status] : []));
		expect(put.sort()).toEqual(["pause", "pending"]);
	});

	it("uses every outcome that it defines", () => {
		const used = new Set([...ROWS.values()].flat());
		expect(Object.keys(OUTCOMES).filter((name) => !used.has(name))).toEqual([]);
	});
});

describe("the machine does what the table says", () => {
	afterEach(() => {
		vi.restoreAllMocks();
	});

	it.each(eventNames)("%s", (eventName) => {
		for (const streamName of streamNames) {
			const outcome = outcomeOf(eventName, streamName);
			const { status, context } = STREAMS[streamName];
			const stream = new StreamUnderTest(machine, status, context);
			const effects = stream.send(EVENTS[eventName]);
			const what = `${streamName} ← ${eventName} = ${outcome.name}`;
			expect(stream.status, what).toBe(outcome.to === "same" ? status : outcome.to);
			expect(effects, what).toEqual(outcome.effects);
			expect(stream.context, what).toEqual({ ...context, ...outcome.context });
			expect(stream.ended, what).toBe(outcome.to === "deleted");
			stream.stop();
		}
	});

	it("in_progress, LOG_FEEDBACK all: every feedback leaves a record, in no other status", () => {
		const talkative = createStreamMachine({ ...TABLE_POLICY, logFeedback: "all" });
		for (const streamName of streamNames) {
			const { status, context } = STREAMS[streamName];
			const stream = new StreamUnderTest(talkative, status, context);
			const effects = stream.send(EVENTS["feedback in_progress"]);
			if (status === "in_progress") {
				expect(effects, streamName).toEqual([{ type: "record", status: "in_progress", reported: true }]);
			} else {
				expect(effects, streamName).toEqual([{ type: "ignored" }]);
			}
			stream.stop();
		}
	});

	it("a fatal error that stood before the failure denies the restart too", () => {
		const { status, context } = STREAMS["in_progress with an error"];
		const stream = new StreamUnderTest(machine, status, {
			...context,
			last_error: { error_code: 7, desc: "no such file", detail: "" },
		});
		expect(stream.send(EVENTS["feedback failure"])).toEqual([{ type: "record", status: "failure", reported: true }]);
		expect(stream.context.autorestart_status).toBe("denied");
		stream.stop();
	});

	it("a failure that clears the error is not fatal, whatever stood before", () => {
		const { status, context } = STREAMS["in_progress with an error"];
		const stream = new StreamUnderTest(machine, status, {
			...context,
			last_error: { error_code: 7, desc: "no such file", detail: "" },
		});
		stream.send({ ...EVENTS["feedback failure"], error: null });
		expect(stream.context).toMatchObject({ autorestart_status: "in_progress", last_error: null });
		stream.stop();
	});

	it("a deleted stream says nothing any more", () => {
		// XState remarks on each such event, with all that it carries.
		vi.spyOn(console, "warn").mockImplementation(() => undefined);
		for (const eventName of eventNames) {
			const stream = new StreamUnderTest(machine, "pending", STREAMS.pending.context);
			stream.send({ type: "delete" });
			const context = stream.context;
			expect(stream.send(EVENTS[eventName]), eventName).toEqual([]);
			expect(stream.status).toBe("deleted");
			expect(stream.context).toBe(context);
		}
	});
});
