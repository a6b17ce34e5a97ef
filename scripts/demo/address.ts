import { once } from "node:events";
import { createServer } from "node:net";

export interface Address {
	readonly host: string;
	readonly port: number;
	readonly url: string;
}

/** Where the service will listen, by the environment's settings and their defaults, and how to reach it from here. */
export function serviceAddress(env: Readonly<Record<string, string | undefined>>): Address {
	const host = env["LUNA_STREAMS_HTTP_SETTINGS__HOST"] ?? env["HOST"] ?? "127.0.0.1";
	const port = Number(env["LUNA_STREAMS_HTTP_SETTINGS__PORT"] ?? env["PORT"] ?? "5160");
	const reached = host === "0.0.0.0" || host === "" ? "127.0.0.1" : host === "::" ? "[::1]" : host;
	return {
		host,
		port,
		url: `http://${reached.includes(":") && !reached.startsWith("[") ? `[${reached}]` : reached}:${port}`,
	};
}

/**
 * Another service at this address would answer in place of ours.
 *
 * @throws Error with a line for the user when the address cannot be listened at
 */
export async function ensureFree({ host, port, url }: Address): Promise<void> {
	if (!(Number.isInteger(port) && port > 0 && port < 65_536)) throw new Error("The demo needs a PORT from 1 to 65535.");
	const server = createServer();
	try {
		server.listen(port, host);
		await once(server, "listening");
	} catch (error) {
		const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
		const advice = why === "EADDRINUSE" ? "something listens there already; choose another PORT" : why;
		throw new Error(`The demo cannot use ${url}: ${advice}.`);
	}
	server.close();
	await once(server, "close");
}
