import type { LogFilter, RecordStatus } from "../../../../client/console/protocol.ts";
import { RECORD_STATUSES } from "../../controls/record-statuses.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What the log is narrowed to, as the address says it. */
export interface LogQuery {
	readonly statuses: readonly RecordStatus[];
	/** As it was typed; "" for all. */
	readonly stream: string;
	readonly account: string;
}

/** Reads `?status=failure,restart&stream=<id>&account=<id>`; words that are no status are passed over. */
export function queryFrom(params: URLSearchParams): LogQuery {
	const words = (params.get("status") ?? "").split(",");
	return {
		statuses: RECORD_STATUSES.filter((each) => words.includes(each)),
		stream: params.get("stream") ?? "",
		account: params.get("account") ?? "",
	};
}

/** What is asked of the service; undefined when an id is not one, so that nothing would match. */
export function filterOf({ statuses, stream, account }: LogQuery): LogFilter | undefined {
	if ((stream !== "" && !UUID.test(stream)) || (account !== "" && !UUID.test(account))) return undefined;
	return {
		...(statuses.length > 0 ? { statuses: [...statuses] } : {}),
		...(stream === "" ? {} : { stream_ids: [stream] }),
		...(account === "" ? {} : { account_id: account }),
	};
}
