import type { Json, JsonObject } from "../server/openapi/json.ts";

const head = `// Schemas of a stream's form, made from the API's description by \`npm run generate:client\`. Not to be edited by hand.

`;

/** Where the form's schemas are kept. */
export const streamFormFile = new URL("../client/generated/stream-form.ts", import.meta.url);

/** The component that POST and PUT of a stream take. */
const ROOT = "stream_to_write";
const COMPONENT = "#/components/schemas/";
/** Keywords that a form needs nothing of: it lets only known members in, and patterns say more than formats. */
const LEFT_OUT = new Set(["additionalProperties", "format", "discriminator", "deprecated"]);

/**
 * The schemas that the console's form of a stream is made of, as a TypeScript module: those of the document that the body
 * of `POST /1/streams` is made of, with `ref` for a reference, `variants` for the parts of a union and one `example`. The page
 * carries these instead of the whole document.
 */
export function streamFormModule(document: { components: Readonly<Record<string, JsonObject>> }): string {
	const found = new Map<string, Json>();
	const visit = (name: string) => {
		const schema = document.components["schemas"]?.[name];
		if (schema === undefined) throw new Error(`the description has no schema '${name}'`);
		if (found.has(name)) return;
		found.set(name, null);
		found.set(name, compact(schema, visit));
	};
	visit(ROOT);
	return `${head}export const streamForm = ${JSON.stringify(Object.fromEntries(found), null, "\t")} as const;\n`;
}

function compact(schema: Json, visit: (name: string) => void): Json {
	if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return schema;
	const written: JsonObject = {};
	for (const [name, value] of Object.entries(schema)) {
		if (LEFT_OUT.has(name)) continue;
		if (name === "$ref" && typeof value === "string") {
			const target = value.slice(COMPONENT.length);
			visit(target);
			written["ref"] = target;
		} else if (name === "properties") {
			written[name] = Object.fromEntries(Object.entries(value ?? {}).map(([key, each]) => [key, compact(each, visit)]));
		} else if (name === "items") {
			written[name] = compact(value, visit);
		} else if ((name === "anyOf" || name === "oneOf") && Array.isArray(value)) {
			written["variants"] = value.map((each: Json) => compact(each, visit));
		} else if (name === "examples" && Array.isArray(value)) {
			written["example"] = value[0] ?? null;
		} else written[name] = value;
	}
	return written;
}
