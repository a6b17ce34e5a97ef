import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

/** Stands between a service and programs that are not this process. */
export interface PassingProxy {
	url: string;
	stop(): Promise<void>;
}

/**
 * Passes everything on, unchanged: so that what the service answers to other programs (an agent in Python, a client that a
 * stranger generated) goes through this process and is held against the API's description, like all its answers.
 */
export async function startPassingProxy(service: string): Promise<PassingProxy> {
	const server = createServer((incoming, outgoing) => {
		const { method, headers, url = "" } = incoming;
		// A connection for each request: one that is kept may be closed by the service just when it is used again.
		const asked = request(service + url, { method, headers, agent: false }, (answer) => {
			outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
			// Either side may go at any time; the other one hears of it.
			pipeline(answer, outgoing).catch(() => outgoing.destroy());
		});
		asked.on("error", () => outgoing.destroy());
		outgoing.on("close", () => asked.destroy());
		pipeline(incoming, asked).catch(() => asked.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
