import type { TSchema } from "typebox";

interface Variant {
	type?: string;
	const?: unknown;
	properties?: Readonly<Record<string, Variant>>;
	required?: readonly string[];
}

/**
 * Which schema of an `anyOf` a value means. The schemas of a union exclude each other: by their kind (an object or null), by
 * a member with a fixed value (`data.type`, `roi.mode`), or by a member that only one of them has (`authorization.token`).
 * A value that means none is held against the first of its kind, or the first, which then names what is wrong.
 */
export function variantOf(variants: readonly TSchema[], value: unknown): TSchema {
	const kind = kindOf(value);
	const ofKind = variants.filter((each) => (each as Variant).type === kind);
	const [first] = ofKind.length === 0 ? variants : ofKind;
	if (first === undefined) throw new Error("a union without members");
	if (ofKind.length < 2 || typeof value !== "object" || value === null) return first;
	// Not copied: it may have thousands of members.
	const members = value as Record<string, unknown>;
	return (
		ofKind.find((each) => marks(each, members, true)) ?? ofKind.find((each) => marks(each, members, false)) ?? first
	);
}

/**
 * The member whose fixed value tells the objects of a union apart, with those values; undefined when there is none.
 * `optional`: a value without it means the first.
 */
export function discriminator(
	variants: readonly TSchema[],
): { name: string; values: unknown[]; optional: boolean } | undefined {
	const objects = variants.map((each): Variant => each).filter((each) => each.type === "object");
	const [first] = objects;
	const name = Object.keys(first?.properties ?? {}).find((each) => first?.properties?.[each]?.const !== undefined);
	if (name === undefined || objects.length < 2) return undefined;
	const values = objects.map((each) => each.properties?.[name]?.const);
	return { name, values, optional: !(first?.required ?? []).includes(name) };
}

/** Whether the value's fixed member is this variant's; or, where there is none, whether it has a member that is required here. */
function marks(variant: Variant, value: Record<string, unknown>, byConst: boolean): boolean {
	const fixed = Object.entries(variant.properties ?? {}).filter(([, { const: constant }]) => constant !== undefined);
	if (byConst) return fixed.some(([name, { const: constant }]) => value[name] === constant);
	return fixed.length === 0 && (variant.required ?? []).some((name) => Object.hasOwn(value, name));
}

function kindOf(value: unknown): string {
	if (value === null) return "null";
	return Array.isArray(value) ? "array" : typeof value;
}
