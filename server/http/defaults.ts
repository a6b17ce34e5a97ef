import type { TSchema } from "typebox";
import { variantOf } from "./variant.ts";
import { isObject, type Keywords } from "./walk.ts";

type Complete = (value: unknown) => unknown;

interface Member {
	name: string;
	complete: Complete | undefined;
	/** undefined: the member stays absent. */
	fallback: unknown;
}

/**
 * Compiles how a checked value gets its defaults: a new value whose members stand in the schema's order, with the
 * defaults of absent members filled in, at every depth. Undefined when the schema has no defaults anywhere: the value is
 * good as it is. Default objects are shared by all values, so nobody may change them.
 */
export function completion(schema: TSchema): Complete | undefined {
	const { anyOf, properties, items }: Keywords = schema;
	if (anyOf !== undefined) return unionCompletion(anyOf);
	if (items !== undefined) {
		const item = completion(items);
		return item && ((value) => (Array.isArray(value) ? value.map(item) : value));
	}
	return properties && objectCompletion(properties);
}

function unionCompletion(variants: readonly TSchema[]): Complete | undefined {
	const completions = new Map(variants.map((each) => [each, completion(each)]));
	if ([...completions.values()].every((each) => each === undefined)) return undefined;
	return (value) => {
		const complete = completions.get(variantOf(variants, value));
		return complete === undefined ? value : complete(value);
	};
}

function objectCompletion(properties: Readonly<Record<string, TSchema>>): Complete | undefined {
	const members: Member[] = Object.entries(properties).map(([name, schema]) => {
		const complete = completion(schema);
		const fallback = (schema as Keywords).default;
		return { name, complete, fallback: complete === undefined ? fallback : fallback && complete(fallback) };
	});
	if (members.every((each) => each.complete === undefined && each.fallback === undefined)) return undefined;
	return (value) => {
		if (!isObject(value)) return value;
		const whole: Record<string, unknown> = {};
		for (const { name, complete, fallback } of members) {
			const given = value[name];
			const member = given === undefined ? fallback : complete === undefined ? given : complete(given);
			if (member !== undefined) whole[name] = member;
		}
		return whole;
	};
}
