import fc, { type Arbitrary } from "fast-check";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { Keywords } from "../../server/http/walk.ts";

/** What exists in the service, so that most of what is made up speaks about something. Lists change as things go and come. */
export interface Known {
	readonly streams: string[];
	readonly groups: string[];
	/** Ids of what comes and goes beside them, by the names that they have in paths. */
	readonly passing: Readonly<Record<string, string[]>>;
	readonly account: string;
	/** Of groups, and of streams. */
	readonly names: readonly string[];
}

/** Urls that the service may call: nobody listens there. */
const urls = [
	"http://127.0.0.1:1/",
	"https://127.0.0.1:1/live?x=1#y",
	"http://[::1]:1/a%20b",
	"http://user:pass@127.0.0.1:1/",
	"http://169.254.169.254/latest",
	"http://0.0.0.0:1/",
];

/** Texts that programs have stumbled over. */
export const unusual: readonly string[] = [
	"",
	" ",
	"\u0000",
	"a\u0000b",
	"\ud800",
	"null",
	"undefined",
	"__proto__",
	"constructor",
	"'; DROP TABLE streams; --",
	"%",
	"%00",
	"%zz",
	"\\",
	'"',
	"{}",
	"[]",
	"-1",
	"1e400",
	"9007199254740993",
	"٣",
	"\u202e",
	"🎥".repeat(70),
	"x".repeat(3_000),
	"2021-13-45T99:99:99Z",
	"0000-01-01T00:00:00Z",
	"9999-12-31T23:59:59.999999999-23:59",
	"2021-06-30T23:59:60Z",
	"ffffffff-ffff-ffff-ffff-ffffffffffff",
	"FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
];

/** Values that a schema takes. */
export function valid(schema: TSchema, known: Known): Arbitrary<unknown> {
	return fc.oneof({ weight: 4, arbitrary: candidate(schema, known) }, candidate(schema, known)).filter(checked(schema));
}

function checked(schema: TSchema): (value: unknown) => boolean {
	const check = Compile(schema);
	return (value) => check.Check(value);
}

/** Values that a schema nearly always takes. */
function candidate(schema: TSchema, known: Known): Arbitrary<unknown> {
	const keywords: Keywords = schema;
	if (keywords.anyOf !== undefined) return fc.oneof(...keywords.anyOf.map((each) => candidate(each, known)));
	if ("const" in keywords) return fc.constant(keywords.const);
	if (keywords.enum !== undefined) return fc.constantFrom(...keywords.enum);
	const { minimum = -1e9, maximum = 1e9 } = keywords;
	switch (keywords.type) {
		case "string":
			return text(schema, known).filter(checked(schema));
		case "integer":
			return fc.oneof(
				fc.constantFrom(minimum, maximum),
				fc.integer({ min: minimum, max: Math.min(maximum, minimum + 9) }),
			);
		case "number":
			return fc.oneof(fc.constantFrom(minimum, maximum), fc.double({ min: minimum, max: maximum, noNaN: true }));
		case "boolean":
			return fc.boolean();
		case "null":
			return fc.constant(null);
		case "array":
			return fc.array(candidate(keywords.items ?? {}, known), {
				minLength: keywords.minItems ?? 0,
				maxLength: Math.min(keywords.maxItems ?? 4, Math.max(4, keywords.minItems ?? 0)),
			});
		case "object":
			return object(keywords, known);
		default:
			return fc.jsonValue();
	}
}

function object({ properties = {}, required = [] }: Keywords, known: Known): Arbitrary<unknown> {
	const members = Object.entries(properties).map(([name, schema]) => [name, candidate(schema, known)] as const);
	return fc.record(Object.fromEntries(members), { requiredKeys: [...required], noNullPrototype: true });
}

/** One of a list as it is when the value is made. */
export function oneOf(list: readonly string[]): Arbitrary<string> {
	return fc.nat(9_999).map((at) => list[at % Math.max(1, list.length)] ?? "");
}

function id(title: string | undefined, { streams, groups, account }: Known): Arbitrary<string> {
	const own: Record<string, Arbitrary<string>> = {
		stream_id: oneOf(streams),
		group_id: oneOf(groups),
		account_id: fc.constant(account),
	};
	const arbitrary = own[title ?? ""] ?? fc.uuid();
	return fc.oneof({ weight: 9, arbitrary }, fc.uuid());
}

function text(schema: TSchema, known: Known): Arbitrary<string> {
	const {
		format,
		title,
		pattern,
		maxLength = 40,
		examples = [],
	} = schema as Keywords & {
		format?: string;
		title?: string;
		examples?: string[];
	};
	const { names } = known;
	if (format === "uuid") return id(title, known);
	if (format === "date-time") {
		const range = { min: new Date("0001-01-02T00:00:00Z"), max: new Date("9999-12-30T00:00:00Z"), noInvalidDate: true };
		const offset = fc.constantFrom("Z", "z", "+05:30", "-11:00");
		return fc.tuple(fc.date(range), offset).map(([date, zone]) => date.toISOString().slice(0, -1) + zone);
	}
	if (pattern !== undefined)
		return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...names) }, fc.stringMatching(new RegExp(pattern)));
	if (examples[0]?.startsWith("http")) return fc.constantFrom(...urls);
	const any = fc.string({ unit: "grapheme", maxLength: Math.min(maxLength, 20) });
	return fc.oneof(any, fc.constantFrom(...names, ...examples, "x".repeat(maxLength), ...unusual));
}

/** Values made of good ones by breaking something in them, and values that nobody meant. */
export function broken(schema: TSchema, known: Known): Arbitrary<unknown> {
	const junk = fc.oneof(
		fc.jsonValue(),
		fc.constantFrom<unknown>(...unusual, null, -1, 0.5, 1e308, 2 ** 31, [], {}, true),
	);
	const damaged = fc
		.tuple(candidate(schema, known), fc.nat(), fc.constantFrom("replace", "remove", "add", "nest"), junk)
		.map(([value, place, how, instead]) => damage(value, place, how, instead));
	return fc.oneof({ weight: 5, arbitrary: damaged }, junk);
}

/** The value with the `place`-th of its members (counted through all depths) changed. */
function damage(value: unknown, place: number, how: string, instead: unknown): unknown {
	const copy = structuredClone(value);
	const members: [object: Record<string, unknown>, name: string][] = [];
	const visit = (part: unknown): void => {
		if (typeof part !== "object" || part === null) return;
		const object = part as Record<string, unknown>;
		for (const name of Object.keys(object)) {
			members.push([object, name]);
			visit(object[name]);
		}
	};
	visit(copy);
	const [object, name] = members[place % Math.max(1, members.length)] ?? [];
	if (object === undefined || name === undefined) return instead;
	if (how === "remove") delete object[name];
	else if (how === "add") object[`${name}_`] = instead;
	else object[name] = how === "nest" ? [object[name]] : instead;
	return copy;
}
