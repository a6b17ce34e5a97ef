import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUDIT_ACTIONS, type AuditFilters } from "../../persistence/audit/audit-record.ts";
import { listAudit } from "../../persistence/audit/list.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { explainLast } from "./explain.ts";

/** A fleet does half of everything, people the rest; before, in the first tenth, nobody was asked who it was. */
const RECORDS = 60_000;
const PAGE = 10;
const stream = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const group = (n: number) => `00000000-0000-4000-9000-${String(n).padStart(12, "0")}`;
const fleet = "token 00000000-0000-4000-b000-000000000001";

let database: FreshDatabase;

beforeAll(async () => {
	database = await freshDatabase();
	const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
	try {
		await sql.unsafe(`
			INSERT INTO audit (audit_time, action, stream_id, group_id, status, error_code, subject, name, role, address, request_id, details)
			SELECT timestamptz '2026-01-01Z' + n * interval '9 seconds', action,
				CASE WHEN action IN ('login', 'create_token') THEN NULL
					ELSE ('00000000-0000-4000-8000-' || lpad((n * 7919 % 5003)::text, 12, '0'))::uuid END,
				CASE WHEN action IN ('attach') THEN ('00000000-0000-4000-9000-' || lpad((n % 11)::text, 12, '0'))::uuid END,
				200, 0, subject, CASE WHEN subject LIKE 'token%' THEN 'fleet' WHEN subject LIKE 'jwt%' THEN 'person ' || n % 31 ELSE '' END,
				'admin', '10.0.0.1', '', json_build_object('name', 'camera-' || n)
			FROM generate_series(1, ${RECORDS}) n
			CROSS JOIN LATERAL (SELECT CASE WHEN n = 77 THEN 'cancel' WHEN n % 9001 = 7 THEN 'create_token' WHEN n % 500 = 9 THEN 'login'
				ELSE (ARRAY['create', 'create', 'patch', 'pause', 'resume', 'attach'])[1 + n * 37 % 6] END AS action) a
			CROSS JOIN LATERAL (SELECT CASE WHEN n <= ${RECORDS / 10} THEN 'anonymous' WHEN n % 2 = 0 THEN '${fleet}'
				ELSE 'jwt ' || n % 31 END AS subject) s
			ORDER BY n`);
		await sql.unsafe("VACUUM (ANALYZE) audit");
	} finally {
		await sql.end();
	}
});
afterAll(() => database?.drop());

/** How the name of a test shows filters. */
const show = (filters: AuditFilters) => JSON.stringify(filters).replaceAll('"', "");

describe(`with ${RECORDS} records of the audit`, () => {
	// A walk comes by the records of its page at most, and they are read again whole.
	const walks = (count: number) => (count + 2) * PAGE + count;
	for (const { filters, rows } of [
		{ filters: {}, rows: walks(1) },
		{ filters: { audit_time__gte: "2026-01-03T00:00:00Z" }, rows: walks(1) },
		{ filters: { audit_time__lt: "2026-01-03T00:00:00Z" }, rows: walks(1) },
		{ filters: { before: { audit_time: "2026-01-03T00:00:00.000Z", record_number: 19_200 } }, rows: walks(1) },
		{ filters: { stream_id: stream(77) }, rows: walks(1) },
		{ filters: { stream_id: stream(9_999) }, rows: walks(1) },
		{ filters: { stream_id: stream(77), actions: ["cancel", "login"] }, rows: 200 },
		{ filters: { stream_id: stream(77), actor: "anonymous" }, rows: 60 },
		{ filters: { group_id: group(7) }, rows: walks(1) },
		{ filters: { group_id: group(7), actions: ["attach", "delete_group"] }, rows: walks(2) },
		// Where none of them is the actor's, all records of the group are come by: 900 here.
		{ filters: { group_id: group(7), actor: "fleet" }, rows: 1_000 },
		{ filters: { actor: "fleet" }, rows: walks(2 * AUDIT_ACTIONS.length) },
		{ filters: { actor: fleet }, rows: walks(2 * AUDIT_ACTIONS.length) },
		{ filters: { actor: "person 7" }, rows: walks(2 * AUDIT_ACTIONS.length) },
		{ filters: { actor: "anonymous" }, rows: walks(2 * AUDIT_ACTIONS.length) },
		{ filters: { actor: "nobody" }, rows: walks(1) },
		{ filters: { actor: "fleet", audit_time__lt: "2026-01-01T01:00:00Z" }, rows: walks(1) },
		// Much of it by others, and none by these.
		{ filters: { actor: "fleet", actions: ["detach"] }, rows: walks(1) },
		{ filters: { actor: "fleet", actions: ["cancel", "create_token"] }, rows: walks(2) },
		{ filters: { actor: "anonymous", actions: ["create_group"] }, rows: walks(1) },
		{ filters: { actor: "person 7", actions: ["create", "patch"] }, rows: walks(2) },
		{ filters: { actions: ["create"] }, rows: walks(1) },
		{ filters: { actions: ["cancel"] }, rows: walks(1) },
		{ filters: { actions: ["detach"] }, rows: walks(1) },
		{ filters: { actions: ["login", "create_token", "revoke_token"] }, rows: walks(3) },
		{ filters: { actions: ["create", "login", "cancel"] }, rows: walks(3) },
		{ filters: { actions: [...AUDIT_ACTIONS] }, rows: walks(AUDIT_ACTIONS.length) },
		{ filters: { actions: ["cancel"], audit_time__gte: "2026-01-02T00:00:00Z" }, rows: walks(1) },
	] satisfies { filters: AuditFilters; rows: number }[]) {
		test(`the first page of ${show(filters)} comes by an index`, async () => {
			const work = await explainLast(database.url, (sql) => listAudit(sql, filters, PAGE));
			expect(work.wholeTables).toEqual([]);
			expect(work.rows).toBeLessThan(rows);
		});
	}

	test("pages of an actor hold each of its records once, newest first, whatever it is called by", async () => {
		const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
		try {
			for (const actor of [fleet, "fleet", "anonymous", "jwt 7"]) {
				const found: number[] = [];
				for (let before: AuditFilters["before"]; found.length < 3_000; ) {
					const page = await listAudit(sql, before === undefined ? { actor } : { actor, before }, 400);
					found.push(...page.map(({ record_number }) => record_number));
					const last = page.at(-1);
					if (last === undefined) break;
					before = last;
				}
				const all = await sql`
					SELECT record_number::float8 AS number FROM audit WHERE subject = ${actor} OR name = ${actor}
					ORDER BY audit_time DESC, record_number DESC LIMIT ${found.length + 1}`;
				expect(found).toEqual(all.slice(0, found.length).map(({ number }) => number));
				expect(found.length).toBeGreaterThan(700);
			}
		} finally {
			await sql.end();
		}
	});
});
