import type { PostgresType } from "postgres";
import { parse } from "postgres-array";

/**
 * The arrays that our statements give and take, by PostgreSQL's own numbers for them, as options of the driver.
 *
 * Left to itself the driver asks each new connection which array types there are: a round trip more, and a promise that
 * nobody waits for, whose rejection says that the connection was lost meanwhile.
 */
export const arrayTypes = {
	fetch_types: false,
	types: {
		smallints: arrayOf(1005, Number),
		integers: arrayOf(1007, Number),
		// As the driver gives a single one: text, since a number in JavaScript could not hold each.
		bigints: arrayOf(1016, String),
		texts: arrayOf(1009, String),
		uuids: arrayOf(2951, String),
	},
} as const;

function arrayOf<T>(number: number, read: (text: string) => T): PostgresType {
	return {
		to: number,
		from: [number],
		serialize: written,
		parse: (text: string) => parse(text, read),
	};
}

/** In PostgreSQL's notation; each element in quotation marks, so that none is taken for NULL or for a bracket. */
function written(elements: readonly (string | number | null)[] | string): string {
	// The driver does it again when it prepares a statement anew.
	if (typeof elements === "string") return elements;
	const each = elements.map((element) =>
		element === null ? "NULL" : `"${String(element).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`,
	);
	return `{${each.join(",")}}`;
}
