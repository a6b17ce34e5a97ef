export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** A reference to a component, with what is to be said beside it. */
export type Reference = { $ref: string } & JsonObject;

/** A value of a schema as JSON. Throws for what JSON has no form for. */
export function toJson(value: unknown): Json {
	if (value === null || typeof value === "string" || typeof value === "boolean") return value;
	if (typeof value === "number" && Number.isFinite(value)) return value;
	if (Array.isArray(value)) return value.map(toJson);
	if (typeof value === "object") return mapped(value, toJson);
	throw new Error(`not a JSON value: ${String(value)}`);
}

/** An object with each of its members turned into JSON, in their order. */
export function mapped(value: object, each: (member: unknown) => Json): JsonObject {
	return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, each(member)]));
}
