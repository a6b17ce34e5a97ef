import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { eventually } from "../support/signals.ts";

/** Where a camera listens: any port of 127.0.0.1, unless told otherwise. */
export interface Place {
	host?: string;
	port?: number;
}

/** A server on loopback that counts its connections. */
export class Camera implements AsyncDisposable {
	/** Connections made so far. */
	connections = 0;
	readonly #server: Server;
	readonly #open = new Set<Socket>();

	private constructor(server: Server) {
		this.#server = server;
		server.on("connection", (socket: Socket) => {
			this.connections += 1;
			this.#open.add(socket);
			socket.on("error", () => undefined);
			socket.on("close", () => this.#open.delete(socket));
		});
	}

	/** One that speaks HTTP through Node. */
	static http(
		answer: (response: ServerResponse, request: IncomingMessage) => void,
		place: Place = {},
	): Promise<Camera> {
		return Camera.#listen(
			createHttpServer((request, response) => answer(response, request)),
			place,
		);
	}

	/** One that gets a bare socket when the request's headers have come. */
	static raw(answer: (socket: Socket, head: string) => void): Promise<Camera> {
		return Camera.#listen(
			createServer((socket) => {
				let head = "";
				socket.setNoDelay(true);
				socket.on("data", (chunk: Buffer) => {
					head += chunk.toString("latin1");
					if (head.endsWith("\r\n\r\n")) answer(socket, head);
				});
			}),
		);
	}

	static async #listen(server: Server, { host = "127.0.0.1", port = 0 }: Place = {}): Promise<Camera> {
		const camera = new Camera(server);
		server.listen(port, host);
		await once(server, "listening");
		return camera;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	url(path = "/", host = "127.0.0.1"): string {
		return `http://${host}:${this.port}${path}`;
	}

	/** Connections that are open now. */
	get open(): number {
		return this.#open.size;
	}

	/** Breaks all connections, as a camera does that loses its power. */
	breakOff(): void {
		for (const socket of this.#open) socket.destroy();
	}

	/** Resolves when all connections are closed. */
	async allClosed(): Promise<void> {
		await eventually(() => this.#open.size === 0);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.breakOff();
		this.#server.close();
		await once(this.#server, "close");
	}
}

/** A live camera of the usual dialect, whose pictures the test sends one by one. */
export class LiveCamera implements AsyncDisposable {
	readonly camera: Camera;
	readonly #answers: ServerResponse[];

	private constructor(camera: Camera, answers: ServerResponse[]) {
		this.camera = camera;
		this.#answers = answers;
	}

	/** @param first sent on each connection at once. */
	static async start(first: Buffer | null): Promise<LiveCamera> {
		const answers: ServerResponse[] = [];
		const camera = await Camera.http((response) => {
			response.writeHead(200, { "Content-Type": "multipart/x-mixed-replace; boundary=frame" });
			response.flushHeaders();
			answers.push(response);
			if (first !== null) response.write(livePart(first));
		});
		return new LiveCamera(camera, answers);
	}

	get url(): string {
		return this.camera.url("/live");
	}

	send(picture: Buffer): void {
		for (const answer of this.#answers) answer.write(livePart(picture));
	}

	/** Sends bytes as they are. */
	sendRaw(bytes: string | Buffer): void {
		for (const answer of this.#answers) answer.write(bytes);
	}

	end(): void {
		for (const answer of this.#answers) answer.end("--frame--\r\n");
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.camera[Symbol.asyncDispose]();
	}
}

function livePart(picture: Buffer): Buffer {
	const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.byteLength}\r\n\r\n`;
	return Buffer.concat([Buffer.from(head), picture, Buffer.from("\r\n")]);
}
