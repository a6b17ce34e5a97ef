import { Fault } from "../persistence/fault.ts";
import type { Scope } from "../persistence/scope.ts";
import type { WrittenStream } from "../persistence/stream-row.ts";

/**
 * What is written must not leave the scope of who writes it: 39903 for another account, or for a stream that would be in
 * none of the groups; 39007 for a group that is out of scope, which does not exist. `grouped`: it is in one already.
 */
export function keepWithin({ account_id, group_name }: WrittenStream, scope: Scope, grouped: boolean): void {
	requireAccount(account_id, scope);
	if (scope.groups === null) return;
	if (group_name !== null && !scope.groups.includes(group_name)) throw new Fault(39007, { name: group_name });
	if (group_name === null && !grouped) {
		throw new Fault(39903, { reason: "The stream must be linked to a group that the token is for (group_name)" });
	}
}

/** 39903 for a group that would be out of the scope of who creates it. */
export function keepGroupWithin(
	{ account_id, group_name }: { account_id: string; group_name: string },
	scope: Scope,
): void {
	requireAccount(account_id, scope);
	if (scope.groups !== null && !scope.groups.includes(group_name)) {
		throw new Fault(39903, { reason: "The token is not for a group of this name" });
	}
}

function requireAccount(account_id: string, { accounts }: Scope): void {
	if (accounts === null || accounts.includes(account_id)) return;
	throw new Fault(39903, { reason: "The token is not for this account" });
}
