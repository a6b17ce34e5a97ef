import { SESSION_COOKIE } from "./access.ts";

/** Over https browsers take a cookie of this name from this very host alone, and from no other one of its domain. */
const SECURE_COOKIE = `__Host-${SESSION_COOKIE}`;

/** The session in a Cookie header; "" when there is none. */
export function sessionIn(cookie: string): string {
	const pairs = cookie.split(";").map((pair) => pair.trim().split("=", 2));
	for (const wanted of [SECURE_COOKIE, SESSION_COOKIE])
		for (const [name, value = ""] of pairs) if (name === wanted) return value;
	return "";
}

/**
 * A Set-Cookie header that gives a browser its session. No script can read it and no other site's page sends it; behind
 * a proxy that speaks https it goes over https only.
 */
export function sessionCookie(session: string, lifetime: number, secure: boolean): string {
	const attributes = ["HttpOnly", "SameSite=Strict", "Path=/", `Max-Age=${Math.floor(lifetime)}`];
	if (secure) attributes.push("Secure");
	return `${secure ? SECURE_COOKIE : SESSION_COOKIE}=${session}; ${attributes.join("; ")}`;
}

/**
 * Whether a page of this origin is the service's own: the host it came from is the host it speaks to, whatever the proxy
 * between them did to the scheme. Browsers send Origin with everything that changes something and with every upgrade.
 */
export function isOwnOrigin(origin: string, host: string): boolean {
	const [, from] = /^https?:\/\/([^/]+)$/i.exec(origin) ?? [];
	return from !== undefined && withoutPort(from) === withoutPort(host);
}

/** http and https have a default port each, which is not written: a proxy that ends TLS changes one into the other. */
function withoutPort(host: string): string {
	return host.toLowerCase().replace(/:(80|443)$/, "");
}
