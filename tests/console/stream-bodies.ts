import fc from "fast-check";
import { type FormSchema, resolved, STREAM_SCHEMA } from "../../web-console/src/forms/form-schema.ts";

/** Bodies that keep every limit of the form's schemas. */
export const goodStream = bodyFor(STREAM_SCHEMA, "").filter(keepsTheRest);

/** Bodies in which one or another thing is wrong. */
export const anyStream = fc
	.tuple(goodStream, fc.array(fc.tuple(fc.nat(), wrongThing()), { minLength: 1, maxLength: 3 }))
	.map(([body, changes]) => changes.reduce((changed, [at, wrong]) => spoilt(changed, at, wrong), body));

function bodyFor(given: FormSchema, path: string): fc.Arbitrary<unknown> {
	const schema = resolved(given);
	if (schema.variants !== undefined) return fc.oneof(...schema.variants.map((each) => bodyFor(each, path)));
	if (schema.const !== undefined) return fc.constant(schema.const);
	if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
	switch (schema.type) {
		case "null":
			return fc.constant(null);
		case "boolean":
			return fc.boolean();
		case "integer":
			return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1000 });
		case "number":
			return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1000, noNaN: true }).map((each) => each || 0);
		case "array":
			return fc.array(bodyFor(schema.items ?? {}, path), {
				minLength: schema.minItems ?? 0,
				maxLength: schema.maxItems ?? 5,
			});
		case "object": {
			const members = Object.entries(schema.properties ?? {}).map(
				([name, each]) => [name, bodyFor(each, name)] as const,
			);
			return fc.record(Object.fromEntries(members), {
				requiredKeys: [...(schema.required ?? [])],
				noNullPrototype: true,
			});
		}
		default:
			return textOf(schema, path);
	}
}

function textOf({ pattern, minLength = 0, maxLength = 40 }: FormSchema, path: string): fc.Arbitrary<string> {
	if (pattern?.includes("[0-9a-f]{8}")) return fc.uuid();
	if (pattern !== undefined) return fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/);
	if (path === "origin" || path === "frame_store") return fc.webUrl();
	return fc
		.string({ minLength, maxLength: Math.min(maxLength, 40), unit: "binary" })
		.filter((each) => !each.includes("\0"));
}

/** What no schema says: a part of a frame ends within it. */
function keepsTheRest(body: unknown): boolean {
	return !JSON.stringify(body).includes('"percent"') || regions(body).every(inside);
}

function regions(body: unknown): Record<string, unknown>[] {
	const data = Object(Object(body).data);
	return [data.roi, data.droi].filter((each) => each !== undefined && Object(each).mode === "percent");
}

function inside(region: Record<string, unknown>): boolean {
	return Number(region["x"]) + Number(region["width"]) <= 100 && Number(region["y"]) + Number(region["height"]) <= 100;
}

function wrongThing(): fc.Arbitrary<unknown> {
	return fc.oneof(
		fc.constantFrom<unknown>(
			null,
			"",
			"x",
			-1,
			0,
			0.5,
			2,
			100.5,
			3_000_000_000,
			true,
			[],
			{},
			"\ud800",
			"\0",
			undefined,
		),
		fc.string({ minLength: 100, maxLength: 600 }),
		fc.array(fc.double({ min: -1, max: 2, noNaN: true }), { maxLength: 4 }),
		fc.record({ token: fc.string(), x: fc.nat(), mode: fc.constantFrom("abs", "percent", "other") }),
	);
}

/** A copy in which one member, somewhere, is another. */
function spoilt(value: unknown, at: number, wrong: unknown): unknown {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong;
	const names = [...Object.keys(value), "unexpected"];
	const name = names[at % names.length] ?? "";
	const copy: Record<string, unknown> = { ...value };
	if (at % 3 === 0) delete copy[name];
	else copy[name] = spoilt(copy[name], Math.floor(at / names.length), wrong);
	return JSON.parse(JSON.stringify(copy));
}
