import { hiddenUrl } from "../../console/hidden.ts";
import { withStoredReference } from "../../console/kept-secrets.ts";
import { queryCheck } from "../../http/query.ts";
import { type Route, route } from "../../http/route.ts";
import { bodyCheck } from "../../http/validation.ts";
import { ownerOf } from "../../limits/owner.ts";
import { referenceTestQuery, referenceTestResult, referenceToTest } from "../../schemas/console/reference-test.ts";
import { type ConsoleParts, tag } from "./parts.ts";

/** `/console/reference-tests`: whether an agent can read a source, before a stream of it is saved. */
export function referenceTestsRoutes({ engine, console: gateway }: ConsoleParts): Route[] {
	return [
		route({
			method: "POST",
			pattern: "/console/reference-tests",
			access: "operate",
			audit: "test_reference",
			tag,
			summary: "Test a source",
			description:
				"A stream of it stands in the queue for some seconds, and is deleted when an agent has shown its first signs, when the time is over, and when the request is given up.",
			query: queryCheck(referenceTestQuery),
			body: bodyCheck(referenceToTest),
			answers: [{ status: 200, description: "What came of it.", schema: referenceTestResult }],
			faults: [12012, 12022, 39001, 39007],
			lasts: async () => undefined,
			async handle({ body, query: { wait = 0 }, caller, peer, signal, trail }) {
				const { stream_id } = body;
				if (stream_id !== undefined) trail.about({ stream_ids: [stream_id] });
				trail.details = { reference: hiddenUrl(body.data.reference) };
				const stored = stream_id === undefined ? null : await engine.get(stream_id, null, caller);
				const data = withStoredReference(body.data, stored);
				const group_name = body.group_name ?? stored?.groups.find((name) => caller.groups?.includes(name) ?? true);
				const asked = { account_id: body.account_id, data, ...(group_name !== undefined && { group_name }) };
				const asker = { scope: caller, owner: ownerOf(caller, peer), signal };
				return { kind: "value", value: await gateway.referenceTests.run(asked, wait, asker) };
			},
		}),
	];
}
