import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expireAudit } from "../../persistence/audit/expire.ts";
import { expireLogs } from "../../persistence/logs/expire.ts";
import { auditRetention } from "../../server/settings/audit-retention.ts";
import { engineOptions } from "../../server/settings/engine-options.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";

let database: FreshDatabase;
let sql: postgres.Sql;
beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

const HUNDRED_YEARS = 36_525 * 86_400;

/** Seconds that records of the audit and of the streams' log are kept by these settings. */
function ages(interval: number, type: string): { audit: number; logs: number } {
	const env = {
		LUNA_STREAMS_AUDIT__INTERVAL: String(interval),
		LUNA_STREAMS_AUDIT__INTERVAL_TYPE: type,
		LUNA_STREAMS_LOGS_CLEAR_INTERVAL__ACTIVE: "1",
		LUNA_STREAMS_LOGS_CLEAR_INTERVAL__INTERVAL: String(interval),
		LUNA_STREAMS_LOGS_CLEAR_INTERVAL__INTERVAL_TYPE: type,
	};
	const settings = loadSettings({ argv: [], env });
	return { audit: auditRetention(settings)!.age, logs: engineOptions(settings).retention!.age };
}

test.each([
	[90, "seconds", 90],
	[2, "minutes", 120],
	[3, "hours", 10_800],
	[365, "days", 31_536_000],
	[2, "weeks", 1_209_600],
	[36_525, "days", HUNDRED_YEARS],
	[36_526, "days", HUNDRED_YEARS],
	[1_000_000, "weeks", HUNDRED_YEARS],
])("records of %d %s are kept for %d seconds, and for a hundred years at most", (interval, type, seconds) => {
	expect(ages(interval, type)).toEqual({ audit: seconds, logs: seconds });
});

test.each(["seconds", "minutes", "hours", "days", "weeks"])(
	"the database knows the time a million %s ago, or what stands for it",
	async (type) => {
		const { audit, logs } = ages(1_000_000, type);
		expect(await expireAudit(sql, audit)).toBe(0);
		expect(await expireLogs((statement) => statement(sql), logs)).toBe(0);
	},
);
