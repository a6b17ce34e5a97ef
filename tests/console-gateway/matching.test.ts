import fc from "fast-check";
import type postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listConsoleIds } from "../../persistence/console/list-ids.ts";
import { searchable, searchableText } from "../../persistence/console/searchable.ts";
import { consoleStreams } from "../../persistence/console/streams.ts";
import { everything } from "../../persistence/scope.ts";
import { hiddenUrl } from "../../server/console/hidden.ts";
import { IdList, wordsOf } from "../../server/console/id-list.ts";
import { matching } from "../../server/console/matching.ts";
import { LoadedStream } from "../../server/console/row.ts";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { ACCOUNT, streamBody } from "../main-job/stream-bodies.ts";
import { newSeed } from "../support/seeded-random.ts";

const seed = newSeed();
console.log(`filters in memory and in SQL: TEST_SEED=${seed}`);

let service: RunningService;
let sql: postgres.Sql;

beforeAll(async () => {
	service = await startService();
	sql = service.sql;
	for (const group_name of ["hall", "yard"])
		await service.api.expect(201, "POST", "/1/groups", { account_id: ACCOUNT, group_name });
	for (const name of ["North gate", "north 100%", "Süd_tor", "back\\slash", ""])
		for (const reference of ["rtsp://u:p@Cam.test/a?x=1", "rtsp://cam.test:554/b@c", "/files/Ä.mp4"])
			await service.api.create(
				streamBody({
					name,
					description: `d ${name}`,
					...(name.startsWith("N") && { account_id: ACCOUNT, group_name: "hall" }),
					data: { type: reference.startsWith("/") ? "videofile" : "tcp", reference },
				}),
			);
	await service.sql`UPDATE stream_states SET status = 'failure', last_error = '{"error_code":7,"desc":"","detail":""}'
		WHERE stream_id IN (SELECT stream_id FROM streams WHERE name = '')`;
});
afterAll(() => service.stop());

test("a filter means the same in memory as in SQL", async () => {
	const ids = (await sql<{ stream_id: string }[]>`SELECT stream_id FROM streams`).map((row) => row.stream_id);
	const streams = (await consoleStreams(sql, ids)).map((row) => new LoadedStream(row));
	const word = fc.constantFrom(
		"NORTH",
		"süd",
		"%",
		"_",
		"\\",
		"cam.test",
		"u:p",
		"x=1",
		"554",
		"ä",
		"d ",
		ids[0]!.slice(0, 6),
		"zz",
	);
	const words = fc.array(word, { maxLength: 2 });
	const filter = fc.record(
		{
			names: words,
			references: words,
			words,
			statuses: fc.subarray(["pending", "failure", "done"]),
			types: fc.subarray(["tcp", "videofile"]),
			error_codes: fc.subarray([7, 8]),
			groups: fc.subarray(["hall", "yard"]),
			autorestart: fc.subarray(["disabled", "enabled"]),
			stream_ids: fc.subarray(ids.slice(0, 3)),
		},
		{ requiredKeys: [] },
	);
	await fc.assert(
		fc.asyncProperty(filter, async (asked) => {
			const found = await listConsoleIds(sql, { filter: asked, scope: everything, order: "oldest" }, 1_000);
			const inMemory = streams.filter(matching(asked)).map((stream) => stream.stream_id);
			expect(new IdList(found.ids).slice(0, 1_000).sort()).toEqual(inMemory.sort());
			expect(found.total).toBe(inMemory.length);
		}),
		{ seed, numRuns: 150 },
	);
});

test("what of a reference is searched is the same in memory as in SQL, and never its password", async () => {
	const signs = ["://", ":", "@", "/", "?", "#", "&", ";", "=", "\n", " ", '"', "'", "\\", "\u00a0", "-", "_"];
	const words = [
		"rtsp",
		"pw=1",
		"cam.test",
		"user",
		"h4lf",
		"password",
		"Token",
		"API_KEY",
		"pwd",
		"Basic",
		"bearer",
		"stream",
	];
	const tokens = ["eyJhbGciOiJI.h4lf", `perigee_zzzzzzzz${"h4lf".repeat(10)}aaa`, "channel=", "Secretariat"];
	const piece = fc.constantFrom(...signs, ...words, ...tokens);
	const texts = fc.array(
		fc.array(piece, { maxLength: 9 }).map((parts) => parts.join("")),
		{ minLength: 50, maxLength: 50 },
	);
	await fc.assert(
		fc.asyncProperty(texts, async (references) => {
			const rows = await sql.unsafe<{ shown: string }[]>(
				`SELECT ${searchable("r.reference")} AS shown FROM unnest($1::text[]) WITH ORDINALITY r (reference, place) ORDER BY place`,
				[references],
			);
			expect(rows.map(({ shown }) => shown)).toEqual(references.map(searchableText));
			for (const reference of references)
				if (!hiddenUrl(reference).includes("h4lf")) expect(searchableText(reference), reference).not.toContain("h4lf");
		}),
		{ seed, numRuns: 40 },
	);
	for (const user of ["user:h4lf", "user:h4/lf", "user:h4?lf", "u@ser:h4lf"])
		expect(searchableText(`rtsp://${user}@cam.test/a?pw=tide`), user).not.toMatch(/h4|lf|tide/);
	for (const [reference, left] of [
		["rtsp://cam.test:554/user=admin_password=h4lf_channel=1", "rtsp://cam.test:554/user=admin_"],
		["rtsp://cam.test/cam;pin=h4lf&k=1", "rtsp://cam.test/cam"],
		["rtsp://cam.test/cam#PWD=h4lf", "rtsp://cam.test/cam#"],
		["https://secretariat.test/basic-room/token/7.mp4", "https://secretariat.test/basic-room/token/7.mp4"],
	] as const)
		expect(searchableText(reference)).toBe(left);
});

test("a list of ids knows what is in it, and gives it in order", () => {
	const id = fc.uuid().map((text) => text.toLowerCase());
	fc.assert(
		fc.property(fc.uniqueArray(id, { maxLength: 300 }), fc.array(id), (ids, others) => {
			const list = IdList.of(ids);
			expect(list.length).toBe(ids.length);
			expect(list.slice(0, ids.length)).toEqual(ids);
			for (const each of ids) expect(list.has(wordsOf(each))).toBe(true);
			for (const each of others) expect(list.has(wordsOf(each))).toBe(ids.includes(each));
		}),
		{ seed },
	);
});
