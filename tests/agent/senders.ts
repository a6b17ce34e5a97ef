import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";

/** A source of type tcp: sends the bytes to whoever connects, then ends the connection or stays silent. */
export class TcpSource {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	connections = 0;

	constructor(bytes: Buffer, then: "end" | "silence") {
		this.#server = createServer((socket) => {
			this.connections++;
			this.#sockets.add(socket);
			socket.on("error", () => socket.destroy());
			socket.on("close", () => this.#sockets.delete(socket));
			if (then === "end") socket.end(bytes);
			else socket.write(bytes);
		});
	}

	/** Answers the reference. */
	async start(): Promise<string> {
		await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
		return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		const closed = new Promise((resolve) => this.#server.close(resolve));
		for (const socket of this.#sockets) socket.destroy();
		await closed;
	}
}

/** Sends an MPEG-TS file over and over as datagrams, about once in its own duration. Answers how to stop. */
export function sendUdp(bytes: Buffer, port: number, seconds: number): () => void {
	const socket = createSocket("udp4");
	const datagram = 7 * 188;
	const count = Math.ceil(bytes.length / datagram);
	let next = 0;
	const timer = setInterval(() => {
		for (let sent = 0; sent < Math.ceil((count / (seconds * 1000)) * 20); sent++, next = (next + 1) % count)
			socket.send(bytes.subarray(next * datagram, (next + 1) * datagram), port, "127.0.0.1");
	}, 20);
	return () => {
		clearInterval(timer);
		socket.close();
	};
}
