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
