import type { Static, TObject, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Fault } from "../../persistence/fault.ts";
import { inUtc } from "../schemas/time.ts";
import type { QueryCheck } from "./route.ts";
import type { Keywords } from "./walk.ts";

/** One parameter: how its texts become its value. */
interface Parameter {
	name: string;
	fallback: unknown;
	/** The value of all its appearances, decoded; undefined when they are bad. */
	read(texts: readonly string[]): unknown;
}

const integerForm = /^-?[0-9]{1,15}$/;
const numberForm = /^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$/;

/**
 * Compiles the reading of a query string from the schema of its parameters (contract, section 1): percent-decoded first,
 * `+` as a blank; lists are then split at commas and grow with each repetition of their name; a single value must not
 * be repeated. In times a blank is read as `+`, and they come out in UTC. Unknown parameters are ignored, a bad one is
 * 12012 (the first in the order of the query string), a missing required one 12014.
 */
export function queryCheck<S extends TObject, T = Static<S>>(schema: S): QueryCheck<T> {
	const parameters = Object.entries(schema.properties).map(([name, each]) => parameterOf(name, each));
	const known = new Map(parameters.map((each) => [each.name, each]));
	const required = (schema.required as readonly string[] | undefined) ?? [];
	const absent = Object.fromEntries(
		parameters.filter(({ fallback }) => fallback !== undefined).map(({ name, fallback }) => [name, fallback]),
	);
	return {
		schema,
		read(query) {
			if (query === "" && required.length === 0) return { ...absent } as T;
			const given = textsOf(query, known);
			const values: Record<string, unknown> = {};
			for (const [name, texts] of given) {
				const value = texts && known.get(name)?.read(texts);
				if (value === undefined) throw new Fault(12012, { name });
				values[name] = value;
			}
			const missing = required.filter((name) => !given.has(name));
			if (missing.length > 0) throw new Fault(12014, { names: missing.join(", ") });
			for (const { name, fallback } of parameters) {
				if (fallback !== undefined && values[name] === undefined) values[name] = fallback;
			}
			return values as T;
		},
	};
}

/** The decoded texts of the known parameters, in the order in which their names first appear; undefined where one cannot be decoded. */
function textsOf(query: string, known: ReadonlyMap<string, Parameter>): Map<string, string[] | undefined> {
	const given = new Map<string, string[] | undefined>();
	if (query === "") return given;
	for (const pair of query.split("&")) {
		const [, rawName = "", rawValue = ""] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
		const name = decoded(rawName);
		// A name that cannot be decoded is not one of ours.
		if (name === undefined || !known.has(name)) continue;
		const value = decoded(rawValue);
		const texts = given.has(name) ? given.get(name) : [];
		if (value !== undefined) texts?.push(value);
		given.set(name, value === undefined ? undefined : texts);
	}
	return given;
}

/** Undefined when the percent signs are not followed by hex digits or what they say is not UTF-8. */
function decoded(text: string): string | undefined {
	if (!/[%+]/.test(text)) return text;
	try {
		return decodeURIComponent(text.replaceAll("+", " "));
	} catch {
		// Badly encoded: the caller says which parameter it was.
		return undefined;
	}
}

function parameterOf(name: string, schema: TSchema): Parameter {
	const { default: fallback, items }: Keywords = schema;
	if (items === undefined) {
		const read = valueReader(schema);
		return { name, fallback, read: (texts) => (texts.length === 1 ? read(texts[0] ?? "") : undefined) };
	}
	const read = valueReader(items);
	return {
		name,
		fallback,
		read(texts) {
			const values = texts.flatMap((each) => each.split(",")).map(read);
			return values.includes(undefined) ? undefined : values;
		},
	};
}

/** Reads one value; undefined when its schema refuses it. */
function valueReader(schema: TSchema): (text: string) => unknown {
	const check = Compile(schema);
	const { type, format } = schema as Keywords & { format?: string };
	if (type === "integer" || type === "number") {
		const form = type === "integer" ? integerForm : numberForm;
		return (text) => (form.test(text) && check.Check(Number(text)) ? Number(text) : undefined);
	}
	if (format === "date-time") {
		return (text) => {
			const time = text.replaceAll(" ", "+");
			return check.Check(time) ? inUtc(time) : undefined;
		};
	}
	return (text) => (check.Check(text) ? text : undefined);
}
