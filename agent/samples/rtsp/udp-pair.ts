import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

const ATTEMPTS = 20;

/**
 * The two neighbouring UDP ports, the first one even, that an RTP server sends from (RFC 3550, section 11). What
 * clients send there (receiver reports, and a first packet to open a firewall) is not read.
 */
export class UdpPair {
	#rtp: Socket | undefined;
	#rtcp: Socket | undefined;

	/** @throws when no free pair was found */
	async open(host: string): Promise<void> {
		for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
			const first = await bind(host, 0);
			const port = first.address().port;
			const other = await bind(host, port ^ 1).catch(() => undefined); // Taken: another pair is tried.
			if (other !== undefined) {
				[this.#rtp, this.#rtcp] = port % 2 === 0 ? [first, other] : [other, first];
				return;
			}
			await close(first);
		}
		throw new Error(`No pair of neighbouring UDP ports is free on ${host}.`);
	}

	/** The even port; the odd one follows it. 0 while closed. */
	get port(): number {
		return this.#rtp?.address().port ?? 0;
	}

	sendRtp(packet: Buffer, port: number, host: string): void {
		this.#rtp?.send(packet, port, host);
	}

	sendRtcp(packet: Buffer, port: number, host: string): void {
		this.#rtcp?.send(packet, port, host);
	}

	async close(): Promise<void> {
		const sockets = [this.#rtp, this.#rtcp];
		this.#rtp = undefined;
		this.#rtcp = undefined;
		await Promise.all(sockets.map((socket) => socket && close(socket)));
	}
}

async function bind(host: string, port: number): Promise<Socket> {
	const socket = createSocket("udp4");
	try {
		socket.bind(port, host);
		await once(socket, "listening");
	} catch (error) {
		socket.close();
		throw error;
	}
	// A viewer whose port is gone answers with an ICMP error; its connection tells us soon enough.
	socket.on("error", () => undefined);
	return socket;
}

async function close(socket: Socket): Promise<void> {
	await new Promise<void>((resolve) => {
		socket.close(resolve);
	});
}
