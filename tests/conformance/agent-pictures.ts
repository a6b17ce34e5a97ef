import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One pixel. */
export const PNG = Buffer.from(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
	"base64",
);
/** The beginning and the end of a JPEG, which is all that is looked at. */
export const JPEG = Buffer.concat([
	Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
	Buffer.alloc(64, 7),
	Buffer.from([0xff, 0xd9]),
]);

/** An agent's pictures, good and bad, as a small HTTP server of the suite's own: the service must reach 127.0.0.1. */
export class AgentPictures {
	/** How often each path was asked. */
	readonly asked = new Map<string, number>();
	readonly #server = createServer((request, response) => {
		const path = request.url ?? "";
		this.asked.set(path, (this.asked.get(path) ?? 0) + 1);
		this.#answer(path, response);
	});
	readonly #live = new Set<ServerResponse>();

	async start(): Promise<this> {
		await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
		return this;
	}

	url(path: string): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
	}

	/** How many live connections are open. */
	get watched(): number {
		return this.#live.size;
	}

	/** Sends one more picture to all who watch. */
	show(): void {
		for (const response of this.#live) this.#part(response);
	}

	/** Ends the live streams. */
	end(): void {
		for (const response of this.#live) response.end("--frame--\r\n");
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	#answer(path: string, response: ServerResponse): void {
		const [, kind = ""] = /^\/([a-z-]+)/.exec(path) ?? [];
		switch (kind) {
			case "png":
				response.writeHead(200, { "Content-Type": "image/png", "Set-Cookie": "a=b", "X-Agent": "1" }).end(PNG);
				break;
			case "html":
				response.writeHead(200, { "Content-Type": "text/html" }).end("<script>alert(1)</script>");
				break;
			case "svg":
				response.writeHead(200, { "Content-Type": "image/svg+xml" }).end("<svg/>");
				break;
			case "redirect":
				response.writeHead(302, { Location: "/png" }).end();
				break;
			case "broken":
				response.writeHead(500, { "Content-Type": "image/png" }).end(PNG);
				break;
			case "cut":
				response.writeHead(200, { "Content-Type": "image/png", "Content-Length": "100000" });
				response.write(PNG, () => response.destroy());
				break;
			case "large":
				response.writeHead(200, { "Content-Type": "image/png" }).end(Buffer.concat([PNG, Buffer.alloc(300_000)]));
				break;
			case "silent":
				break;
			case "live":
				response.writeHead(200, { "Content-Type": "multipart/x-mixed-replace; boundary=frame" });
				this.#live.add(response);
				response.on("close", () => this.#live.delete(response));
				this.#part(response);
				break;
			default:
				response.writeHead(404, { "Content-Type": "image/png" }).end();
		}
	}

	#part(response: ServerResponse): void {
		response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${JPEG.length}\r\n\r\n`);
		response.write(JPEG);
		response.write("\r\n");
	}
}
