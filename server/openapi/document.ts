import type { Route } from "../http/route.ts";
import { Components } from "./components.ts";
import type { JsonObject } from "./json.ts";
import { operation } from "./operation.ts";
import { tagsOf } from "./tags.ts";

/** What the document says of itself besides its routes. */
export interface DocumentOptions {
	/** Version of the service, `major.minor.patch`. */
	version: string;
	/** The path that the service is asked below, or "" (contract, section 1: PREFIX). */
	prefix: string;
}

/** An OpenAPI document as a plain JSON value. */
export type OpenApiDocument = JsonObject & {
	paths: Record<string, JsonObject>;
	components: Record<string, JsonObject>;
};

/**
 * The OpenAPI 3.1 document of the routes that are served: made from the schemas that check them, so that it cannot say
 * anything else. Internal routes and verbs that every path has (HEAD, OPTIONS) are left out.
 */
export function openApiDocument(routes: readonly Route[], { version, prefix }: DocumentOptions): OpenApiDocument {
	const described = routes.filter((each) => each.internal !== true);
	const components = new Components(described);
	const paths: Record<string, JsonObject> = {};
	for (const each of described) {
		const path = paths[each.pattern] ?? {};
		path[each.method.toLowerCase()] = operation(each, components);
		paths[each.pattern] = path;
	}
	return {
		openapi: "3.1.0",
		info: {
			title: "Perigee",
			version,
			summary: "A supervisor of video streams.",
			description,
			license: { name: "Apache-2.0", identifier: "Apache-2.0" },
		},
		servers: [{ url: prefix === "" ? "/" : prefix, description: "This service." }],
		// The empty one: with AUTH.MODE none nobody is asked.
		security: [{ bearer: [] }, { session: [] }, {}],
		tags: tagsOf(described),
		paths,
		components: components.toJson(),
	};
}

const description = [
	"The API of LUNA Streams v1: streams, the queue that agents take them from, their feedback, previews, logs and groups.",
	"",
	"- Times are RFC 3339 in UTC, with milliseconds.",
	"- Lists in queries are separated by commas; a repeated parameter adds to its list. Unknown parameters are ignored.",
	"- Unknown members of a body are refused. Lengths count code points.",
	"- Every JSON answer is MessagePack for those who prefer `application/msgpack`.",
	"- Request line and headers may have 4,096 bytes together; longer lists of ids must be asked for in parts.",
	"- Every path answers HEAD (where it has GET) and OPTIONS; another verb is 405, an unknown path 404.",
].join("\n");
