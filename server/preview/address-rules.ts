import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** A network: its address and the number of leading bits that count. */
type Network = readonly [Address, number];

/** The networks that the relay may connect to, from `parseNetworks`. */
export type Networks = readonly Network[];

/** The default of ALLOWED_NETWORKS (contract, section 11). */
export const defaultNetworks: readonly string[] = [
	"127.0.0.0/8",
	"::1/128",
	"10.0.0.0/8",
	"172.16.0.0/12",
	"192.168.0.0/16",
	"fc00::/7",
];

/**
 * Never connected to, whatever the setting says: this host's and this link's own addresses, groups of hosts, and the
 * addresses where clouds hand out the credentials of a machine.
 */
const never: Networks = [
	"0.0.0.0/8",
	"169.254.0.0/16",
	"224.0.0.0/4",
	"255.255.255.255/32",
	"100.100.100.200/32",
	"192.0.0.192/32",
	"::/128",
	"fe80::/10",
	"ff00::/8",
	"fd00:ec2::254/128",
	// NAT64 with a prefix of local use (RFC 8215): where in it the IPv4 address stands only its operator knows.
	"64:ff9b:1::/48",
].map((cidr) => ipaddr.parseCIDR(cidr));

/**
 * Reads networks in CIDR form. An IPv4-mapped network of IPv6 stands for the IPv4 network that it maps.
 * @throws {Error} naming the first text that is none.
 */
export function parseNetworks(cidrs: readonly string[]): Networks {
	return cidrs.map((cidr) => {
		const [, text = "", prefix = ""] = /^([^/]+)\/(\d{1,3})$/.exec(cidr) ?? [];
		const given = parseAddress(text);
		const bits = Number(prefix);
		if (given === null || bits > given.toByteArray().length * 8) throw new Error(`'${cidr}' is not a network`);
		const mapped = given instanceof ipaddr.IPv6 && given.isIPv4MappedAddress() && bits >= 96;
		return mapped ? [given.toIPv4Address(), bits - 96] : [given, bits];
	});
}

/**
 * Whether the relay may connect to an address (contract, section 11): it lies in one of the networks and is none of
 * those that are never connected to. An IPv4-mapped address is judged as the IPv4 address that it is. Other
 * addresses that carry an IPv4 address to be reached through a translator or a tunnel must be in the networks
 * themselves, and what they carry must not be one of the never.
 *
 * @param text an address as the resolver or the URL parser writes it; anything else is not allowed.
 */
export function isAllowed(text: string, networks: Networks): boolean {
	const given = parseAddress(text);
	if (given === null) return false;
	const address = given instanceof ipaddr.IPv6 && given.isIPv4MappedAddress() ? given.toIPv4Address() : given;
	if (!isWithin(address, networks) || isWithin(address, never)) return false;
	return !embedded(address).some((inner) => isWithin(inner, never));
}

/**
 * The address that a url names by number, or null when it names a host that has to be resolved. The URL parser has
 * turned decimal, octal, hexadecimal and shortened IPv4 into the dotted form already.
 */
export function literalAddress(url: URL): string | null {
	const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
	return isIP(host) === 0 ? null : host;
}

/** An address, or null for a text that is none or names a zone: zones belong to a link's own addresses, which are never allowed. */
function parseAddress(text: string): Address | null {
	const version = isIP(text);
	if (version === 0 || text.includes("%")) return null;
	if (version === 4) return ipaddr.IPv4.parse(text);
	// Through the URL parser, which writes all of it in hexadecimal: ipaddr.js takes ::10.0.0.1 for ::ffff:10.0.0.1, and
	// the system does not.
	return ipaddr.IPv6.parse(new URL(`http://[${text}]/`).hostname.slice(1, -1));
}

function isWithin(address: Address, networks: Networks): boolean {
	return networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}

/** Where an IPv6 address carries an IPv4 address: under this prefix, from one byte up to before another. */
const carriers: readonly { prefix: Network; bytes: readonly [number, number] }[] = [
	// IPv4-compatible (RFC 4291) and IPv4-translated (RFC 2765).
	{ prefix: ipaddr.parseCIDR("::/96"), bytes: [12, 16] },
	{ prefix: ipaddr.parseCIDR("::ffff:0:0:0/96"), bytes: [12, 16] },
	// NAT64 (RFC 6052).
	{ prefix: ipaddr.parseCIDR("64:ff9b::/96"), bytes: [12, 16] },
	// 6to4 (RFC 3056).
	{ prefix: ipaddr.parseCIDR("2002::/16"), bytes: [2, 6] },
];
const teredo = ipaddr.parseCIDR("2001::/32");

function embedded(address: Address): ipaddr.IPv4[] {
	if (!(address instanceof ipaddr.IPv6) || address.range() === "loopback") return [];
	const bytes = address.toByteArray();
	const found = carriers
		.filter(({ prefix: [network, bits] }) => address.match(network, bits))
		.map(({ bytes: [from, to] }) => bytes.slice(from, to));
	// Teredo (RFC 4380) carries its server plainly and its client with every bit turned.
	if (address.match(teredo))
		found.push(
			bytes.slice(4, 8),
			bytes.slice(12, 16).map((byte) => byte ^ 0xff),
		);
	// ISATAP (RFC 5214) has any prefix and a fixed interface identifier.
	const isatap = (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;
	if (isatap) found.push(bytes.slice(12, 16));
	return found.map((octets) => new ipaddr.IPv4(octets));
}
