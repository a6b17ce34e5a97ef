import { discriminatorOf, type FormSchema, nameOf, resolved, STREAM_SCHEMA, withoutNull } from "./form-schema.ts";

/**
 * What stands in the fields of a form: text, or yes and no, by the members' paths. Which variant of a union is chosen stands
 * under the member that tells them apart (`data.type`, `data.roi.mode`), or, where none does, under the path with a `?`
 * behind it (`event_handler.authorization?`).
 */
export type Draft = Readonly<Record<string, string | boolean>>;

/** Where the choice among the variants of a union stands; the schema is the union's. */
function choicePath(variants: readonly FormSchema[], path: string): string {
	const by = discriminatorOf(variants);
	return by === undefined ? `${path}?` : joined(path, by);
}

function choiceOf(variant: FormSchema, by: string | undefined): string {
	return by === undefined ? nameOf(variant) : String(resolved(variant).properties?.[by]?.const ?? "");
}

/** The fields of a stream as it was written or is read; members that are no part of a body are passed over. */
export function draftOf(stream: unknown): Draft {
	const draft: Record<string, string | boolean> = {};
	spread(STREAM_SCHEMA, stream, "", draft);
	return draft;
}

function spread(given: FormSchema, value: unknown, path: string, draft: Record<string, string | boolean>): void {
	if (value === undefined || value === null) return;
	const schema = resolved(withoutNull(given));
	if (schema.variants !== undefined) {
		const by = discriminatorOf(schema.variants);
		const chosen = schema.variants.find((each) => fits(each, by, value));
		if (chosen === undefined) return;
		draft[choicePath(schema.variants, path)] = choiceOf(chosen, by);
		spread(chosen, value, path, draft);
	} else if (schema.properties !== undefined && isObject(value)) {
		for (const [name, member] of Object.entries(schema.properties))
			spread(member, value[name], joined(path, name), draft);
	} else if (schema.const === undefined) {
		draft[path] = typeof value === "boolean" ? value : Array.isArray(value) ? value.join(", ") : String(value);
	}
}

function fits(variant: FormSchema, by: string | undefined, value: unknown): boolean {
	if (!isObject(value)) return false;
	const { properties = {}, required = [] } = resolved(variant);
	if (by === undefined) return required.every((name) => value[name] !== undefined);
	return value[by] === undefined ? !required.includes(by) : properties[by]?.const === value[by];
}

/**
 * The body that the fields say. An empty field says nothing, so that the service fills its default in; a number that is not one
 * stays text, for the check to name it.
 */
export function bodyOf(draft: Draft): unknown {
	return gather(STREAM_SCHEMA, "", draft, true);
}

function gather(given: FormSchema, path: string, draft: Draft, needed: boolean): unknown {
	const schema = resolved(withoutNull(given));
	if (schema.variants !== undefined) {
		const by = discriminatorOf(schema.variants);
		const choice = draft[choicePath(schema.variants, path)];
		const chosen = schema.variants.find((each) => choiceOf(each, by) === choice);
		return chosen === undefined ? (needed ? {} : undefined) : gather(chosen, path, draft, true);
	}
	if (schema.properties !== undefined) return gatherObject(schema, path, draft, needed);
	if (schema.const !== undefined) return needed ? schema.const : undefined;
	const value = draft[path];
	if (value === undefined || value === "") return undefined;
	if (typeof value === "boolean") return value;
	if (schema.enum !== undefined) return schema.enum.find((each) => String(each) === value) ?? value;
	if (schema.type === "array")
		return value
			.split(/[,;\s]+/)
			.filter((each) => each !== "")
			.map(numberOf);
	return schema.type === "integer" || schema.type === "number" ? numberOf(value.trim()) : value;
}

function gatherObject(schema: FormSchema, path: string, draft: Draft, needed: boolean): unknown {
	const members: [string, unknown][] = [];
	let said = false;
	for (const [name, member] of Object.entries(schema.properties ?? {})) {
		// Of what need not be there a constant is no reason to be there.
		const value = gather(member, joined(path, name), draft, schema.required?.includes(name) === true);
		if (value === undefined) continue;
		members.push([name, value]);
		said ||= resolved(member).const === undefined;
	}
	return said || needed ? Object.fromEntries(members) : undefined;
}

function numberOf(text: string): number | string {
	return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : text;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function joined(path: string, name: string): string {
	return path === "" ? name : `${path}.${name}`;
}
