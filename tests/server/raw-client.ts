import { openSocket } from "../support/bare-socket.ts";

/** What came back over one connection. */
export interface RawAnswer {
	text: string;
	/** The server closed it. */
	closed: boolean;
}

/**
 * Sends bytes over a socket of its own and gives what comes back, when `until` is content with it, the server closes, or
 * after `patience` ms.
 */
export function raw(
	port: number,
	bytes: string | Uint8Array,
	until: (text: string) => boolean = (text) => text.includes("\r\n\r\n"),
	patience = 1_000,
): Promise<RawAnswer> {
	return new Promise((resolve) => {
		let text = "";
		const socket = openSocket(port);
		const finish = (closed: boolean) => {
			clearTimeout(timer);
			socket.destroy();
			resolve({ text, closed });
		};
		const timer = setTimeout(() => finish(false), patience);
		socket.setEncoding("latin1");
		socket.on("data", (data) => {
			text += data;
			if (until(text)) finish(false);
		});
		// A reset is a way of closing.
		socket.on("error", () => finish(true));
		socket.on("close", () => finish(true));
		socket.write(bytes);
	});
}

/** A request's head, with a Host and what else is given. */
export function head(line: string, headers: Record<string, string> = {}): string {
	const lines = Object.entries({ Host: "127.0.0.1", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
	return `${line} HTTP/1.1\r\n${lines.join("")}\r\n`;
}
