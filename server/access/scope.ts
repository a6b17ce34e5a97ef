import { isWhole, type Scope } from "../../persistence/scope.ts";

export { covers, isWhole, type Scoped } from "../../persistence/scope.ts";

/** The same text for the same accounts and groups; "" when nothing is out of the scope. */
export function scopeText(scope: Scope): string {
	const { accounts, groups } = scope;
	return isWhole(scope) ? "" : JSON.stringify([accounts?.toSorted() ?? null, groups?.toSorted() ?? null]);
}

/** The scope that is left when a request restricts itself to one account; null or absent: the scope as it is. */
export function narrowed(scope: Scope, account_id: string | null | undefined): Scope {
	if (account_id === null || account_id === undefined) return scope;
	const within = scope.accounts === null || scope.accounts.includes(account_id);
	return { accounts: within ? [account_id] : [], groups: scope.groups };
}
