import { acceptedType } from "../accept.ts";
import { type Description, describe, describeAsYaml } from "./describe.ts";
import type { Settings } from "./table.ts";

/** The answer to `GET /config`: a value for the JSON (or msgpack) encoder, or finished text. */
export type ConfigAnswer =
	| { contentType: "application/json" | "application/msgpack"; body: Description }
	| { contentType: "text/plain; charset=utf-8"; body: string };

/**
 * `GET /config` (contract, section 2): the settings in force, secrets hidden; YAML when `text/plain` is preferred, else
 * the value for JSON or msgpack. What accepts none of them gets JSON, as everywhere.
 */
export function configAnswer(settings: Settings, accept: string | undefined): ConfigAnswer {
	const type = acceptedType(accept, ["application/json", "text/plain", "application/msgpack"]);
	if (type === "text/plain") return { contentType: "text/plain; charset=utf-8", body: describeAsYaml(settings) };
	return { contentType: type ?? "application/json", body: describe(settings) };
}
