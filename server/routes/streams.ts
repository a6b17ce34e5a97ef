import { type Caller, nobody, seesSecrets } from "../access/caller.ts";
import { askedDetails, writtenDetails } from "../audit/details.ts";
import { hiddenUrl } from "../console/hidden.ts";
import { withStoredSecrets } from "../console/kept-secrets.ts";
import { queryCheck } from "../http/query.ts";
import { noContent } from "../http/reply.ts";
import { type Route, route } from "../http/route.ts";
import { bodyCheck } from "../http/validation.ts";
import { pageOf } from "../schemas/page.ts";
import {
	accountQuery,
	streamFilters,
	streamListQuery,
	streams,
	streamsCount,
	streamsToDelete,
	streamVersion,
} from "../schemas/stream.ts";
import type { RouteParts } from "./parts.ts";
import { shownStreams } from "./shown-stream.ts";
import { streamBody } from "./written-stream.ts";

const pattern = "/1/streams";
const tag = "streams";

/** `/1/streams` and `/1/streams/count`: creating, listing, deleting and counting streams. */
export function streamsRoutes({ engine }: RouteParts): Route[] {
	return [
		route({
			method: "POST",
			pattern,
			access: "operate",
			audit: "create",
			tag,
			summary: "Create a stream",
			description: "It is pending, or waits in pause when `status` says so.",
			body: streamBody,
			answers: [
				{
					status: 201,
					description: "The stream was created.",
					schema: streamVersion,
					headers: { Location: "Path of the stream." },
				},
			],
			faults: [12022, 39002, 39007],
			async handle({ body, prefix, caller, trail }) {
				trail.details = writtenDetails(body);
				const written = seesSecrets(caller) ? body : withStoredSecrets(body, null);
				const { stream_id, version } = await engine.create(written, caller);
				trail.about({ stream_ids: [stream_id] });
				const headers = { Location: `${prefix}${pattern}/${stream_id}` };
				return { kind: "value", status: 201, value: { stream_id, version }, headers };
			},
		}),
		route({
			method: "GET",
			pattern,
			access: "look",
			tag,
			summary: "List streams",
			description: "Oldest first. Filters combine with AND, the values of one with OR.",
			query: queryCheck(streamListQuery),
			answers: [{ status: 200, description: "One page of streams.", schema: streams }],
			faults: [12012],
			async handle({ query: { page, page_size, ...filters }, caller, owner }) {
				const rows = await engine.list(filters, pageOf({ page, page_size }), asking(filters, caller), owner);
				return { kind: "json", text: shownStreams(rows, caller) };
			},
		}),
		route({
			method: "DELETE",
			pattern,
			access: "operate",
			audit: "delete",
			tag,
			summary: "Delete streams",
			description: "Those with one of the ids or one of the names; `account_id` narrows both. Their logs stay.",
			body: bodyCheck(streamsToDelete),
			query: queryCheck(accountQuery),
			answers: [{ status: 204, description: "None of them is left." }],
			faults: [12012, 12022],
			async handle({ body: { stream_ids = [], names = [] }, query, caller, trail }) {
				// Of what is refused or not there; each stream that is deleted has a record of its own.
				trail.details = askedDetails(stream_ids, names);
				const which = { stream_ids, names, account_id: query.account_id ?? null };
				await engine.removeMany(which, caller, (removed) => {
					trail.details = {};
					return trail.tell(removed, 204);
				});
				return noContent;
			},
		}),
		route({
			method: "GET",
			pattern: `${pattern}/count`,
			access: "look",
			tag,
			summary: "Count streams",
			query: queryCheck(streamFilters),
			answers: [{ status: 200, description: "How many streams match.", schema: streamsCount }],
			faults: [12012],
			async handle({ query, caller, owner }) {
				return { kind: "value", value: { streams_count: await engine.count(query, asking(query, caller), owner) } };
			},
		}),
	];
}

/** Who asks by these filters. A password is not found by whoever does not read it: it could be guessed that way. */
function asking({ reference = "" }: { reference?: string }, caller: Caller): Caller {
	return seesSecrets(caller) || hiddenUrl(reference) === reference ? caller : nobody;
}
