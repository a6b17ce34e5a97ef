import Type, { type TSchemaOptions } from "typebox";

interface TextOptions extends TSchemaOptions {
	minLength?: number;
	maxLength?: number;
	pattern?: string;
}

/** A string that the database can keep: without U+0000 and lone surrogates. Lengths count code points (contract, section 1). */
export function text(options: TextOptions = {}) {
	return Type.Refine(Type.String(options), isClean, () => "must not hold U+0000 or half of a surrogate pair");
}

// With the u flag a surrogate matches only where it has no other half.
const unclean = /[\0\ud800-\udfff]/u;

export function isClean(value: string): boolean {
	return !unclean.test(value);
}
