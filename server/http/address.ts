import ipaddr from "ipaddr.js";

/** The address of a peer as text: IPv6 in its short form, an IPv4 address that came as IPv6 as what it is; "" for none. */
export function addressText(bytes: ArrayBuffer): string {
	const parts = new Uint8Array(bytes);
	if (parts.length === 4) return parts.join(".");
	if (parts.length !== 16) return "";
	const address = new ipaddr.IPv6([...parts]);
	return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toString();
}
