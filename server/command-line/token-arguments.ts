import { parseArgs } from "node:util";
import { ROLES } from "../access/caller.ts";
import type { TokenToMake } from "../access/tokens.ts";
import { inUtc, isTime } from "../schemas/time.ts";

/** What was typed is not a command: the message says how one looks. */
export class UsageError extends Error {}

export const USAGE = `perigee token create --name NAME --role ${ROLES.join("|")} [--accounts ID,…] [--groups NAME,…] [--expires 30d|TIME]
perigee token list [--json]
perigee token revoke TOKEN_ID|PREFIX
All of them: [--config FILE] and the environment, as the service reads them.`;

/** A command about tokens. */
export type TokenCommand =
	| { command: "create"; config: readonly string[]; token: TokenToMake }
	| { command: "list"; config: readonly string[]; json: boolean }
	| { command: "revoke"; config: readonly string[]; which: string };

const SECONDS = { h: 3_600, d: 86_400, w: 604_800 } as const;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const groupName = /^[a-zA-Z0-9_-]{1,128}$/;

/** Reads the arguments after `perigee token`. `now` is in ms. Throws `UsageError`. */
export function tokenCommand(args: readonly string[], now: number): TokenCommand {
	const { values, positionals } = parsed(args);
	const config = values.config === undefined ? [] : ["--config", values.config];
	const [command, which, ...more] = positionals;
	if (more.length > 0) throw new UsageError(`too many arguments: ${more.join(" ")}`);
	if (command === "list") return { command, config, json: values.json === true };
	if (command === "revoke") {
		if (which === undefined) throw new UsageError("which token? Give its id or its prefix");
		return { command, config, which };
	}
	if (command !== "create") throw new UsageError("create, list or revoke?");
	const { name = "", expires } = values;
	if (name === "" || name.length > 128) throw new UsageError("--name needs 1 to 128 characters");
	const role = ROLES.find((each) => each === values.role);
	if (role === undefined) throw new UsageError(`--role must be one of ${ROLES.join(", ")}`);
	const accounts = listOf(values.accounts, uuid, "--accounts must hold ids of accounts in lower case");
	const groups = listOf(values.groups, groupName, "--groups must hold names of groups");
	const expire_time = expires === undefined ? null : expiry(expires, now);
	return { command, config, token: { name, role, accounts, groups, expire_time } };
}

function parsed(args: readonly string[]) {
	const text = { type: "string" } as const;
	const options = { config: text, name: text, role: text, accounts: text, groups: text, expires: text };
	try {
		return parseArgs({ args: [...args], allowPositionals: true, options: { ...options, json: { type: "boolean" } } });
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

function listOf(text: string | undefined, form: RegExp, problem: string): string[] | null {
	if (text === undefined) return null;
	const list = text.split(",").map((each) => each.trim());
	if (!list.every((each) => form.test(each))) throw new UsageError(problem);
	return list;
}

/** `12h`, `30d`, `4w`, or a time. */
function expiry(text: string, now: number): string {
	const [, count, unit] = /^([1-9]\d{0,4})([hdw])$/.exec(text) ?? [];
	if (count !== undefined && (unit === "h" || unit === "d" || unit === "w")) {
		return new Date(now + Number(count) * SECONDS[unit] * 1000).toISOString();
	}
	const time = isTime(text) ? inUtc(text) : undefined;
	if (time === undefined)
		throw new UsageError("--expires must be like 12h, 30d or 4w, or a time like 2027-01-01T00:00:00Z");
	return time;
}
