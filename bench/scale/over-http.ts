import { ACCOUNTS } from "./data-set.ts";
import { COUNT, COUNT_MUCH, FIRST_PAGE, MUCH, QUEUE_FILTERS, shown } from "./reads.ts";
import type { Report } from "./report.ts";
import { type MeasuredService, queryOf } from "./service.ts";

/** First pages and counts once more, through the whole service. */
export async function measureHttp({ ask }: MeasuredService, report: Report): Promise<void> {
	const small = ACCOUNTS[2] ?? "";
	for (const filters of [
		{},
		{ statuses: ["pending"] },
		{ account_id: small },
		{ group_name: "half" },
		{ names: [""], statuses: ["failure"] },
		{ account_id: small, statuses: ["pending"] },
	]) {
		await report.measure(`GET /1/streams ${shown(filters)}`, FIRST_PAGE, async () => {
			const answer = (await ask("GET", `/1/streams?${queryOf(filters)}`)) as { streams: unknown[] };
			return answer.streams.length;
		});
		const count = async () => {
			const answer = (await ask("GET", `/1/streams/count?${queryOf(filters)}`)) as { streams_count: number };
			return answer.streams_count;
		};
		await report.measure(`GET /1/streams/count ${shown(filters)}`, (await count()) > MUCH ? COUNT_MUCH : COUNT, count);
	}
	for (const filters of QUEUE_FILTERS.slice(0, 6)) {
		await report.measure(`GET queue ${shown(filters)}`, FIRST_PAGE, async () => {
			const path = `/1/streams/processing/queue?limit=10&${queryOf(filters)}`;
			return ((await ask("GET", path)) as { streams: unknown[] }).streams.length;
		});
	}
	for (const filters of [{}, { statuses: ["failure"] }, { account_id: small, statuses: ["deleted"] }]) {
		await report.measure(`GET /1/streams/logs ${shown(filters)}`, FIRST_PAGE, async () => {
			return ((await ask("GET", `/1/streams/logs?${queryOf(filters)}`)) as { logs: unknown[] }).logs.length;
		});
	}
	await report.measure("GET /1/groups", FIRST_PAGE, async () => ((await ask("GET", "/1/groups")) as unknown[]).length);
	await report.measure("GET /1/groups/count", COUNT, async () => {
		return ((await ask("GET", "/1/groups/count")) as { groups_count: number }).groups_count;
	});
}
