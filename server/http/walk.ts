import type { TSchema } from "typebox";
import { discriminator, variantOf } from "./variant.ts";

/** What is wrong with a value, and where: `streams.0.preview.live.url`, or "" for the value itself. */
export interface Failure {
	path: string;
	message: string;
}

/** Characters of a name that is not known which are said back. */
const LONGEST_NAME = 200;

/** The keywords that our schemas use. */
export interface Keywords {
	type?: string;
	const?: unknown;
	enum?: readonly unknown[];
	anyOf?: readonly TSchema[];
	properties?: Readonly<Record<string, TSchema>>;
	required?: readonly string[];
	items?: TSchema;
	minItems?: number;
	maxItems?: number;
	minLength?: number;
	maxLength?: number;
	pattern?: string;
	minimum?: number;
	maximum?: number;
	default?: unknown;
	"~refine"?: readonly { check(value: unknown): boolean; error(value: unknown): string }[];
}

/**
 * The first member of a value, in document order, that its schema refuses; undefined when there is none. It runs only
 * after the compiled check has said no, to say where and why (contract, section 1): members in the order of the document,
 * then what is missing, then what concerns the object as a whole.
 */
export function firstFailure(schema: TSchema, value: unknown, path = ""): Failure | undefined {
	const keywords: Keywords = schema;
	if (keywords.anyOf !== undefined) {
		return wrongVariant(keywords.anyOf, value, path) ?? firstFailure(variantOf(keywords.anyOf, value), value, path);
	}
	const wrong = wrongValue(keywords, value);
	if (wrong !== undefined) return { path, message: wrong };
	if (Array.isArray(value) && keywords.items !== undefined) {
		for (const [at, item] of value.entries()) {
			const failure = firstFailure(keywords.items, item, joined(path, String(at)));
			if (failure !== undefined) return failure;
		}
	}
	if (keywords.properties !== undefined && isObject(value)) {
		const failure = memberFailure(keywords, value, path);
		if (failure !== undefined) return failure;
	}
	const refused = keywords["~refine"]?.find((each) => !each.check(value));
	return refused && { path, message: refused.error(value) };
}

/** Without a word that tells which object of a union is meant, the rest of it cannot be judged: that word is named first. */
function wrongVariant(variants: readonly TSchema[], value: unknown, path: string): Failure | undefined {
	const by = discriminator(variants);
	if (by === undefined || !isObject(value)) return undefined;
	const { name, values, optional } = by;
	if (!Object.hasOwn(value, name)) {
		return optional ? undefined : { path: joined(path, name), message: `'${name}' is a required property` };
	}
	if (values.includes(value[name])) return undefined;
	return { path: joined(path, name), message: `must be one of ${listed(values)}` };
}

function memberFailure(keywords: Keywords, value: Record<string, unknown>, path: string): Failure | undefined {
	const properties = keywords.properties ?? {};
	for (const name of Object.keys(value)) {
		const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
		if (schema === undefined) {
			return { path, message: `Additional properties are not allowed ('${shortened(name)}' was unexpected)` };
		}
		const failure = firstFailure(schema, value[name], joined(path, name));
		if (failure !== undefined) return failure;
	}
	const missing = keywords.required?.find((name) => !Object.hasOwn(value, name));
	if (missing === undefined) return undefined;
	return { path: joined(path, missing), message: `'${missing}' is a required property` };
}

/** Whoever made it up knows it by its beginning. */
function shortened(name: string): string {
	return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

/** What is wrong with a value itself, its members left aside. */
function wrongValue(keywords: Keywords, value: unknown): string | undefined {
	if ("const" in keywords && value !== keywords.const) return `must be ${JSON.stringify(keywords.const)}`;
	if (keywords.enum !== undefined && !keywords.enum.includes(value)) {
		return `must be one of ${listed(keywords.enum)}`;
	}
	switch (keywords.type) {
		case "string":
			return typeof value === "string" ? wrongText(keywords, value) : "must be a string";
		case "integer":
			return Number.isInteger(value) ? wrongNumber(keywords, Number(value)) : "must be an integer";
		case "number":
			return Number.isFinite(value) ? wrongNumber(keywords, Number(value)) : "must be a number";
		case "boolean":
			return typeof value === "boolean" ? undefined : "must be a boolean";
		case "null":
			return value === null ? undefined : "must be null";
		case "array":
			return Array.isArray(value) ? wrongLength(keywords, value.length) : "must be an array";
		case "object":
			return isObject(value) ? undefined : "must be an object";
		default:
			return undefined;
	}
}

function wrongText({ minLength, maxLength, pattern }: Keywords, value: string): string | undefined {
	// No letter is more than two units: of a text that is certainly too long they need not be counted.
	if (maxLength !== undefined && value.length > 2 * maxLength) return `must have at most ${maxLength} characters`;
	const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length;
	if (minLength !== undefined && length < minLength) return `must have at least ${minLength} characters`;
	if (maxLength !== undefined && length > maxLength) return `must have at most ${maxLength} characters`;
	if (pattern !== undefined && !new RegExp(pattern, "u").test(value)) return `must match ${pattern}`;
	return undefined;
}

function wrongNumber({ minimum, maximum }: Keywords, value: number): string | undefined {
	if (minimum !== undefined && value < minimum) return `must be at least ${minimum}`;
	if (maximum !== undefined && value > maximum) return `must be at most ${maximum}`;
	return undefined;
}

function wrongLength({ minItems, maxItems }: Keywords, length: number): string | undefined {
	if (minItems !== undefined && length < minItems) return `must have at least ${minItems} items`;
	if (maxItems !== undefined && length > maxItems) return `must have at most ${maxItems} items`;
	return undefined;
}

function listed(values: readonly unknown[]): string {
	return values.map((each) => JSON.stringify(each)).join(", ");
}

function joined(path: string, name: string): string {
	return path === "" ? name : `${path}.${name}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
