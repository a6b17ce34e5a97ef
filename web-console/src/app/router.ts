import { type ReadonlySignal, signal } from "@preact/signals";
import { type Address, hrefOf, parseAddress } from "./address.ts";

const current = signal<Address>(parseAddress(location.hash));
addEventListener("hashchange", () => {
	current.value = parseAddress(location.hash);
});

/** Where we are. The hash holds it, so that no path of the service is asked for that it does not serve, whatever its PREFIX. */
export const address: ReadonlySignal<Address> = current;

/** Goes to an address of `hrefOf`. `replace`: without a step in the browser's history, for what is typed or dragged. */
export function go(href: string, { replace = false } = {}): void {
	if (href === location.hash) return;
	if (!replace) {
		location.hash = href;
		return;
	}
	history.replaceState(null, "", href);
	current.value = parseAddress(href);
}

/**
 * Changes parameters of the present address and keeps the others; null or "" takes one away. `step`: the browser's Back
 * undoes it; without it nothing is left in the history, as for what is typed or dragged.
 */
export function setQuery(changes: Readonly<Record<string, string | null>>, { step = false } = {}): void {
	const { place, rest, query } = current.peek();
	go(hrefOf(place, rest, { ...Object.fromEntries(query), ...changes }), { replace: !step });
}
