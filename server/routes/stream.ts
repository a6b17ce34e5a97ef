import { seesSecrets } from "../access/caller.ts";
import { isWhole } from "../access/scope.ts";
import { statusActions, writtenDetails } from "../audit/details.ts";
import { withStoredSecrets } from "../console/kept-secrets.ts";
import { queryCheck } from "../http/query.ts";
import { noContent } from "../http/reply.ts";
import { type Route, route } from "../http/route.ts";
import { bodyCheck } from "../http/validation.ts";
import { accountQuery, stream, streamPatch, streamVersion } from "../schemas/stream.ts";
import type { RouteParts } from "./parts.ts";
import { shownStream } from "./shown-stream.ts";
import { knownJson } from "./stream-json.ts";
import { streamBody } from "./written-stream.ts";

const pattern = "/1/streams/{stream_id}";
const tag = "streams";
const query = queryCheck(accountQuery);

/** `/1/streams/{stream_id}`: one stream. */
export function streamRoutes({ engine }: RouteParts): Route[] {
	return [
		route({
			method: "GET",
			pattern,
			access: "look",
			tag,
			summary: "Get a stream",
			query,
			answers: [{ status: 200, description: "The stream.", schema: stream }],
			faults: [12012, 39001],
			handle({ parameters: { stream_id = "" }, query: { account_id = null }, caller }) {
				const known = isWhole(caller) && seesSecrets(caller) ? engine.known(stream_id) : undefined;
				if (known !== undefined && (account_id === null || account_id === known.row.account_id))
					return { kind: "json", text: knownJson(known) };
				return engine
					.get(stream_id, account_id, caller)
					.then((row) => ({ kind: "json", text: shownStream(row, caller) }));
			},
		}),
		route({
			method: "PATCH",
			pattern,
			access: "operate",
			audit: "patch",
			tag,
			summary: "Change a stream's status or description",
			description: "All of it or nothing. The version stays.",
			body: bodyCheck(streamPatch),
			query,
			answers: [{ status: 204, description: "The stream was changed, or had that status already." }],
			faults: [12012, 12022, 39001, 39003, 39004, 39005],
			async handle({ parameters: { stream_id = "" }, body, query: { account_id = null }, caller, trail }) {
				if (body.status !== undefined) trail.action = statusActions[body.status];
				if (body.description !== undefined) trail.details = { members: "description" };
				await engine.patch(stream_id, body, account_id, caller);
				return noContent;
			},
		}),
		route({
			method: "PUT",
			pattern,
			access: "operate",
			audit: "put",
			tag,
			summary: "Write a stream anew",
			description:
				"Replaces everything that was written and raises the version; the place in the queue stays. Whoever reads passwords and tokens as ******** may write that back: it stands for the stored one, as long as it stands where it was and goes to the same host.",
			body: streamBody,
			query,
			answers: [{ status: 200, description: "The stream was written.", schema: streamVersion }],
			faults: [12012, 12022, 39001, 39002, 39007],
			async handle({ parameters: { stream_id = "" }, body, query: { account_id = null }, caller, trail }) {
				trail.details = writtenDetails(body);
				// Who reads ******** writes it back.
				const written = seesSecrets(caller)
					? body
					: withStoredSecrets(body, await engine.get(stream_id, account_id, caller));
				const { version } = await engine.recreate(stream_id, written, account_id, caller);
				return { kind: "value", value: { stream_id, version } };
			},
		}),
		route({
			method: "DELETE",
			pattern,
			access: "operate",
			audit: "delete",
			tag,
			summary: "Delete a stream",
			description: "Its logs stay.",
			query,
			answers: [{ status: 204, description: "The stream is gone." }],
			faults: [12012, 39001],
			async handle({ parameters: { stream_id = "" }, query: { account_id = null }, caller }) {
				await engine.remove(stream_id, account_id, caller);
				return noContent;
			},
		}),
	];
}
