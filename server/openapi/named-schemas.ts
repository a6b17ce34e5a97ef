import type { TSchema } from "typebox";
import { discriminator } from "../http/variant.ts";
import { type Json, type JsonObject, mapped, type Reference, toJson } from "./json.ts";

type Keywords = Readonly<Record<string, unknown>>;

/** Keywords that check nothing: uses of one schema may differ in them. */
const annotations = ["description", "default", "examples", "deprecated"];

/**
 * The schemas of the API as components. One with a title becomes the component of that name, and wherever it is used a
 * reference to it; what a use says differently (a description, a default) stands beside the reference. All
 * schemas are given at once, because what a component says of itself is what all of its uses say.
 */
export class NamedSchemas {
	/** All uses of a title. */
	readonly #uses = new Map<string, Keywords[]>();
	readonly #components = new Map<string, JsonObject>();

	/** Throws when two schemas have one title and do not check the same. */
	constructor(schemas: readonly object[]) {
		for (const schema of schemas) this.#gather(schema);
		for (const [title, uses] of this.#uses) {
			const texts = new Set(uses.map((each) => JSON.stringify(this.#without(each, annotations))));
			if (texts.size > 1) throw new Error(`there are ${texts.size} different schemas with the title '${title}'`);
			const [first = {}] = uses;
			this.#components.set(title, this.#without(first, this.#ownAnnotations(title)));
		}
	}

	/** A schema where it is used: a reference when it has a title. */
	use(schema: object): JsonObject {
		const keywords: Keywords = { ...schema };
		const title = keywords["title"];
		if (typeof title !== "string") return this.#without(keywords, []);
		const own = this.#ownAnnotations(title).filter((each) => keywords[each] !== undefined);
		const reference: Reference = { $ref: `#/components/schemas/${title}` };
		for (const name of own) reference[name] = toJson(keywords[name]);
		return reference;
	}

	/** All components, in the order of their names. */
	toJson(): JsonObject {
		return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
	}

	#gather(schema: unknown): void {
		if (typeof schema !== "object" || schema === null) return;
		const keywords: Keywords = { ...schema };
		const { title, properties, items, anyOf } = keywords;
		if (typeof title === "string") this.#uses.set(title, [...(this.#uses.get(title) ?? []), keywords]);
		for (const each of Object.values(properties ?? {})) this.#gather(each);
		this.#gather(items);
		if (Array.isArray(anyOf)) for (const each of anyOf) this.#gather(each);
	}

	/** The annotations in which the uses of a title differ. */
	#ownAnnotations(title: string): string[] {
		const uses = this.#uses.get(title) ?? [];
		return annotations.filter((name) => new Set(uses.map((each) => JSON.stringify(each[name]))).size > 1);
	}

	/** A schema written out, without some of its keywords; those in it that have a title are referred to. */
	#without(schema: Keywords, leftOut: readonly string[]): JsonObject {
		const written: JsonObject = {};
		for (const [name, value] of Object.entries(schema)) {
			if (name === "title" || name === "discriminator" || leftOut.includes(name)) continue;
			if (name === "properties") written[name] = mapped(Object(value), (each) => this.use(Object(each)));
			else if (name === "items") written[name] = this.use(Object(value));
			else if (name === "anyOf") Object.assign(written, this.#union(schema));
			else written[name] = toJson(value);
		}
		return { ...typeOfEnum(schema), ...written };
	}

	/** `oneOf` where a member tells the variants apart, `anyOf` elsewhere. */
	#union({ anyOf, discriminator: marked }: Keywords): JsonObject {
		const variants: TSchema[] = Array.isArray(anyOf) ? anyOf : [];
		const references = variants.map((each) => this.use(each));
		const by = marked === undefined ? undefined : discriminator(variants);
		if (by === undefined) return { anyOf: references };
		const mapping = by.values.map((value, at): [string, Json] => [String(value), references[at]?.["$ref"] ?? null]);
		return { oneOf: references, discriminator: { propertyName: by.name, mapping: Object.fromEntries(mapping) } };
	}
}

/** An enum says its values only; readers of the document also want their type. */
function typeOfEnum({ enum: values, type }: Keywords): JsonObject {
	if (!Array.isArray(values) || type !== undefined) return {};
	const kinds = new Set(values.map((each: unknown) => (Number.isInteger(each) ? "integer" : typeof each)));
	const [kind] = kinds;
	return kinds.size === 1 && kind !== undefined ? { type: kind } : {};
}
