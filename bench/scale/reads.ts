import type postgres from "postgres";
import { countGroups } from "../../persistence/groups/count.ts";
import { listGroups } from "../../persistence/groups/list.ts";
import { listLogs } from "../../persistence/logs/list.ts";
import type { LogFilters, QueueFilters, StreamFilters } from "../../persistence/stream-row.ts";
import { countStreams } from "../../persistence/streams/count.ts";
import { listStreams } from "../../persistence/streams/list.ts";
import { lookQueue } from "../../persistence/streams/look.ts";
import { ACCOUNTS, FULL, GROUPS, SHARED_REFERENCE, timeOf } from "./data-set.ts";
import type { Report } from "./report.ts";

export const FIRST_PAGE = 50;
export const COUNT = 50;
export const COUNT_MUCH = 300;
export const DEEP_PAGE = 250;
/** Matches of a count for which the shorter bar holds. */
export const MUCH = 100_000;

const [large, middle, small] = ACCOUNTS as [string, string, string];
const first = { page: 1, page_size: 10 };
const deep = { page: 10_001, page_size: 10 };
const third = FULL.streams / 3;

/** Filters of streams alone and together, frequent and rare, those that match nothing included. */
export const STREAM_FILTERS: StreamFilters[] = [
	{},
	{ account_id: large },
	{ account_id: small },
	{ names: [""] },
	{ names: ["camera-4729"] },
	{ names: ["", "camera-4729", "camera-14187"] },
	{ names: Array.from({ length: 200 }, (_, n) => `camera-${n}`) },
	{ names: ["", ...Array.from({ length: 60 }, (_, n) => `camera-${n}`)] },
	{ reference: SHARED_REFERENCE },
	{ reference: "rtsp://10.0.0.2/77" },
	{ statuses: ["pending"] },
	{ statuses: ["in_progress"] },
	{ statuses: ["failure"] },
	{ statuses: ["cancel", "failure"] },
	{ statuses: ["pending", "in_progress", "failure"] },
	{ statuses: ["done", "pause", "cancel"] },
	{ statuses: ["pending", "in_progress", "done", "pause", "cancel", "failure"] },
	{ create_time__gte: timeOf(FULL.streams - 50_000) },
	{ create_time__gte: timeOf(third), create_time__lt: timeOf(third + 100_000) },
	{ group_name: "everything" },
	{ group_name: "half" },
	{ group_name: "recent" },
	{ group_name: "group-77" },
	{ account_id: large, statuses: ["failure"] },
	{ account_id: middle, statuses: ["done"] },
	{ account_id: small, statuses: ["done"] },
	{ account_id: small, statuses: ["pending"] },
	{ account_id: middle, names: [""] },
	{ account_id: small, reference: SHARED_REFERENCE },
	{ names: [""], statuses: ["failure"] },
	{ names: [""], statuses: ["pending"] },
	{ names: [""], statuses: ["cancel"] },
	{ names: [""], statuses: ["pending", "in_progress", "failure"] },
	{ names: [""], reference: SHARED_REFERENCE },
	{ reference: SHARED_REFERENCE, statuses: ["done"] },
	{ group_name: "half", statuses: ["pending"] },
	{ group_name: "half", statuses: ["failure"] },
	{ group_name: "half", statuses: ["cancel"] },
	{ group_name: "recent", statuses: ["done"] },
	{ group_name: "recent", statuses: ["pending"] },
	{ group_name: "half", account_id: small },
	{ group_name: "half", names: [""], statuses: ["in_progress"] },
	{ account_id: middle, names: [""], statuses: ["cancel"] },
	{ account_id: large, names: [""], statuses: ["cancel"], group_name: "half" },
	{ account_id: middle, statuses: ["done"], create_time__gte: timeOf(third), create_time__lt: timeOf(2 * third) },
	{ account_id: small, names: ["camera-4729"], reference: SHARED_REFERENCE, statuses: ["failure"], group_name: "half" },
];

const LOG_FILTERS = (chatty: string, some: string[]): LogFilters[] => [
	{},
	{ account_id: large },
	{ account_id: small },
	{ statuses: ["failure"] },
	{ statuses: ["handler_lost", "restart"] },
	{ statuses: ["deleted"] },
	{ statuses: ["pause"] },
	{ statuses: ["in_progress"] },
	{ statuses: ["pending", "in_progress", "failure"] },
	{ statuses: ["done"], log_time__lt: timeOf(third) },
	{ log_time__gte: timeOf(third), log_time__lt: timeOf(third + 100) },
	{ log_time__lt: timeOf(10) },
	{ account_id: small, statuses: ["handler_lost"] },
	{ account_id: small, statuses: ["deleted", "pause"] },
	{ account_id: large, statuses: ["failure", "cancel"] },
	{ account_id: small, statuses: ["in_progress"] },
	{ account_id: "00000000-0000-4000-8000-000000000009" },
	{ stream_ids: [chatty] },
	{ stream_ids: [chatty], statuses: ["failure"] },
	{ stream_ids: [chatty], statuses: ["pause"] },
	{ stream_ids: some },
	{ stream_ids: some, statuses: ["done", "failure"], account_id: large },
];

/** What agents may ask the queue for. */
export const QUEUE_FILTERS: QueueFilters[] = [
	{},
	{ names: [""] },
	{ names: ["camera-4729"] },
	{ names: ["nobody's"] },
	{ group_names: ["everything"] },
	{ group_names: ["half"] },
	{ group_names: ["recent"] },
	{ group_names: ["group-77"] },
	{ group_names: ["half", "recent", "group-77"] },
	{ group_names: ["group-77"], names: [""] },
	{ group_names: ["half"], names: [""] },
];

/** A second session, as the service has it: nobody else is here. */
const spare = () => () => undefined;

/** Through the statements themselves, on a pool of two. */
export async function measureReads(sql: postgres.Sql, report: Report): Promise<void> {
	for (const filters of STREAM_FILTERS) {
		await report.measure(
			`streams ${shown(filters)}`,
			FIRST_PAGE,
			async () => (await listStreams(sql, filters, first)).length,
		);
	}
	for (const filters of STREAM_FILTERS) {
		const matched = await countStreams(sql, filters, spare);
		const bar = matched <= MUCH ? COUNT : COUNT_MUCH;
		await report.measure(`count ${shown(filters)}`, bar, () => countStreams(sql, filters, spare));
	}
	for (const filters of STREAM_FILTERS) {
		if ((await countStreams(sql, filters, spare)) <= MUCH) continue;
		await report.measure(
			`streams ${shown(filters)} from 100,000 on`,
			DEEP_PAGE,
			async () => (await listStreams(sql, filters, deep)).length,
		);
	}
	for (const filters of QUEUE_FILTERS) {
		await report.measure(`look ${shown(filters)}`, FIRST_PAGE, async () => (await lookQueue(sql, filters, 10)).length);
	}
	const ids = await sql<{ stream_id: string }[]>`SELECT stream_id FROM streams ORDER BY create_time, number LIMIT 90`;
	const some = ids.map((row) => row.stream_id);
	const logs = LOG_FILTERS(some[0] ?? "", some.slice(1));
	for (const filters of logs) {
		await report.measure(
			`logs ${shown(filters)}`,
			FIRST_PAGE,
			async () => (await listLogs(sql, filters, first)).length,
		);
	}
	for (const filters of logs) {
		if ((await listLogs(sql, filters, deep)).length === 0) continue;
		await report.measure(
			`logs ${shown(filters)} from 100,000 on`,
			DEEP_PAGE,
			async () => (await listLogs(sql, filters, deep)).length,
		);
	}
	for (const filters of [{}, { account_id: large }, { group_names: ["half", "group-77"] }]) {
		await report.measure(
			`groups ${shown(filters)}`,
			FIRST_PAGE,
			async () => (await listGroups(sql, filters, first)).length,
		);
		await report.measure(`groups count ${shown(filters)}`, COUNT, () => countGroups(sql, filters));
	}
	await report.measure(
		"groups, all of them",
		FIRST_PAGE,
		async () => (await listGroups(sql, {}, { page: 1, page_size: GROUPS })).length,
	);
}

/** Filters in few words. */
export function shown(filters: object): string {
	return Object.entries(filters)
		.map(([name, value]) => {
			const values =
				Array.isArray(value) && value.length > 3 ? [...value.slice(0, 1), `… ${value.length}`] : [value].flat();
			const short = values.map((each) => {
				const text = String(each);
				const account = ACCOUNTS.indexOf(text);
				return account >= 0 ? ["90 %", "7 %", "3 %"][account] : /^[0-9a-f]{8}-/.test(text) ? "…" : text || "''";
			});
			return `${name}: ${short.join(", ")}`;
		})
		.join("; ");
}
