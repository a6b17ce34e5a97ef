import { effect } from "@preact/signals";
import { hrefOf } from "./address.ts";
import { address } from "./router.ts";

/** Places whose filters are still what somebody works with when they come back. */
const KEEPING: ReadonlySet<string> = new Set(["streams", "wall"]);

const left = new Map<string, Readonly<Record<string, string>>>();

effect(() => {
	const { place, query } = address.value;
	const here = place || "streams";
	if (KEEPING.has(here)) left.set(here, Object.fromEntries(query));
});

/**
 * The address of a place as it was left, its search included, until the page is closed. From the place itself the way leads to all
 * that it shows.
 */
export function wayTo(path: string): string {
	const isHere = (address.value.place || "streams") === path;
	return hrefOf(path, [], isHere ? {} : left.get(path));
}
