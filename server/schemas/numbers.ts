import Type, { type TSchemaOptions } from "typebox";

/** The upper bound of every integer that has no smaller one (contract, section 3). */
export const MAX_INTEGER = 2_147_483_647;

interface Bounds extends TSchemaOptions {
	minimum?: number;
	maximum?: number;
}

/** An integer from 0 to the common upper bound, unless the options say otherwise. `1.0` is one in JSON. */
export function integer(options: Bounds = {}) {
	return Type.Integer({ minimum: 0, maximum: MAX_INTEGER, ...options });
}

/** A number from 0 to 1. */
export function share(options: Bounds = {}) {
	return Type.Number({ minimum: 0, maximum: 1, ...options });
}
