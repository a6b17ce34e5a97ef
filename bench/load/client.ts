import { connect, type Socket } from "node:net";

/** A raw request, ready to be written. */
export function rawRequest(method: string, path: string, body?: string, headers: Record<string, string> = {}): Buffer {
	const lines = [`${method} ${path} HTTP/1.1`, "Host: 127.0.0.1"];
	for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
	if (body !== undefined) lines.push("Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`);
	return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body ?? ""}`);
}

const HEAD_END = Buffer.from("\r\n\r\n");

/**
 * One keep-alive connection that knows just enough of HTTP to find the end of an answer with a Content-Length: an honest
 * client library would cost more than the servers that are measured.
 */
export class Connection {
	readonly #socket: Socket;
	#buffer: Buffer = Buffer.alloc(0);
	#answered: ((answer: { status: number; body: Buffer }) => void) | null = null;
	#failed: ((error: Error) => void) | null = null;

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.setNoDelay(true);
		socket.on("data", (chunk) => this.#take(chunk));
		socket.on("error", (error) => this.#failed?.(error));
		socket.on("close", () => this.#failed?.(new Error("the connection was closed")));
	}

	static open(port: number): Promise<Connection> {
		return new Promise((resolve, reject) => {
			const socket = connect(port, "127.0.0.1", () => resolve(new Connection(socket)));
			socket.once("error", reject);
		});
	}

	/** Sends and waits for the whole answer. One at a time. */
	ask(request: Buffer): Promise<{ status: number; body: Buffer }> {
		return new Promise((resolve, reject) => {
			this.#answered = resolve;
			this.#failed = reject;
			this.#socket.write(request);
		});
	}

	close(): void {
		this.#failed = null;
		this.#socket.destroy();
	}

	#take(chunk: Buffer): void {
		this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
		const end = this.#buffer.indexOf(HEAD_END);
		if (end < 0) return;
		const head = this.#buffer.toString("latin1", 0, end);
		const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
		const whole = end + HEAD_END.length + length;
		if (this.#buffer.length < whole) return;
		const body = this.#buffer.subarray(end + HEAD_END.length, whole);
		this.#buffer = this.#buffer.subarray(whole);
		const answered = this.#answered;
		this.#answered = null;
		answered?.({ status: Number(head.slice(9, 12)), body });
	}
}
