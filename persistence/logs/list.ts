import type { Sql } from "postgres";
import { groupIdsWithin } from "../groups/within.ts";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import { accountsOf, everything } from "../scope.ts";
import type { LogFilters, LogRow, Page } from "../stream-row.ts";
import { timeText } from "../time-text.ts";

/** The statuses that records have (contract, section 9). A filter may ask for `not_found`, which matches nothing. */
const recorded = new Set([
	"pending",
	"in_progress",
	"done",
	"pause",
	"cancel",
	"failure",
	"restart",
	"handler_lost",
	"deleted",
]);

/** What every run of every stream leaves behind: in any part of the log there is one of these near by. */
const frequent = new Set(["pending", "in_progress"]);

/** Filters with the scope made ready. */
interface AskedLogs extends LogFilters {
	/** null: any. */
	accounts: readonly string[] | null;
	/** Ids; null: any. Of a stream that is deleted nobody knows in which groups it was. */
	groups: readonly string[] | null;
}

/**
 * A page of the log, newest first by (log_time, record_number); contract, section 9. The page's records are found first,
 * by an index in that order; their wide columns are read for these only.
 */
export async function listLogs(sql: Sql, filters: LogFilters, page: Page): Promise<LogRow[]> {
	const statuses = filters.statuses?.filter((status) => recorded.has(status));
	if (statuses?.length === 0) return [];
	const parameters = new Parameters();
	const accounts = accountsOf(filters.scope, filters.account_id);
	const names = filters.scope?.groups ?? null;
	const groups = names && (await groupIdsWithin(sql, names, everything));
	if (accounts?.length === 0 || groups?.length === 0) return [];
	const asked = { ...filters, ...(statuses && { statuses }), accounts, groups };
	const hits = pageOf(asked, page, parameters);
	return query<LogRow>(
		sql,
		`WITH hits AS MATERIALIZED (${hits})
		SELECT r.stream_id, ${timeText("r.log_time")} AS log_time, r.status, r.version,
			r.error::text AS error, r.video_info::text AS video_info, r.preview::text AS preview
		FROM hits JOIN stream_logs r ON r.record_number = hits.record_number
		ORDER BY r.log_time DESC, r.record_number DESC`,
		parameters,
	);
}

/**
 * Several streams are merged from one ordered walk each, and so are statuses that are rare: these have an index of their
 * own, which the planner takes when the text itself says that the frequent ones are not meant.
 */
function pageOf(filters: AskedLogs, page: Page, parameters: Parameters): string {
	const depth = () => parameters.add(page.page * page.page_size, "bigint");
	const size = parameters.add(page.page_size, "bigint");
	const offset = parameters.add((page.page - 1) * page.page_size, "bigint");
	const conditions: string[] = [];
	const { accounts, groups } = filters;
	const [account] = accounts ?? [];
	if (groups !== null) {
		conditions.push(`EXISTS (SELECT FROM stream_groups k
			WHERE k.stream_id = r.stream_id AND k.group_id = ANY(${parameters.addAll(groups, "uuid")}))`);
	}
	if (filters.log_time__gte !== undefined) {
		conditions.push(`r.log_time >= ${parameters.addTime(filters.log_time__gte)}`);
	}
	if (filters.log_time__lt !== undefined) {
		conditions.push(`r.log_time < ${parameters.addTime(filters.log_time__lt)}`);
	}
	let asked: string | null = null;
	if (accounts?.length === 1 && account !== undefined) {
		conditions.push(`r.account_id = ${parameters.add(account, "uuid")}`);
	} else if (accounts !== null && filters.stream_ids !== undefined) {
		conditions.push(`r.account_id = ANY(${parameters.addAll(accounts, "uuid")})`);
	} else if (accounts !== null) {
		// Merged from one ordered walk each, like the streams.
		asked = `unnest(${parameters.addAll(accounts, "uuid")}) owner (account_id)`;
		conditions.push("r.account_id = owner.account_id");
	}
	if (filters.stream_ids !== undefined) {
		asked = `unnest(${parameters.addAll(filters.stream_ids, "uuid")}) asked (stream_id)`;
		conditions.push("r.stream_id = asked.stream_id");
	}
	if (filters.statuses !== undefined) {
		const statuses = parameters.addAll(filters.statuses, "text");
		if (filters.stream_ids === undefined && !filters.statuses.some((status) => frequent.has(status))) {
			asked = `${asked === null ? "" : `${asked} CROSS JOIN `}unnest(${statuses}) asked (status)`;
			conditions.push("r.status = asked.status", "r.status NOT IN ('pending', 'in_progress')");
		} else {
			conditions.push(`r.status = ANY(${statuses})`);
		}
	}
	const order = (alias: string) => `ORDER BY ${alias}.log_time DESC, ${alias}.record_number DESC`;
	if (asked === null) {
		return `SELECT r.record_number FROM stream_logs r ${where(conditions)}
			${order("r")} LIMIT ${size} OFFSET ${offset}`;
	}
	return `
		SELECT hit.record_number FROM ${asked}
		CROSS JOIN LATERAL (
			SELECT r.log_time, r.record_number FROM stream_logs r ${where(conditions)} ${order("r")} LIMIT ${depth()}
		) hit
		${order("hit")} LIMIT ${size} OFFSET ${offset}`;
}
