import type { JsonObject } from "./json.ts";

/** The form of a request id (contract, section 1). */
export const requestIdForm: JsonObject = {
	type: "string",
	pattern: "^[0-9]{10},[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
	examples: ["1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a"],
};

const known: Readonly<Record<string, { name: string; description: string; schema: JsonObject }>> = {
	"luna-request-id": {
		name: "Luna-Request-Id",
		description:
			"Id of the request, `<unix seconds>,<uuid>`: found in the service's log and given back with the answer. One that is absent or of another form is replaced.",
		schema: { type: "string", examples: ["1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a"] },
	},
	"agent-id": {
		name: "Agent-Id",
		description:
			"Names the agent, anew at each of its starts. Feedback of another agent than the taker is not applied.",
		schema: { type: "string", pattern: "^[!-~]{1,128}$", examples: ["agent-7-1c9e"] },
	},
	origin: {
		name: "Origin",
		description: "Where the page comes from that asks. A page of another origin is refused.",
		schema: { type: "string" },
	},
	host: { name: "Host", description: "The host that is asked.", schema: { type: "string" } },
	cookie: { name: "Cookie", description: "The session.", schema: { type: "string" } },
	"x-forwarded-proto": {
		name: "X-Forwarded-Proto",
		description: "From a proxy in front: `https` makes the session's cookie one for https only.",
		schema: { type: "string" },
	},
	"accept-encoding": {
		name: "Accept-Encoding",
		description:
			"Compressions that the client reads; a file that was compressed when it was built is sent in the smallest.",
		schema: { type: "string", examples: ["gzip, br"] },
	},
	"if-none-match": {
		name: "If-None-Match",
		description: "The `ETag` of what the client has; the answer is 304 when it is still that.",
		schema: { type: "string" },
	},
};

/** A request header as a parameter of the document, by its lower-case name. Throws for one that is not written down here. */
export function requestHeader(header: string): JsonObject {
	const found = known[header];
	if (found === undefined) throw new Error(`the request header '${header}' has no description`);
	const { name, description, schema } = found;
	return { name, in: "header", description, schema };
}
