import type { Caller } from "../access/caller.ts";
import type { Peer } from "../http/peers.ts";

/** All of whom neither a token or user nor an address that is counted is known. */
const OTHERS = "requests";

/**
 * Whose share somebody takes of what a node has for all, and whose turn: the caller's, where nobody is asked who it is the
 * address's. null: it cannot be told, since many stand behind the address.
 */
export function ownerOf({ id }: Caller, { counted }: Peer): string | null {
	if (id !== "") return `caller ${id}`;
	return counted === null ? null : `address ${counted}`;
}

/** The same for a request: those that cannot be told apart are one. */
export function requestOwner(caller: Caller, peer: Peer): string {
	return ownerOf(caller, peer) ?? OTHERS;
}

/** How many of these one owner may have at the same time, so that nobody shuts out the others: half, and one at least. */
export function shareOf(all: number): number {
	return Math.max(1, Math.floor(all / 2));
}
