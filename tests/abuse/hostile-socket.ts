import { connect, type Socket, type TcpNetConnectOpts } from "node:net";

/** How a conversation with the service ended. */
export interface Conversation {
	/** Everything that came back, as latin1. */
	text: string;
	/** The status codes of the answers in it. */
	statuses: number[];
	/** The service closed the connection; else the patience was over. */
	closed: boolean;
	milliseconds: number;
}

export interface Manner {
	/** The bytes, in the pieces in which they are sent, one after the other. */
	pieces: readonly Uint8Array[];
	/** Milliseconds between two pieces. */
	pause?: number;
	/** Milliseconds that the end of the conversation is waited for, from the last piece on. */
	patience?: number;
	/** The conversation is over when this holds. */
	enough?: (text: string) => boolean;
	/** Nothing more will be sent after the pieces, and the service is told (FIN). */
	finish?: boolean;
}

/** Talks to the service over a connection of its own, with bytes that need not be HTTP. Never rejects. */
export function converse(port: number, manner: Manner): Promise<Conversation> {
	const { pieces, pause = 0, patience = 1_000, enough = () => false, finish = false } = manner;
	return new Promise((resolve) => {
		const began = performance.now();
		const socket = hostileSocket(port);
		let text = "";
		let timer: NodeJS.Timeout | undefined;
		const over = (closed: boolean) => {
			clearTimeout(timer);
			socket.removeAllListeners("data");
			socket.destroy();
			const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
			resolve({ text, statuses, closed, milliseconds: performance.now() - began });
		};
		socket.setEncoding("latin1");
		socket.on("data", (data) => {
			text += data;
			if (enough(text)) over(false);
		});
		socket.on("close", () => over(true));
		const send = (at: number) => {
			if (socket.destroyed) return;
			const piece = pieces[at];
			if (piece === undefined) {
				if (finish) socket.end();
				timer = setTimeout(over, patience, false);
			} else
				socket.write(piece, () => {
					if (pause > 0) setTimeout(send, pause, at + 1);
					else setImmediate(send, at + 1);
				});
		};
		socket.on("connect", () => send(0));
	});
}

/** A bare connection, whose errors are its end and nothing more. */
export function hostileSocket(port: number, other: Partial<TcpNetConnectOpts> = {}): Socket {
	const socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true, ...other });
	socket.on("error", () => undefined);
	return socket;
}
