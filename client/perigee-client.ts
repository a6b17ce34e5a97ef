import createClient, { type Client } from "openapi-fetch";
import { askingInParts, type Send } from "./asking-in-parts.ts";
import type { components, paths } from "./generated/api.ts";
import { newRequestId } from "./request-id.ts";

/** The objects of the API, by the names of their schemas: `Schemas["stream"]`. */
export type Schemas = components["schemas"];

/** A client whose paths, parameters, bodies and answers have the types of the API's description. */
export type PerigeeClient = Client<paths>;

export interface PerigeeClientOptions {
	/** Where the service is, with its prefix if it has one; without a slash at its end. "" in a page that it serves at its root. */
	baseUrl: string;
	/** Names the agent that asks (contract, section 5). */
	agentId?: string;
	/** Further headers of every request. */
	headers?: Readonly<Record<string, string>>;
	/** Makes the id of each request that has none; `<unix seconds>,<uuid4>` when absent. */
	requestId?: () => string;
	/** Bytes that path and query of one request may have. 4,096 less what the headers of a browser need. */
	room?: number;
	/** Sends a request; the platform's `fetch` when absent. */
	send?: Send;
}

/**
 * A client of the service. Every request carries an id that the service's log knows it by; lists of ids that are too long for one
 * request are asked for in parts (contract, section 1). An answer with an error is a value, as openapi-fetch has it:
 * `{ error, response }`; what is thrown is what `fetch` throws.
 *
 * @example
 * const perigee = createPerigeeClient({ baseUrl: "http://127.0.0.1:5160" });
 * const { data, error } = await perigee.GET("/1/streams", { params: { query: { statuses: ["failure"] } } });
 */
export function createPerigeeClient(options: PerigeeClientOptions): PerigeeClient {
	const { baseUrl, agentId, headers = {}, requestId = newRequestId, room = 2800, send = fetch } = options;
	const inParts = askingInParts((request) => send(request), room);
	return createClient<paths>({
		baseUrl,
		headers: { ...headers, ...(agentId === undefined ? {} : { "Agent-Id": agentId }) },
		// The service splits lists at their commas.
		querySerializer: { array: { style: "form", explode: false } },
		fetch: (request) => {
			if (!request.headers.has("Luna-Request-Id")) request.headers.set("Luna-Request-Id", requestId());
			return inParts(request);
		},
	});
}
