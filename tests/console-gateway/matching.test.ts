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

const signs = [
	"://",
	":",
	"@",
	"/",
	"?",
	"#",
	"&",
	";",
	"=",
	",",
	"\n",
	" ",
	'"',
	"'",
	"<",
	"\\",
	"\u00a0",
	"-",
	"_",
	".",
];
const words = [
	"rtsp",
	"cam.test",
	"user",
	"pw=",
	"password",
	"Token",
	"API_KEY",
	"pwd",
	"AUTHORIZATION",
	"CREDENTIALS",
];
const others = ["Basic", "BEARER", "eyJhbGciOiJI.", "perigee_zzzzzzzz", "channel=", "Secretariat", "ü", "İ", "ſ", "1"];
/** Where something stands that may be hidden. */
const SECRET = "SECRET";
const pieces = fc.array(fc.constantFrom(...signs, ...words, ...others, SECRET, SECRET, SECRET), { maxLength: 10 });

test.each(["r.reference", '(r.reference COLLATE "tr-x-icu")'])(
	"what of a reference is searched is the same in memory as in SQL: %s",
	async (column) => {
		const texts = fc.array(
			pieces.map((parts) => parts.join("")),
			{ minLength: 50, maxLength: 50 },
		);
		await fc.assert(
			fc.asyncProperty(texts, async (references) => {
				const rows = await sql.unsafe<{ searched: string }[]>(
					`SELECT ${searchable(column)} AS searched FROM unnest($1::text[]) WITH ORDINALITY r (reference, place) ORDER BY place`,
					[references],
				);
				expect(rows.map(({ searched }) => searched)).toEqual(references.map(searchableText));
			}),
			{ seed, numRuns: 40 },
		);
	},
);

test("references that are shown alike are searched alike", () => {
	const pairs = [
		["aaaaaaaaaaaa", "bbbbbbbbbbbb"],
		["a".repeat(43), "b".repeat(43)],
		["a", "bbbbbbbb"],
		["aA", "b_"],
		["a'b", "ü c"],
	] as const;
	let alike = 0;
	fc.assert(
		fc.property(pieces, fc.nat(), fc.constantFrom(...pairs), (parts, which, pair) => {
			const places = parts.flatMap((part, at) => (part === SECRET ? [at] : []));
			const place = places[which % places.length];
			const [one, other] = pair.map((secret) => parts.map((part, at) => (at === place ? secret : part)).join(""));
			if (one === undefined || other === undefined || hiddenUrl(one) !== hiddenUrl(other)) return;
			if (place !== undefined) alike += 1;
			expect(searchableText(one)).toBe(searchableText(other));
		}),
		{ seed, numRuns: 50_000 },
	);
	expect(alike).toBeGreaterThan(100);
});

test.each([
	["rtsp://user:h4/lf@cam.test/a?pw=tide", "rtsp://cam.test/a"],
	["rtsp://user:h4?lf@cam.test/a", "rtsp://cam.test/a"],
	["rtsp://user:p@ss@cam.test/a", "rtsp://cam.test/a"],
	["rtsp://user:pa;ss@cam.test/a", "rtsp://cam.test/a"],
	["rtsp://müller:p'ä ss@kamera-süd.test/a", "rtsp://kamera-süd.test/a"],
	["rtsp://cam.test:554/user=admin_password=h4lf_channel=1", "rtsp://cam.test:554/user=admin_"],
	["rtsp://cam.test/cam;pin=h4lf&k=1", "rtsp://cam.test/cam"],
	["rtsp://cam.test/cam#PWD=h4lf", "rtsp://cam.test/cam#"],
	["https://secretariat.test/basic-room/token/7.mp4", "https://secretariat.test/basic-room/token/7.mp4"],
	["https://cam.test/x.m3u8?email=me@firm.test", "https://cam.test/x.m3u8"],
	["admin:h4lf@cam.test/a", ""],
	["rtsp:/admin:h4lf@cam.test/a", ""],
	["/data/my file@2x.mp4", "/data/my file@2x.mp4"],
	["udp://239.0.0.1:5000", "udp://239.0.0.1:5000"],
])("of %s is searched %s", (reference, searched) => {
	expect(searchableText(reference)).toBe(searched);
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
