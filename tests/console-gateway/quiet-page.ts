import type { ServerMessage } from "../../client/console/protocol.ts";
import { anonymous, type Caller } from "../../server/access/caller.ts";
import { ChangeFrames } from "../../server/console/frames.ts";
import { Session } from "../../server/console/session.ts";
import { Socket } from "../../server/http/socket.ts";

/** A page's session without a connection: what it is told is kept in order. */
export class QuietPage {
	readonly session: Session;
	readonly said: ServerMessage[] = [];
	/** Bytes that the page has not taken yet. */
	waiting = 0;
	readonly #socket: Socket;

	constructor(owner: string, caller: Caller = anonymous) {
		const frames = new ChangeFrames();
		const ws = {
			getBufferedAmount: () => this.waiting,
			send: (text: string | Uint8Array) => this.said.push(JSON.parse(Buffer.from(text as string).toString())),
			ping: () => undefined,
			end: () => this.lose(),
			close: () => this.lose(),
		};
		// All that a session asks of it.
		this.#socket = new Socket(ws as never);
		this.session = new Session(
			this.#socket,
			{ caller, owner },
			{
				mayHear: () => true,
				handle: () => undefined,
				frame: (number, parts) => frames.frame(number, parts),
				ended: () => undefined,
				caughtUp: () => undefined,
				closed: () => undefined,
				log: { error: () => undefined } as never,
			},
		);
	}

	of<T extends ServerMessage["type"]>(type: T): Extract<ServerMessage, { type: T }>[] {
		return this.said.filter((message): message is Extract<ServerMessage, { type: T }> => message.type === type);
	}

	/** The connection is lost. */
	lose(): void {
		this.#socket.forget();
		this.session.closed();
	}
}
