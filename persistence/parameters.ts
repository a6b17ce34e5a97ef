/** What a composed statement may carry. Times and uuids are text, cast in the statement. */
export type ParameterValue = string | number | null | readonly (string | number | null)[];

/**
 * The parameters of a statement that is composed from fixed fragments: each value goes in here, and its place `$n` with
 * its type into the text. So the text depends on which filters are present and never on what they hold.
 */
export class Parameters {
	readonly values: ParameterValue[] = [];

	/** The place of a uuid, text, or number: `$1::uuid`. */
	add(value: string | number | null, type: "uuid" | "text" | "bigint" | "float8"): string {
		return this.#place(value, type);
	}

	/** The place of an array, without its repetitions: `$1::uuid[]`. */
	addAll(values: readonly string[], type: "uuid" | "text"): string {
		return this.#place([...new Set(values)], `${type}[]`);
	}

	/** The place of an array whose members stand for something by their place. */
	addEach(values: readonly (string | number | null)[], type: "text" | "bigint"): string {
		return this.#place(values, `${type}[]`);
	}

	/**
	 * The place of a time. It goes as text: the driver would send what it knows to be a timestamptz through a `Date` and
	 * lose what is finer than a millisecond.
	 */
	addTime(value: string): string {
		return this.#place(value, "text::timestamptz");
	}

	#place(value: ParameterValue, type: string): string {
		this.values.push(value);
		return `$${this.values.length}::${type}`;
	}
}

/** `WHERE` and all of the conditions, or nothing when there are none. */
export function where(conditions: readonly string[]): string {
	return conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
}
