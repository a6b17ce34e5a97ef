import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Fault } from "../../persistence/fault.ts";
import { completion } from "./defaults.ts";
import type { BodyCheck } from "./route.ts";
import { firstFailure } from "./walk.ts";

/**
 * Compiles the check of a body (contract, section 1). `read` gives the value with its defaults filled in, or throws
 * 12022 with the path and message of the first failing member. The compiled check decides; only for a value that it refuses is
 * the schema walked to find out where.
 *
 * @param isSurely tells quickly that a value is good, where that is worth it; what it does not know the compiled check decides.
 */
export function bodyCheck<S extends TSchema, T = Static<S>>(
	schema: S,
	isSurely: (value: unknown) => boolean = () => false,
): BodyCheck<T> {
	const check = Compile(schema);
	const complete = completion(schema);
	return {
		schema,
		read(value) {
			if (!isSurely(value) && !check.Check(value)) {
				const { path, message } = firstFailure(schema, value) ?? { path: "", message: "not valid" };
				throw new Fault(12022, { path, message });
			}
			return (complete === undefined ? value : complete(value)) as T;
		},
	};
}
