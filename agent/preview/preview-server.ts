import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { sendLive } from "./live-answer.ts";
import type { Pictures } from "./pictures.ts";

/** Connections beyond this are closed at once. The service needs one a stream and kind, however many people watch. */
const MAX_CONNECTIONS = 1024;

export interface PreviewAddress {
	host: string;
	port: number;
}

/** The urls of a stream's preview, as feedback reports them. */
export interface PreviewUrls {
	live: { url: string };
	last_frame: { url: string };
}

/**
 * Serves `/streams/{stream_id}/last_frame` (image/jpeg) and `/streams/{stream_id}/live` (multipart/x-mixed-replace)
 * of the streams that the agent processes.
 */
export class PreviewServer {
	readonly #pictures: Pictures;
	readonly #listen: PreviewAddress;
	readonly #advertise: string | null;
	#server: Server | null = null;
	#url = "";

	/** `advertise`: the base URL for others, or null for the address that it listens on. */
	constructor(pictures: Pictures, listen: PreviewAddress, advertise: string | null) {
		this.#pictures = pictures;
		this.#listen = listen;
		this.#advertise = advertise;
	}

	/** Resolves when it listens. Rejects when the address cannot be used. */
	async start(): Promise<void> {
		if (this.#server !== null) return;
		const server = createServer({ requestTimeout: 10_000, headersTimeout: 5000 }, (request, response) =>
			this.#answer(request, response),
		);
		server.maxConnections = MAX_CONNECTIONS;
		await new Promise<void>((resolve, reject) => {
			server.once("error", reject);
			server.listen(this.#listen.port, this.#listen.host, resolve);
		});
		this.#server = server;
		const address = server.address();
		const port = typeof address === "object" && address !== null ? address.port : this.#listen.port;
		const host = this.#listen.host.includes(":") ? `[${this.#listen.host}]` : this.#listen.host;
		this.#url = this.#advertise ?? `http://${host}:${port}`;
	}

	/** Closes every connection. */
	async stop(): Promise<void> {
		const server = this.#server;
		this.#server = null;
		if (server === null) return;
		const closed = new Promise((resolve) => server.close(resolve));
		server.closeAllConnections();
		await closed;
	}

	/** Under which base URL the service finds it. */
	get url(): string {
		return this.#url;
	}

	urls(stream_id: string): PreviewUrls {
		const base = `${this.#url}/streams/${stream_id}`;
		return { live: { url: `${base}/live` }, last_frame: { url: `${base}/last_frame` } };
	}

	#answer(request: IncomingMessage, response: ServerResponse): void {
		response.setHeader("cache-control", "no-store");
		response.setHeader("x-content-type-options", "nosniff");
		// Only the end of the path counts: a proxy in front may put a prefix before it.
		const match = /\/streams\/([0-9a-f-]{36})\/(live|last_frame)(?:\?.*)?$/.exec(request.url ?? "");
		const place = match?.[1] === undefined ? null : this.#pictures.get(match[1]);
		const reading = request.method === "GET" || request.method === "HEAD";
		if (!reading) refuse(response, 405);
		else if (place === null) refuse(response, 404);
		else if (match?.[2] === "live" && request.method === "GET") sendLive(place, response);
		else if (place.newest === null) refuse(response, 503);
		else sendPicture(response, place.newest, request.method === "HEAD");
	}
}

function sendPicture(response: ServerResponse, jpeg: Uint8Array, headOnly: boolean): void {
	response.writeHead(200, { "content-type": "image/jpeg", "content-length": jpeg.byteLength });
	response.end(headOnly ? undefined : jpeg);
}

function refuse(response: ServerResponse, status: number): void {
	response.writeHead(status, { "content-length": 0, ...(status === 405 ? { allow: "GET, HEAD" } : {}) });
	response.end();
}
