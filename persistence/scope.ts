/**
 * What somebody may see and touch: the streams and groups of these accounts, and of them the groups of these names and
 * the streams that are in one of them. null: of any. What is out of scope does not exist.
 */
export interface Scope {
	/** Ids of accounts. */
	readonly accounts: readonly string[] | null;
	/** Names of groups. */
	readonly groups: readonly string[] | null;
}

/** Nothing is out of it. */
export const everything: Scope = { accounts: null, groups: null };

/** Whether nothing is out of the scope. */
export function isWhole({ accounts, groups }: Scope): boolean {
	return accounts === null && groups === null;
}

/** What a scope is asked about: a stream, or an event of one. */
export interface Scoped {
	readonly account_id: string;
	/** Names of the groups that it is in. */
	readonly groups: readonly string[];
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Whether a value is in a list of a scope, which is asked often and may be long. */
export function holds(list: readonly string[], value: string): boolean {
	if (list.length < 8) return list.includes(value);
	let set = sets.get(list);
	if (set === undefined) {
		set = new Set(list);
		sets.set(list, set);
	}
	return set.has(value);
}

/** Whether a stream with this account and these groups is within the scope. */
export function covers({ accounts, groups }: Scope, stream: Scoped): boolean {
	if (accounts !== null && !holds(accounts, stream.account_id)) return false;
	return groups === null || stream.groups.some((name) => holds(groups, name));
}

/**
 * The accounts that are left of a scope when a filter names one as well; null: any. A statement without an account in a
 * list of none need not be run.
 */
export function accountsOf(scope: Scope | undefined, account_id: string | undefined): readonly string[] | null {
	const accounts = scope?.accounts ?? null;
	if (account_id === undefined) return accounts;
	return accounts === null || accounts.includes(account_id) ? [account_id] : [];
}

/** For statements with places of their own: the accounts and the names of groups that are left, null for any. */
export function scopeArrays(
	scope: Scope | undefined,
	account_id: string | null,
): [accounts: string[] | null, groups: string[] | null] {
	const accounts = accountsOf(scope, account_id ?? undefined);
	const groups = scope?.groups ?? null;
	return [accounts && [...accounts], groups && [...groups]];
}
