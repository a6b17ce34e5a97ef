import { streamForm } from "../../../client/generated/stream-form.ts";

/** The part of JSON Schema that the API's description uses for a stream, as `client/generated/stream-form.ts` keeps it. */
export interface FormSchema {
	readonly ref?: string;
	readonly type?: string;
	readonly const?: string | number;
	readonly enum?: readonly (string | number)[];
	readonly variants?: readonly FormSchema[];
	readonly properties?: Readonly<Record<string, FormSchema>>;
	readonly required?: readonly string[];
	readonly items?: FormSchema;
	readonly minItems?: number;
	readonly maxItems?: number;
	readonly minLength?: number;
	readonly maxLength?: number;
	readonly pattern?: string;
	readonly minimum?: number;
	readonly maximum?: number;
	readonly default?: unknown;
	readonly description?: string;
	readonly example?: unknown;
}

const SCHEMAS: Readonly<Record<string, FormSchema>> = streamForm;

/** What POST and PUT of a stream take. */
export const STREAM_SCHEMA: FormSchema = { ref: "stream_to_write" };

/** A schema with its reference followed; what stands beside the reference wins. */
export function resolved(schema: FormSchema): FormSchema {
	if (schema.ref === undefined) return schema;
	const { ref, ...beside } = schema;
	return { ...SCHEMAS[ref], ...beside };
}

/** The name of the component that a schema refers to; "" when it stands for itself. */
export function nameOf(schema: FormSchema): string {
	return schema.ref ?? "";
}

/** The schema without "or null": null means the same as nothing said. */
export function withoutNull(schema: FormSchema): FormSchema {
	const whole = resolved(schema);
	const others = whole.variants?.filter((each) => each.type !== "null");
	if (others === undefined || others.length !== 1 || others.length === whole.variants?.length) return schema;
	const [only = {}] = others;
	const { variants: _, ...beside } = whole;
	return { ...only, ...beside };
}

/** The member whose constant tells the variants of a union apart: `type`, `mode`; undefined when none does. */
export function discriminatorOf(variants: readonly FormSchema[]): string | undefined {
	const [first] = variants.map(resolved);
	return Object.keys(first?.properties ?? {}).find((name) =>
		variants.every((each) => resolved(each).properties?.[name]?.const !== undefined),
	);
}

/** The schema of a member by its path, `data.roi.x`, in the variant of each union that has it; undefined when there is none. */
export function schemaAt(path: string, from: FormSchema = STREAM_SCHEMA): FormSchema | undefined {
	if (path === "") return resolved(withoutNull(from));
	const whole = resolved(withoutNull(from));
	const [name = "", ...rest] = path.split(".");
	for (const variant of whole.variants ?? [whole]) {
		const member = resolved(variant).properties?.[name];
		const found = member && schemaAt(rest.join("."), member);
		if (found !== undefined) return found;
	}
	return undefined;
}
