import ipaddr from "ipaddr.js";

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** Who a request comes from. */
export interface Peer {
	/** Address of the client as text; "" when it is not known. */
	readonly address: string;
	/**
	 * What is counted against it: the address, of IPv6 the network of 64 bits, which is what one customer has; null: nothing
	 * is counted, since many stand behind the address.
	 */
	readonly counted: string | null;
}

export interface PeersOptions {
	/** Networks of proxies whose X-Forwarded-For is believed. */
	trustedProxies: readonly string[];
	/** Networks whose addresses nothing is counted against. */
	exempt: readonly string[];
}

interface Known extends Peer {
	trusted: boolean;
}

/** Connections that are remembered with what their address means. */
const REMEMBERED = 1_000;

/** Tells clients by the address of their connection, or by what a proxy in front says of them. */
export class Peers {
	readonly #trusted: readonly Range[];
	readonly #exempt: readonly Range[];
	readonly #known = new Map<string | number, Known>();

	constructor({ trustedProxies, exempt }: PeersOptions) {
		this.#trusted = trustedProxies.map((each) => ipaddr.parseCIDR(each));
		this.#exempt = exempt.map((each) => ipaddr.parseCIDR(each));
	}

	/**
	 * @param bytes the address of the connection, as uWebSockets.js gives it
	 * @param forwarded the header X-Forwarded-For: asked for only when the connection is a trusted proxy's
	 */
	of(bytes: ArrayBuffer, forwarded: () => string): Peer {
		const key = keyOf(bytes);
		const known = this.#known.get(key) ?? this.#remember(key, addressOf(bytes));
		return known.trusted ? this.#forwarded(known, forwarded()) : known;
	}

	/** The last address of the header that no trusted proxy has. What stands before it anybody may have written. */
	#forwarded(proxy: Known, header: string): Peer {
		let peer: Known = proxy;
		for (const text of header.split(",").reverse()) {
			const address = parsed(text.trim());
			if (address === undefined) break;
			peer = this.#describe(address);
			if (!peer.trusted) break;
		}
		return peer;
	}

	#remember(key: string | number, address: Address | undefined): Known {
		if (this.#known.size >= REMEMBERED) this.#known.clear();
		const known = address === undefined ? { address: "", counted: null, trusted: false } : this.#describe(address);
		this.#known.set(key, known);
		return known;
	}

	#describe(address: Address): Known {
		const text = address.toString();
		const network = address instanceof ipaddr.IPv6 ? address.parts.slice(0, 4).map((part) => part.toString(16)) : null;
		return {
			address: text,
			counted: isIn(address, this.#exempt) ? null : network === null ? text : `${network.join(":")}::/64`,
			trusted: isIn(address, this.#trusted),
		};
	}
}

/** An address of IPv4 as a number, which is quicker to look for: 0.2 µs instead of 0.5, for every request. */
function keyOf(bytes: ArrayBuffer): string | number {
	return bytes.byteLength === 4 ? (new Uint32Array(bytes)[0] ?? 0) : Buffer.from(bytes).toString("latin1");
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function addressOf(bytes: ArrayBuffer): Address | undefined {
	return bytes.byteLength === 4 || bytes.byteLength === 16
		? plain(ipaddr.fromByteArray([...new Uint8Array(bytes)]))
		: undefined;
}

/** An address as proxies write it, with or without its port. */
function parsed(text: string): Address | undefined {
	const [, bracketed, dotted] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(text) ?? [];
	const address = bracketed ?? dotted ?? text;
	return ipaddr.isValid(address) ? plain(ipaddr.parse(address)) : undefined;
}

/** An IPv4 address that came as IPv6 is what it is. */
function plain(address: Address): Address {
	return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function isIn(address: Address, ranges: readonly Range[]): boolean {
	return ranges.some((range) => address.kind() === range[0].kind() && address.match(range));
}
