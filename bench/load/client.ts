import { connect, type Socket } from "node:net";

/** A raw request, ready to be written. */
export function rawRequest(method: string, path: string, body?: string, headers: Record<string, string> = {}): Buffer {
	const lines = [`${method} ${path} HTTP/1.1`, "Host: 127.0.0.1"];
	for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
	if (body !== undefined) lines.push("Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`);
	return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body ?? ""}`);
}

const HEAD_END = Buffer.from("\r\n\r\n");
const LENGTH = Buffer.from("ontent-");

export interface Answer {
	status: number;
	/** Its memory is used again for the next answer. */
	body: Buffer;
}

/**
 * One keep-alive connection that knows just enough of HTTP to find the end of an answer with a Content-Length: an honest
 * client library would cost more than the servers that are measured. What comes in lands in memory of its own, again and
 * again: a new buffer for each chunk was a third of what the generator cost.
 */
export class Connection {
	readonly #socket: Socket;
	/** Of an answer that came in several chunks. */
	#rest: Buffer | null = null;
	#answered: ((answer: Answer) => void) | null = null;
	#failed: ((error: Error) => void) | null = null;

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.setNoDelay(true);
		socket.on("error", (error) => this.#failed?.(error));
		socket.on("close", () => this.#failed?.(new Error("the connection was closed")));
	}

	static open(port: number): Promise<Connection> {
		return new Promise((resolve, reject) => {
			let connection: Connection | null = null;
			const onread = {
				buffer: Buffer.allocUnsafe(65_536),
				callback: (length: number, bytes: Uint8Array) => {
					connection?.take(Buffer.from(bytes.buffer, bytes.byteOffset, length));
					return true;
				},
			};
			const socket = connect({ port, host: "127.0.0.1", onread }, () => {
				connection = new Connection(socket);
				resolve(connection);
			});
			socket.once("error", reject);
		});
	}

	/** Sends; `answered` is called with the whole answer. One at a time. */
	send(request: Buffer, answered: (answer: Answer) => void, failed: (error: Error) => void): void {
		this.#answered = answered;
		this.#failed = failed;
		this.#socket.write(request);
	}

	/** Sends and waits for the whole answer. One at a time. */
	ask(request: Buffer): Promise<Answer> {
		return new Promise((resolve, reject) =>
			this.send(request, ({ status, body }) => resolve({ status, body: Buffer.from(body) }), reject),
		);
	}

	close(): void {
		this.#failed = null;
		this.#answered = null;
		this.#socket.destroy();
	}

	/** Bytes that came in; their memory is not needed after the call. */
	take(chunk: Buffer): void {
		const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
		const end = bytes.indexOf(HEAD_END);
		const whole = end < 0 ? Number.POSITIVE_INFINITY : end + HEAD_END.length + lengthIn(bytes, end);
		if (bytes.length < whole) {
			this.#rest = this.#rest === null ? Buffer.from(chunk) : bytes;
			return;
		}
		this.#rest = null;
		const answered = this.#answered;
		this.#answered = null;
		answered?.({
			// `HTTP/1.1 200`
			status: digit(bytes, 9) * 100 + digit(bytes, 10) * 10 + digit(bytes, 11),
			body: bytes.subarray(end + HEAD_END.length, whole),
		});
	}
}

/** The Content-Length of a head that ends at `end`, 0 without one. */
function lengthIn(bytes: Buffer, end: number): number {
	for (let at = bytes.indexOf(LENGTH); at >= 0 && at < end; at = bytes.indexOf(LENGTH, at + LENGTH.length)) {
		// `Content-Length: ` and not `Content-Type: `
		const letter = bytes[at + LENGTH.length] ?? 0;
		if (letter !== 0x4c && letter !== 0x6c) continue;
		let length = 0;
		for (let next = at + LENGTH.length + 8; next < end; next++) {
			const value = digit(bytes, next);
			if (value < 0 || value > 9) break;
			length = length * 10 + value;
		}
		return length;
	}
	return 0;
}

function digit(bytes: Buffer, at: number): number {
	return (bytes[at] ?? 0) - 0x30;
}
