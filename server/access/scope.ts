import type { Scope } from "../../persistence/scope.ts";

/** What a scope is asked about: a stream, or an event of one. */
export interface Scoped {
	readonly account_id: string;
	/** Names of the groups that it is in. */
	readonly groups: readonly string[];
}

/** Whether nothing is out of the scope. */
export function isWhole({ accounts, groups }: Scope): boolean {
	return accounts === null && groups === null;
}

/** Whether a stream with this account and these groups is within the scope. */
export function covers({ accounts, groups }: Scope, stream: Scoped): boolean {
	if (accounts !== null && !accounts.includes(stream.account_id)) return false;
	return groups === null || groups.some((name) => stream.groups.includes(name));
}

/** The scope that is left when a request restricts itself to one account; null or absent: the scope as it is. */
export function narrowed(scope: Scope, account_id: string | null | undefined): Scope {
	if (account_id === null || account_id === undefined) return scope;
	const within = scope.accounts === null || scope.accounts.includes(account_id);
	return { accounts: within ? [account_id] : [], groups: scope.groups };
}
