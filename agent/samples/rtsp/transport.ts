/** How a client wants its packets, from the Transport header of its SETUP (RFC 2326, section 12.39). */
export type RtspTransport =
	| { readonly kind: "tcp"; readonly rtpChannel: number; readonly rtcpChannel: number }
	| { readonly kind: "udp"; readonly rtpPort: number; readonly rtcpPort: number };

/** The first transport of the list that this server serves: unicast over UDP, or interleaved over TCP. */
export function chooseTransport(header: string): RtspTransport | undefined {
	for (const offer of header.split(",")) {
		const [profile = "", ...parameters] = offer.trim().split(";");
		const named = new Map(parameters.map((part) => split(part)));
		if (named.has("multicast")) continue;
		if (profile === "RTP/AVP/TCP") {
			const [rtpChannel, rtcpChannel] = pair(named.get("interleaved") ?? "0-1", 255);
			if (rtpChannel !== undefined) return { kind: "tcp", rtpChannel, rtcpChannel };
		}
		if (profile === "RTP/AVP" || profile === "RTP/AVP/UDP") {
			const [rtpPort, rtcpPort] = pair(named.get("client_port") ?? "", 65_535);
			if (rtpPort !== undefined && rtpPort > 0) return { kind: "udp", rtpPort, rtcpPort };
		}
	}
	return undefined;
}

function split(part: string): [string, string] {
	const equals = part.indexOf("=");
	return equals < 0 ? [part.trim(), ""] : [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
}

function pair(text: string, max: number): [number, number] | [undefined] {
	const [, low, high] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
	if (low === undefined) return [undefined];
	const first = Number(low);
	const second = high === undefined ? first + 1 : Number(high);
	return first <= max && second <= max ? [first, second] : [undefined];
}
