import { isIPv4 } from "node:net";
import { Fault } from "../../persistence/fault.ts";

/**
 * Which Host headers are answered (contract, section 1): loopback, the configured host and the allowed ones. It keeps
 * a web page from reaching the service under a name that its owner points here. Names count without their port; an
 * allowed entry that has a port counts for that port only.
 */
export class HostRule {
	readonly #names: ReadonlySet<string>;
	/** Nearly all requests carry the same header: the last good one is known by comparison. */
	#lastGood = "";

	constructor(host: string, allowedHosts: readonly string[]) {
		this.#names = new Set(["localhost", "[::1]", bracketed(host), ...allowedHosts.map(bracketed)]);
	}

	/** Throws 39903 when the header names none of the hosts. */
	check(header: string): void {
		if (header === this.#lastGood) return;
		if (!this.#allows(header.toLowerCase())) throw new Fault(39903, { reason: "Host is not allowed" });
		this.#lastGood = header;
	}

	#allows(header: string): boolean {
		const [, name] = /^(\[[0-9a-f:.]+\]|[^:[\]\s]+)(?::[0-9]{1,5})?$/.exec(header) ?? [];
		if (name === undefined) return false;
		return this.#names.has(name) || this.#names.has(header) || (name.startsWith("127.") && isIPv4(name));
	}
}

/** An IPv6 address stands in brackets in a Host header, and may be configured without them. */
function bracketed(host: string): string {
	const lower = host.toLowerCase();
	return lower.split(":").length > 2 && !lower.startsWith("[") ? `[${lower}]` : lower;
}
