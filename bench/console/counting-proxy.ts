import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Stands between the service and an agent's pictures and counts who is asked for: requests by stream, and those that are still
 * open, as live pictures are.
 */
export class CountingProxy {
	/** By stream id: when it was asked for last, ms of `performance.now()`. */
	readonly asked = new Map<string, number>();
	readonly #server: Server;
	readonly #target: number;
	open = 0;

	private constructor(target: number) {
		this.#target = target;
		this.#server = createServer((incoming, outgoing) => {
			const stream_id = /[0-9a-f-]{36}/.exec(incoming.url ?? "")?.[0] ?? "";
			this.asked.set(stream_id, performance.now());
			this.open++;
			const onward = request({
				host: "127.0.0.1",
				port: this.#target,
				path: incoming.url,
				method: incoming.method,
				headers: incoming.headers,
			});
			onward.on("response", (answer) => {
				outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
				answer.pipe(outgoing);
			});
			onward.on("error", () => outgoing.destroy());
			outgoing.on("close", () => {
				this.open--;
				onward.destroy();
			});
			incoming.pipe(onward);
		});
	}

	/** @param target the port of the agent's pictures, on loopback */
	static async start(target: number): Promise<CountingProxy> {
		const proxy = new CountingProxy(target);
		proxy.#server.listen(0, "127.0.0.1");
		await once(proxy.#server, "listening");
		return proxy;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** Streams that were asked for since then. */
	since(time: number): string[] {
		return [...this.asked].flatMap(([stream_id, at]) => (at >= time ? [stream_id] : []));
	}

	async stop(): Promise<void> {
		const closed = once(this.#server, "close");
		this.#server.close();
		this.#server.closeAllConnections();
		await closed;
	}
}
