import { describe, expect, test } from "vitest";
import { createPerigeeClient } from "../../client/perigee-client.ts";
import { AUDIT_ACTIONS } from "../../persistence/audit/audit-record.ts";
import { AuditFeed } from "../../web-console/src/places/audit/audit-feed.ts";
import { ACTIONS, filterOf, queryFrom } from "../../web-console/src/places/audit/audit-filter.ts";
import {
	type AuditRecord,
	actorText,
	detailText,
	resultText,
	together,
} from "../../web-console/src/places/audit/audit-records.ts";
import { entriesOf, linesOf } from "../../web-console/src/places/stream/timeline-entries.ts";
import { startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { eventually } from "../support/signals.ts";

const id = "557d54ec-29ad-4f3c-93b4-c9092ef12515";

function record(record_number: number, ms: number, members: Partial<AuditRecord> = {}): AuditRecord {
	return {
		record_number,
		audit_time: new Date(ms).toISOString(),
		action: "pause",
		stream_id: id,
		group_id: null,
		status: 204,
		error_code: null,
		subject: `token ${id}`,
		name: "night shift",
		role: "operator",
		token_prefix: "perigee_a1b2c3d4",
		address: "10.0.0.7",
		request_id: "",
		details: {},
		...members,
	};
}

describe("a record of the audit says", () => {
	test("who it was", () => {
		expect(actorText(record(1, 0))).toBe("night shift (operator, perigee_a1b2c3d4)");
		expect(actorText(record(1, 0, { token_prefix: null }))).toBe("night shift (operator)");
		expect(actorText(record(1, 0, { subject: "command line", name: "root", role: null, token_prefix: null }))).toBe(
			"root",
		);
		expect(actorText(record(1, 0, { subject: "", name: "", role: null, token_prefix: null }))).toBe("somebody unknown");
	});

	test("how it ended", () => {
		expect(resultText(record(1, 0))).toBe("done");
		expect(resultText(record(1, 0, { status: 403, error_code: 39903 }))).toBe("refused: 403, error 39903");
		expect(resultText(record(1, 0, { status: 503, error_code: 39905 }))).toBe("failed: 503, error 39905");
	});

	test("what else there is, without what is empty", () => {
		const details = { name: "", reference: "rtsp://camera.test/1", group_name: "hall" };
		expect(detailText(record(1, 0, { details }))).toBe("reference rtsp://camera.test/1, group_name hall");
	});
});

test("every action of the service can be chosen", () => {
	expect([...ACTIONS].sort()).toEqual([...AUDIT_ACTIONS].sort());
});

test("the filter stands in the address; an id that is none matches nothing", () => {
	const filter = (text: string) => filterOf(queryFrom(new URLSearchParams(text)));
	expect(filter("")).toEqual({});
	expect(filter(`action=login&actor=night+shift+&stream=${id}`)).toEqual({
		actions: ["login"],
		actor: "night shift",
		stream_id: id,
	});
	expect(filter("action=feedback")).toEqual({});
	expect(filter("group=5")).toBeUndefined();
});

test("records come together newest first, each once", () => {
	const [a, b, c, d] = [record(1, 1000), record(2, 2000), record(3, 2000), record(4, 3000)];
	expect(together([c!, b!], [d!, c!, a!]).map(({ record_number }) => record_number)).toEqual([4, 3, 2, 1]);
	const there = [b!, a!];
	expect(together(there, [a!])).toBe(there);
});

describe("a stream's timeline", () => {
	const entries = entriesOf([
		{ time: 5000, status: "pause", version: 1, error: null },
		{ time: 1000, status: "pending", version: 1, error: null },
	]);

	test("tells who did what above what came of it", () => {
		const lines = linesOf(entries, [record(2, 5000), record(1, 900)], false);
		expect(lines.map(({ kind, time }) => [kind, time])).toEqual([
			["audit", 5000],
			["record", 5000],
			["record", 1000],
			["audit", 900],
		]);
	});

	test("keeps what was done before the oldest record until the older ones are there", () => {
		const lines = linesOf(entries, [record(2, 5000), record(1, 900)], true);
		expect(lines.map(({ kind }) => kind)).toEqual(["audit", "record", "record"]);
	});
});

test("the place reads page after page, and what comes meanwhile when it asks again", async () => {
	const service = await startService();
	try {
		await Promise.all(Array.from({ length: 250 }, () => service.api.create(streamBody())));
		const feed = new AuditFeed(createPerigeeClient({ baseUrl: service.url }), {});
		const shown = (count: number) => eventually(() => feed.state.peek().records.length === count);
		await shown(200);
		expect(feed.state.peek().more).toBe(true);
		await service.api.create(streamBody({ name: "late" }));
		feed.renew();
		await shown(201);
		expect(feed.state.peek().records[0]!.details["name"]).toBe("late");
		feed.older();
		await shown(251);
		expect(feed.state.peek().more).toBe(false);
		// More than a page since it was asked: the list begins anew, without a gap in it.
		await Promise.all(Array.from({ length: 230 }, () => service.api.create(streamBody())));
		feed.renew();
		await shown(200);
		expect(feed.state.peek().more).toBe(true);
		feed.older();
		await shown(400);
		feed.end();
	} finally {
		await service.stop();
	}
});
