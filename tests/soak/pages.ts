import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";

/** Pages that look at everything and connect again when their node goes, as the console's does. */
export class SoakPages {
	/** Messages that came. */
	messages = 0;
	/** Times that a page connected. */
	connections = 0;
	readonly #urls: readonly string[];
	readonly #sockets = new Map<number, WebSocket>();
	/** When each page last heard anything, on the monotonic clock. */
	readonly #heard = new Map<number, number>();
	#stopping = false;

	constructor(urls: readonly string[], count: number) {
		this.#urls = urls;
		for (let page = 0; page < count; page++) this.#connect(page, page);
	}

	/** Seconds since the page that has heard nothing for longest heard something. */
	get longestSilence(): number {
		return (performance.now() - Math.min(...this.#heard.values())) / 1_000;
	}

	/** All lose their connection at once. */
	breakOff(): void {
		for (const socket of this.#sockets.values()) socket.terminate();
	}

	end(): void {
		this.#stopping = true;
		this.breakOff();
	}

	#connect(page: number, attempt: number): void {
		const url = this.#urls[attempt % this.#urls.length] ?? "";
		const socket = new WebSocket(`${url.replace("http", "ws")}/console/socket`, { perMessageDeflate: false });
		this.#sockets.set(page, socket);
		this.#heard.set(page, performance.now());
		socket.on("error", () => undefined);
		socket.on("open", () => {
			this.connections++;
			for (const message of [
				{
					op: "streams",
					sub: 1,
					filter: page % 2 === 0 ? {} : { statuses: ["failure", "in_progress"] },
					order: "problems",
				},
				{ op: "counts", sub: 2 },
				{ op: "logs", sub: 3, filter: {} },
				{ op: "queue", sub: 4 },
				{ op: "nodes", sub: 5 },
			])
				socket.send(JSON.stringify(message));
		});
		socket.on("message", () => {
			this.messages++;
			this.#heard.set(page, performance.now());
		});
		socket.on("close", async () => {
			if (this.#stopping) return;
			await sleep(1_000);
			if (!this.#stopping) this.#connect(page, attempt + 1);
		});
	}
}
