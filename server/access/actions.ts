import { Fault } from "../../persistence/fault.ts";
import type { Caller, Role } from "./caller.ts";
import { isWhole } from "./scope.ts";

/** A kind of thing to do. */
export type Action = keyof typeof actions;

/** Who may use a route, or do something over the console's socket: anybody at all, or whoever may do this. */
export type Permission = "public" | Action;

interface Rule {
	/** For people, after "may". */
	readonly meaning: string;
	readonly roles: readonly Role[];
	/** It concerns the service as a whole: only for those whose scope is everything. */
	readonly whole?: true;
}

/** Who may do what. */
export const actions = {
	look: {
		meaning: "read streams, groups, the queue, logs and pictures",
		roles: ["viewer", "operator", "agent", "admin"],
	},
	operate: {
		meaning: "create, change, link and delete streams and groups",
		roles: ["operator", "admin"],
	},
	process: {
		meaning: "take streams from the queue and report on them",
		roles: ["agent", "admin"],
	},
	inspect: {
		meaning: "read metrics, plugins and what the nodes do",
		roles: ["viewer", "operator", "admin"],
		whole: true,
	},
	administer: {
		meaning: "read settings and the audit, delete logs, make and revoke tokens",
		roles: ["admin"],
		whole: true,
	},
} as const satisfies Readonly<Record<string, Rule>>;

/** Whether the caller may do it, somewhere. Whether it may do it to a certain stream is a matter of its scope. */
export function may(caller: Caller, permission: Permission): boolean {
	if (permission === "public") return true;
	const { roles, whole }: Rule = actions[permission];
	return roles.includes(caller.role) && (whole !== true || isWhole(caller));
}

const all: readonly Action[] = ["look", "operate", "process", "inspect", "administer"];

/** Everything that the caller may do. */
export function allowedTo(caller: Caller): Action[] {
	return all.filter((action) => may(caller, action));
}

/** Throws 39903 when the caller may not do it. */
export function permit(caller: Caller, permission: Permission): void {
	if (may(caller, permission) || permission === "public") return;
	const { meaning, roles }: Rule = actions[permission];
	const reason = roles.includes(caller.role)
		? "This concerns all accounts and groups, and the token is for some of them"
		: `The role ${caller.role} may not ${meaning}`;
	throw new Fault(39903, { reason });
}
