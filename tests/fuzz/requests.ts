import fc, { type Arbitrary } from "fast-check";
import type { Route } from "../../server/http/route.ts";
import type { Keywords } from "../../server/http/walk.ts";
import { broken, type Known, oneOf, unusual, valid } from "./arbitraries.ts";

/** Half of a surrogate pair, which cannot be percent-encoded. */
const lone = /[\ud800-\udfff]/u;
const loneEverywhere = /[\ud800-\udfff]/gu;

/** A request as it is sent. */
export interface FuzzedRequest {
	method: string;
	path: string;
	headers: Record<string, string>;
	body: Buffer | undefined;
	/** An id in the path may be no uuid. */
	odd: boolean;
}

/** Requests to one route: most have good parts, some have broken ones. */
export function requestTo(route: Route, known: Known): Arbitrary<FuzzedRequest> {
	return fc
		.record({
			path: pathOf(route, known),
			query: queryOf(route, known),
			headers: headersOf(route),
			body: bodyOf(route, known),
		})
		.map(({ path, query, headers, body }) => ({
			method: route.method,
			path: path + (query === "" ? "" : `?${query}`),
			headers: { ...body?.headers, ...headers },
			body: body?.bytes,
			odd: !pathForm(route).test(path),
			// A failure is told with its bytes, by whoever sent it.
			[fc.toStringMethod]: () => `${route.method} ${path}`,
		}));
}

function pathForm({ pattern }: Route): RegExp {
	return new RegExp(`^${pattern.replace(/\{\w+\}/g, "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")}$`);
}

/** The name of the id in the path of a route, or "". */
export function idIn({ pattern }: Route): string {
	return /\{(\w+)\}/.exec(pattern)?.[1] ?? "";
}

function pathOf(route: Route, { streams, groups, passing }: Known): Arbitrary<string> {
	const { pattern } = route;
	const name = idIn(route);
	if (name === "") return fc.constant(pattern);
	const id = fc.oneof(
		{ weight: 12, arbitrary: oneOf(name === "group_id" ? groups : (passing[name] ?? streams)) },
		{ weight: 2, arbitrary: fc.uuid() },
		fc.constantFrom("none", "%00", "..", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "x".repeat(300), "%2e%2e"),
	);
	return id.map((each) => pattern.replace(/\{\w+\}/, each));
}

function queryOf({ query }: Route, known: Known): Arbitrary<string> {
	const piece = fc.constantFrom(
		..."=&,%+#",
		"%00",
		"names",
		"page",
		"limit",
		"stream_ids",
		"1",
		"%f0%9f",
		"[]",
		"a[b]",
	);
	const noise = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("").replaceAll("#", ""));
	if (query === undefined) return fc.oneof({ weight: 3, arbitrary: fc.constant("") }, noise);
	const { properties = {}, required = [] }: Keywords = query.schema;
	const parameters = Object.entries(properties).map(([name, schema]): [string, Arbitrary<string>] => {
		// A take that waits long is no news here.
		const good = name === "wait" ? fc.constantFrom("0", "0.01", "0.001") : valid(schema, known).map(written);
		const bad = fc
			.constantFrom(...unusual.filter((each) => each.length < 300 && !lone.test(each)))
			.map(encodeURIComponent);
		return [name, fc.oneof({ weight: 6, arbitrary: good }, bad)];
	});
	const record = fc.record(Object.fromEntries(parameters), { requiredKeys: [...required] }).map((values) =>
		Object.entries(values)
			.map(([name, value]) => `${name}=${value}`)
			.join("&"),
	);
	return fc
		.oneof(
			{ weight: 8, arbitrary: record },
			noise,
			fc.tuple(record, noise).map((both) => both.join("&")),
		)
		.map((text) => text.slice(0, 2_500));
}

function written(value: unknown): string {
	const values = Array.isArray(value) ? value : [value];
	return values.map((each) => encodeURIComponent(String(each).replace(loneEverywhere, "?"))).join(",");
}

interface Body {
	bytes: Buffer;
	headers: Record<string, string>;
}

function bodyOf({ body, method }: Route, known: Known): Arbitrary<Body | undefined> {
	if (body === undefined) return method === "DELETE" ? fc.option(raw(), { nil: undefined }) : fc.constant(undefined);
	const json = (value: Arbitrary<unknown>) => value.map((each): Body => asJson(JSON.stringify(each) ?? "null"));
	return fc.oneof(
		{ weight: 6, arbitrary: json(valid(body.schema, known)) },
		{ weight: 6, arbitrary: json(broken(body.schema, known)) },
		raw(),
	);
}

function asJson(text: string): Body {
	return { bytes: Buffer.from(text), headers: { "Content-Type": "application/json" } };
}

/** Bytes that are no JSON, or not said to be. */
function raw(): Arbitrary<Body> {
	const texts = fc.constantFrom(
		"",
		"{",
		"nonsense",
		'{"limit":1',
		'{"a":1}{"b":2}',
		'{"__proto__":{"x":1}}',
		"\ufeff{}",
		"NaN",
		'"\\ud800"',
	);
	const deep = fc
		.tuple(fc.constantFrom("", '{"streams":', '{"name":', '{"data":', '{"filters":'), fc.constantFrom("[", '{"a":'))
		.map(([before, level]) => before + level.repeat(20_000));
	const closed = deep.map(
		(text) => `${text}1${[...text.replace(/[^[{]/g, "")].reverse().join("").replaceAll("[", "]").replaceAll("{", "}")}`,
	);
	const bytes = fc.oneof(
		fc.oneof({ weight: 8, arbitrary: texts }, deep, closed).map((text) => Buffer.from(text)),
		fc.uint8Array({ maxLength: 40 }).map(Buffer.from),
	);
	const types = fc.constantFrom(
		"application/json",
		"application/json; charset=utf-8",
		"application/json; charset=utf-16",
		"text/plain",
		"",
		";;;",
		"multipart/form-data",
	);
	return fc.tuple(bytes, types).map(([all, type]) => ({ bytes: all, headers: { "Content-Type": type } }));
}

function headersOf(route: Route): Arbitrary<Record<string, string>> {
	const value = fc.oneof(
		fc.string({ unit: "grapheme-ascii", maxLength: 30 }),
		fc.constantFrom("", "a b", "x".repeat(400), "ü", "*", '"', ",;=q", "\u00ff\u00fe"),
	);
	const accept = fc.constantFrom(
		"*/*",
		"application/json",
		"application/msgpack",
		"text/html",
		"text/plain",
		"application/x-yaml",
		"image/*;q=0",
		"application/msgpack;q=2, ;;",
		"a/b;q=x",
	);
	const headers: Record<string, Arbitrary<string>> = {
		Accept: fc.oneof({ weight: 5, arbitrary: accept }, value),
		"Luna-Request-Id": fc.oneof(fc.constant("1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a"), value),
		"Agent-Id": fc.oneof(fc.constantFrom("agent-1", "agent-2"), value),
		"If-None-Match": value,
		Origin: value,
		Cookie: value,
		"X-Forwarded-For": value,
		"Accept-Encoding": value,
		Range: fc.constantFrom("bytes=0-1", "bytes=-1", "x"),
	};
	// Agents name themselves in some requests only: with strangers' names all the time nothing would ever be applied.
	const usual = fc.record(headers, { requiredKeys: [] }).map((given) => ({ ...given }) as Record<string, string>);
	const none: Arbitrary<Record<string, string>> = fc.constant({});
	return fc.oneof({ weight: route.headers?.includes("agent-id") ? 4 : 1, arbitrary: none }, usual);
}
