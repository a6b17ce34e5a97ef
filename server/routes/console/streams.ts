import { writtenDetails } from "../../audit/details.ts";
import { withStoredSecrets } from "../../console/kept-secrets.ts";
import { type Route, route } from "../../http/route.ts";
import { bodyCheck } from "../../http/validation.ts";
import { streamDetail } from "../../schemas/console/detail.ts";
import { consoleSearch, consoleStreamsFound } from "../../schemas/console/search.ts";
import { streamVersion } from "../../schemas/stream.ts";
import { streamBody } from "../written-stream.ts";
import { type ConsoleParts, tag } from "./parts.ts";

const pattern = "/console/streams/{stream_id}";

/** `/console/streams` and below: streams without their secrets. */
export function consoleStreamsRoutes({ engine, console: gateway }: ConsoleParts): Route[] {
	return [
		route({
			method: "POST",
			pattern: "/console/streams/search",
			access: "look",
			tag,
			summary: "Search streams",
			description: "What a page's socket gives as a view, for programs without one.",
			body: bodyCheck(consoleSearch),
			answers: [{ status: 200, description: "How many match, and some of them.", schema: consoleStreamsFound }],
			faults: [12022],
			async handle({ body: { filter, order = "oldest", from = 0, count = 100 }, caller, owner }) {
				const question = { filter, order, scope: caller };
				return { kind: "value", value: await gateway.search(question, from, count, owner) };
			},
		}),
		route({
			method: "GET",
			pattern,
			access: "look",
			tag,
			summary: "Get a stream without its secrets",
			answers: [{ status: 200, description: "The stream, its secrets as ********.", schema: streamDetail }],
			faults: [39001],
			async handle({ parameters: { stream_id = "" }, caller, owner }) {
				return { kind: "value", value: await gateway.detail(stream_id, caller, owner) };
			},
		}),
		route({
			method: "PUT",
			pattern,
			access: "operate",
			audit: "put",
			tag,
			summary: "Write a stream anew without knowing its secrets",
			description:
				"As in `/1`, but where ******** stands for a password in a url or for the token, the stored one is kept, as long as it stands where it was and goes to the same host.",
			body: streamBody,
			answers: [{ status: 200, description: "The stream was written.", schema: streamVersion }],
			faults: [12022, 39001, 39002, 39007],
			async handle({ parameters: { stream_id = "" }, body, caller, trail }) {
				const written = withStoredSecrets(body, await engine.get(stream_id, null, caller));
				trail.details = writtenDetails(written);
				const { version } = await engine.recreate(stream_id, written, null, caller);
				return { kind: "value", value: { stream_id, version } };
			},
		}),
	];
}
