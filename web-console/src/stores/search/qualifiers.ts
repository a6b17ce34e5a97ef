import type { ConsoleFilter } from "../../../../client/console/protocol.ts";

type Restart = NonNullable<ConsoleFilter["autorestart"]>[number];

/** A qualifier of the search line: `status:failure`. */
export interface Qualifier {
	readonly name: string;
	/** The member of the filter that it fills. */
	readonly member: Exclude<keyof ConsoleFilter, "words">;
	/** What it is about, for completion. */
	readonly about: string;
	/** All values that there are, where they are few. */
	readonly values?: readonly string[];
	/** Why a value cannot be meant, or undefined. */
	readonly mistake?: (value: string) => string | undefined;
}

const STATUS_VALUES = [
	"failure",
	"pending",
	"in_progress",
	"pause",
	"done",
	"cancel",
] as const satisfies ConsoleFilter["statuses"];
const TYPE_VALUES = ["tcp", "udp", "videofile", "images"] as const satisfies ConsoleFilter["types"];
const RESTART_VALUES = ["in_progress", "failed", "denied", "enabled", "disabled"] as const satisfies readonly Restart[];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_CODE = 2_147_483_647;

/** In the order in which they are offered and printed. */
export const QUALIFIERS: readonly Qualifier[] = [
	{
		name: "status",
		member: "statuses",
		about: "what it does now",
		values: STATUS_VALUES,
		mistake: among(STATUS_VALUES),
	},
	{ name: "group", member: "groups", about: "a group's whole name", mistake: notGroup },
	{ name: "name", member: "names", about: "a part of its name" },
	{ name: "type", member: "types", about: "of its source", values: TYPE_VALUES, mistake: among(TYPE_VALUES) },
	{ name: "reference", member: "references", about: "a part of its source's address" },
	{ name: "agent", member: "agents", about: "who processes it, the beginning of the name" },
	{ name: "error", member: "error_codes", about: "the number of its error", mistake: notCode },
	{
		name: "restart",
		member: "autorestart",
		about: "how its autorestart stands",
		values: RESTART_VALUES,
		mistake: among(RESTART_VALUES),
	},
	{ name: "account", member: "account_ids", about: "the account it belongs to", mistake: notUuid },
	{ name: "id", member: "stream_ids", about: "its whole id", mistake: notUuid },
];

/** The qualifier of that name, whatever its case. */
export function qualifierNamed(name: string): Qualifier | undefined {
	return QUALIFIERS.find((each) => each.name === name.toLowerCase());
}

function among(values: readonly string[]): (value: string) => string | undefined {
	return (value) => (values.includes(value) ? undefined : `is none of ${values.join(", ")}`);
}

function notGroup(value: string): string | undefined {
	return /^[a-zA-Z0-9_-]{1,128}$/.test(value) ? undefined : "is no group's name: letters, digits, _ and -";
}

function notUuid(value: string): string | undefined {
	return UUID.test(value) ? undefined : "is no whole id";
}

function notCode(value: string): string | undefined {
	return /^\d{1,10}$/.test(value) && Number(value) <= MAX_CODE ? undefined : "is no error's number";
}
