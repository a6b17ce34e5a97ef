import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import type { HostAddress, Resolve } from "../../server/preview/host-lookups.ts";

/** A name server on loopback that answers every question for an IPv4 address with the next of its answers, to be kept for no time. */
export class NameServer implements AsyncDisposable {
	/** Questions so far. */
	asked = 0;
	readonly #socket = createSocket("udp4");
	readonly #answers: (question: number) => readonly string[];

	private constructor(answers: (question: number) => readonly string[]) {
		this.#answers = answers;
		this.#socket.on("message", (message, { address, port }) => {
			this.#socket.send(answerTo(message, this.#answers(this.asked++)), port, address);
		});
	}

	/** @param answers gives the addresses, IPv4, for the question of this number, from 0. */
	static async start(answers: (question: number) => readonly string[]): Promise<NameServer> {
		const server = new NameServer(answers);
		server.#socket.bind(0, "127.0.0.1");
		await once(server.#socket, "listening");
		return server;
	}

	/** Asks this server and no other, as the system asks its own. */
	readonly resolve: Resolve = async (hostname): Promise<readonly HostAddress[]> => {
		const resolver = new Resolver({ timeout: 2_000, tries: 1 });
		resolver.setServers([`127.0.0.1:${this.#socket.address().port}`]);
		return (await resolver.resolve4(hostname)).map((address) => ({ address, family: 4 }));
	};

	async [Symbol.asyncDispose](): Promise<void> {
		this.#socket.close();
		await once(this.#socket, "close");
	}
}

/** RFC 1035: the question repeated, and a record of type A for each address. */
function answerTo(question: Buffer, addresses: readonly string[]): Buffer {
	const end = question.indexOf(0, 12) + 5;
	const head = Buffer.alloc(12);
	question.copy(head, 0, 0, 2);
	head.writeUInt16BE(0x8180, 2);
	head.writeUInt16BE(1, 4);
	head.writeUInt16BE(addresses.length, 6);
	const records = addresses.map((address) =>
		Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split(".").map(Number)]),
	);
	return Buffer.concat([head, question.subarray(12, end), ...records]);
}
