import { isIPv4 } from "node:net";
import type { Settings } from "./table.ts";

/**
 * What is wrong with who may use the service, as one line; null when nothing is. Nobody's streams are open to a whole
 * network because a setting was forgotten.
 */
export function accessMistake({ AUTH, LUNA_STREAMS_HTTP_SETTINGS: http }: Settings): string | null {
	if (AUTH.MODE === "none" && AUTH.ALLOW_ANONYMOUS === 0 && !isLoopback(http.HOST)) {
		return `LUNA_STREAMS_HTTP_SETTINGS.HOST is ${http.HOST} and AUTH.MODE is none: set AUTH.MODE to tokens, or AUTH.ALLOW_ANONYMOUS to 1 if everybody who reaches that address may do everything`;
	}
	const { JWKS_URL, ISSUER, AUDIENCE } = AUTH.JWT;
	if (JWKS_URL !== "" && (ISSUER === "" || AUDIENCE === "")) {
		return `AUTH.JWT.JWKS_URL needs AUTH.JWT.${ISSUER === "" ? "ISSUER" : "AUDIENCE"}: the same keys sign tokens for others`;
	}
	return null;
}

function isLoopback(host: string): boolean {
	return host === "localhost" || host === "::1" || host === "[::1]" || (host.startsWith("127.") && isIPv4(host));
}
