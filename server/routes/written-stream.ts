import { Fault } from "../../persistence/fault.ts";
import type { WrittenStream } from "../../persistence/stream-row.ts";
import type { BodyCheck } from "../http/route.ts";
import { bodyCheck } from "../http/validation.ts";
import { type StreamToWrite, streamToWrite } from "../schemas/stream.ts";

const check = bodyCheck(streamToWrite);

/** The body of POST and PUT of a stream. Throws 12022, and 39002 as `writtenStream` does: both come before the query is looked at. */
export const streamBody: BodyCheck<WrittenStream> = {
	schema: streamToWrite,
	read: (value) => writtenStream(check.read(value)),
};

/**
 * A body of POST or PUT, checked and with its defaults, as what is kept. Throws 39002 when `status` is a status that no
 * stream begins with (contract, section 3).
 */
export function writtenStream(body: StreamToWrite): WrittenStream {
	const { account_id, data, event_handler, autorestart, status = "pending" } = body;
	if (status !== "pending" && status !== "pause") throw new Fault(39002, { value: status, list: "pending, pause" });
	const handler = { ...event_handler, authorization: event_handler.authorization ?? { account_id } };
	return {
		account_id,
		name: body.name ?? "",
		description: body.description ?? "",
		data_type: data.type,
		reference: data.reference,
		data: JSON.stringify(data),
		event_handler: JSON.stringify(handler),
		policies: JSON.stringify(body.policies ?? {}),
		location: JSON.stringify(body.location ?? {}),
		restart: autorestart?.restart ?? 0,
		attempt_count: autorestart?.attempt_count ?? 10,
		delay: autorestart?.delay ?? 60,
		status,
		group_name: body.group_name ?? null,
	};
}
