import { WebSocket } from "ws";
import { type ClientMessage, PICTURE_HEADER, type ServerMessage } from "../../client/console/protocol.ts";
import { numberOf } from "../preview/pictures.ts";
import { eventually } from "../support/signals.ts";

type Type = ServerMessage["type"];
type Said<T extends Type> = Extract<ServerMessage, { type: T }>;

/** A page's socket as a test sees it: everything that it was told, in order. */
export class PageSocket {
	readonly socket: WebSocket;
	readonly said: ServerMessage[] = [];
	readonly pictures: Buffer[] = [];
	closed: { code: number; reason: string } | null = null;
	/** The answer in place of a socket. */
	refused: { status: number; body: string } | null = null;
	/** Up to where `next` has looked. */
	#read = 0;

	constructor(url: string, { headers = {} }: { headers?: Record<string, string> } = {}) {
		this.socket = new WebSocket(`${url.replace(/^http/, "ws")}/console/socket`, { headers, perMessageDeflate: false });
		this.socket.on("message", (data: Buffer, isBinary: boolean) => {
			if (isBinary) this.pictures.push(data);
			else this.said.push(JSON.parse(data.toString()));
		});
		this.socket.on("close", (code, reason) => {
			this.closed = { code, reason: reason.toString() };
		});
		this.socket.on("error", () => undefined);
		this.socket.on("unexpected-response", (_, response) => {
			let body = "";
			response.on("data", (chunk) => {
				body += chunk;
			});
			response.on("end", () => {
				this.refused = { status: response.statusCode ?? 0, body };
			});
		});
	}

	/** An open one. */
	static async open(url: string, options?: { headers?: Record<string, string> }): Promise<PageSocket> {
		const page = new PageSocket(url, options);
		await page.next("hello");
		return page;
	}

	say(message: ClientMessage): void {
		this.socket.send(JSON.stringify(message));
	}

	/** The next message of a type that was not looked at yet; all before it count as looked at. */
	async next<T extends Type>(type: T, holds: (message: Said<T>) => boolean = () => true): Promise<Said<T>> {
		return eventually(
			() => {
				for (let at = this.#read; at < this.said.length; at++) {
					const message = this.said[at]!;
					if (message.type !== type || !holds(message as Said<T>)) continue;
					this.#read = at + 1;
					return message as Said<T>;
				}
				throw new Error(
					`no ${type} among ${JSON.stringify(this.said.slice(this.#read)).slice(0, 2_000)}, closed: ${JSON.stringify(this.closed ?? this.refused)}`,
				);
			},
			{ timeoutMs: 10_000 },
		);
	}

	of<T extends Type>(type: T): Said<T>[] {
		return this.said.filter((message): message is Said<T> => message.type === type);
	}

	/** Which pictures came of a stream, oldest first. */
	picturesOf(stream_id: string): number[] {
		const bytes = Buffer.from(stream_id.replaceAll("-", ""), "hex");
		return this.pictures
			.filter((frame) => frame.subarray(2, 18).equals(bytes))
			.map((frame) => numberOf(frame.subarray(PICTURE_HEADER)));
	}

	async ended(): Promise<{ code: number; reason: string }> {
		return eventually(() => this.closed ?? false, { timeoutMs: 10_000 });
	}

	close(): void {
		this.socket.terminate();
	}
}
