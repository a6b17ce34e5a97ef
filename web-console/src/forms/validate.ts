import { discriminatorOf, type FormSchema, nameOf, resolved, STREAM_SCHEMA } from "./form-schema.ts";

/** What is wrong, by the member's path: `data.roi.width`. The first thing wrong with each member. */
export type Problems = ReadonlyMap<string, string>;

/** With the u flag a surrogate matches only where it has no other half. */
const UNCLEAN = /[\0\ud800-\udfff]/u;
/** Sums of decimal fractions come out a little beyond themselves. */
const ROUNDING = 1e-9;
const URL_MEMBERS = new Set(["event_handler.origin", "event_handler.frame_store"]);

/** Checks the body of a new stream by the limits of the API, before it is sent. What passes here is what the service takes. */
export function validateStream(body: unknown): Problems {
	const problems = new Map<string, string>();
	check(STREAM_SCHEMA, body, "", (path, message) => {
		if (!problems.has(path)) problems.set(path, message);
	});
	return problems;
}

type Report = (path: string, message: string) => void;

function check(given: FormSchema, value: unknown, path: string, report: Report): void {
	const schema = resolved(given);
	if (schema.variants !== undefined) {
		checkUnion(schema.variants, value, path, report);
		return;
	}
	const wrong = wrongValue(schema, value, path);
	if (wrong !== undefined) report(path, wrong);
	else if (Array.isArray(value)) {
		for (const [at, item] of value.entries()) {
			// An array is one field: what is wrong with an item is told there.
			if (schema.items !== undefined)
				check(schema.items, item, path, (_, message) => report(path, `Item ${at + 1}: ${message}`));
		}
	} else if (schema.properties !== undefined && isObject(value)) {
		checkMembers(schema, value, path, report);
		if (nameOf(given) === "region_percent") checkInside(value, path, report);
	}
}

function checkMembers(
	schema: FormSchema,
	value: Readonly<Record<string, unknown>>,
	path: string,
	report: Report,
): void {
	for (const name of schema.required ?? []) {
		if (value[name] === undefined) report(joined(path, name), "This is needed.");
	}
	for (const [name, member] of Object.entries(value)) {
		const known = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
		if (known === undefined) report(joined(path, name), "There is no such setting.");
		else if (member !== undefined) check(known, member, joined(path, name), report);
	}
}

function checkUnion(variants: readonly FormSchema[], value: unknown, path: string, report: Report): void {
	if (value === null && variants.some((each) => each.type === "null")) return;
	const objects = variants.filter((each) => each.type !== "null");
	const by = discriminatorOf(objects);
	const chosen = isObject(value) ? variantFor(objects, by, value) : objects[0];
	if (chosen === undefined) report(joined(path, by ?? ""), "Choose one of the list.");
	else check(chosen, value, path, report);
}

function variantFor(variants: readonly FormSchema[], by: string | undefined, value: Readonly<Record<string, unknown>>) {
	if (by === undefined) {
		const whole = (each: FormSchema) => (resolved(each).required ?? []).every((name) => value[name] !== undefined);
		return variants.find(whole) ?? variants[0];
	}
	// A variant that need not say which one it is takes what does not say.
	return variants.find((each) => {
		const { properties, required } = resolved(each);
		const said = value[by];
		return said === undefined ? required?.includes(by) !== true : properties?.[by]?.const === said;
	});
}

function wrongValue(schema: FormSchema, value: unknown, path: string): string | undefined {
	if (schema.const !== undefined) return value === schema.const ? undefined : `Must be ${schema.const}.`;
	if (schema.enum !== undefined)
		return schema.enum.some((each) => each === value) ? undefined : "Choose one of the list.";
	switch (schema.type) {
		case "string":
			return typeof value === "string" ? wrongText(schema, value, path) : "Must be text.";
		case "integer":
		case "number":
			return wrongNumber(schema, value);
		case "boolean":
			return typeof value === "boolean" ? undefined : "Must be yes or no.";
		case "array":
			return Array.isArray(value) ? wrongCount(schema, value.length) : "Must be a list.";
		case "object":
			return isObject(value) ? undefined : "Must be a group of settings.";
		default:
			return undefined;
	}
}

function wrongText(
	{ minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern }: FormSchema,
	value: string,
	path: string,
) {
	const length = [...value].length;
	if (length < minLength) return "This is needed.";
	if (length > maxLength) return `At most ${maxLength} characters; these are ${length}.`;
	if (UNCLEAN.test(value)) return "Holds a character that cannot be kept.";
	if (pattern !== undefined && !new RegExp(pattern).test(value)) return wrongPattern(pattern);
	if (URL_MEMBERS.has(path) && !isHttpUrl(value))
		return "Must be an address that begins with http:// or https:// and names a host.";
	return undefined;
}

function wrongPattern(pattern: string): string {
	if (pattern === "^[ -~]*$") return "Only what a header takes: letters, digits and signs of ASCII, and blanks.";
	return pattern.includes("[0-9a-f]{8}")
		? "Must be an id such as 557d54ec-29ad-4f3c-93b4-c9092ef12515, in lower case."
		: "Only Latin letters, digits, - and _; 1 to 128 of them.";
}

function wrongNumber({ type, minimum, maximum }: FormSchema, value: unknown): string | undefined {
	if (typeof value !== "number" || !Number.isFinite(value)) return "Must be a number.";
	if (type === "integer" && !Number.isInteger(value)) return "Must be a whole number.";
	if (minimum !== undefined && value < minimum) return `Must be ${minimum} or more.`;
	if (maximum !== undefined && value > maximum) return `Must be ${maximum} or less.`;
	return undefined;
}

function wrongCount(
	{ minItems = 0, maxItems = Number.POSITIVE_INFINITY }: FormSchema,
	count: number,
): string | undefined {
	if (count >= minItems && count <= maxItems) return undefined;
	return minItems === maxItems ? `Must be ${minItems} numbers.` : `Must be ${minItems} to ${maxItems} numbers.`;
}

function checkInside(region: Readonly<Record<string, unknown>>, path: string, report: Report): void {
	for (const [edge, size] of [
		["x", "width"],
		["y", "height"],
	] as const) {
		if (Number(region[edge]) + Number(region[size]) > 100 + ROUNDING)
			report(joined(path, size), `Ends outside the frame: ${edge} and ${size} together are more than 100 %.`);
	}
}

const LONGEST_HOST = 300;

/** The service's own rule: the parser alone would mend what is not written as an address. */
function isHttpUrl(value: string): boolean {
	if (!/^https?:\/\/[^\s/\\?#][^\s\\]*$/i.test(value)) return false;
	const [authority = ""] = /^[^/?#]*/.exec(value.slice(value.indexOf("://") + 3)) ?? [];
	return authority.length - authority.lastIndexOf("@") <= LONGEST_HOST + 1 && URL.canParse(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function joined(path: string, name: string): string {
	return path === "" ? name : name === "" ? path : `${path}.${name}`;
}
