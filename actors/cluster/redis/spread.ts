/** Who watches each shard, by its number; null: nobody. */
export type Holders = readonly (string | null)[];

/**
 * Who should watch which shard: every member as many as any other, give or take one, and as few shards moved as that
 * allows. What a member has stays with it as long as it is within its share; what is too much, and what nobody living
 * has, goes to those who have too little.
 *
 * It is a function of what is there alone, so that all nodes come to the same answer without talking. Rendezvous
 * hashing would need to know no holders, but among 8 nodes it gives one of them 25 shards and another 40 (median of 200
 * draws), where this gives 32 to each.
 *
 * @param holders the present holders, dead ones included
 * @param members the living, in any order, each once
 * @returns as many entries as `holders`; all null when nobody lives
 */
export function spread(holders: Holders, members: readonly string[]): Holders {
	const room = shares(holders, members);
	const kept = holders.map((holder) => {
		const left = holder === null ? 0 : (room.get(holder) ?? 0);
		if (holder === null || left === 0) return null;
		room.set(holder, left - 1);
		return holder;
	});
	const takers = [...room].filter(([, left]) => left > 0);
	return kept.map((holder) => {
		const taker = takers[0];
		if (holder !== null || taker === undefined) return holder;
		taker[1]--;
		if (taker[1] === 0) takers.shift();
		return taker[0];
	});
}

/**
 * How many shards each member may have. The shares that are larger by one go to those who have so many already, then by
 * name: so the answer stays the same while members take what is theirs one after the other.
 */
function shares(holders: Holders, members: readonly string[]): Map<string, number> {
	const counts = new Map(members.map((member) => [member, 0]));
	for (const holder of holders) {
		const count = holder === null ? undefined : counts.get(holder);
		if (holder !== null && count !== undefined) counts.set(holder, count + 1);
	}
	const base = Math.floor(holders.length / members.length);
	const larger = holders.length % members.length;
	const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
	const order = [...sorted.filter(([, count]) => count > base), ...sorted.filter(([, count]) => count <= base)];
	return new Map(order.map(([member], at) => [member, at < larger ? base + 1 : base]));
}
