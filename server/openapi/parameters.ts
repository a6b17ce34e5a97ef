import type { TSchema } from "typebox";
import type { QueryCheck, Route } from "../http/route.ts";
import { uuid } from "../schemas/identifiers.ts";
import type { Components } from "./components.ts";
import type { Json, JsonObject } from "./json.ts";

const ids: Readonly<Record<string, string>> = {
	stream_id: "Id of the stream.",
	group_id: "Id of the group.",
	token_id: "Id of the token.",
};

/** The parameters of an operation: of its path, of its query, and its headers. */
export function parameters({ pattern, query, headers = [] }: Route, components: Components): Json[] {
	return [
		...[...pattern.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => pathParameter(name, components)),
		...(query === undefined ? [] : queryParameters(query, components)),
		...["luna-request-id", ...headers].map((each) => components.requestHeader(each)),
	];
}

function pathParameter(name: string, components: Components): JsonObject {
	const description = ids[name] ?? "Id.";
	return { name, in: "path", required: true, description, schema: components.schemas.use(uuid()) };
}

function queryParameters({ schema }: QueryCheck<unknown>, components: Components): JsonObject[] {
	const required = (schema.required as readonly string[] | undefined) ?? [];
	return Object.entries(schema.properties).map(([name, each]) =>
		queryParameter(name, each, required.includes(name), components),
	);
}

/** Lists are written `a,b`; the service also reads `a` and `b` under a repeated name (contract, section 1). */
function queryParameter(name: string, schema: TSchema, required: boolean, components: Components): JsonObject {
	const { description: said = "" }: { description?: string } = schema;
	const { description: _, ...written } = components.schemas.use(schema);
	const parameter: JsonObject = {
		name,
		in: "query",
		...(required ? { required } : {}),
		description: said,
		schema: written,
	};
	return "items" in schema ? { ...parameter, style: "form", explode: false } : parameter;
}
