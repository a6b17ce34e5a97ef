import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { Part } from "../part.ts";
import { RtspConnection } from "./connection.ts";
import { Mount } from "./mount.ts";
import type { RtpClip } from "./rtp-clip.ts";
import { UdpPair } from "./udp-pair.ts";

const HOST = "127.0.0.1";
const MAX_CONNECTIONS = 64;

export interface RtspServerOptions {
	/** 0 takes a free one; later starts of the same server take the same again. */
	readonly port: number;
	/** By path, without slashes. */
	readonly clips: ReadonlyMap<string, RtpClip>;
	/** Called whenever a client begins to watch. */
	readonly onWatched?: () => void;
}

/**
 * A small RTSP 1.0 server (RFC 2326) on the loopback: plays each clip in a loop, in real time, to any number of
 * clients at once (64 connections at most), over TCP or UDP as they like.
 */
export class RtspServer implements Part {
	readonly name = "rtsp";
	readonly #options: RtspServerOptions;
	readonly #mounts: ReadonlyMap<string, Mount>;
	readonly #udp = new UdpPair();
	readonly #connections = new Set<RtspConnection>();
	#server: Server | undefined;
	#port: number;

	constructor(options: RtspServerOptions) {
		this.#options = options;
		this.#port = options.port;
		this.#mounts = new Map([...options.clips].map(([path, clip]) => [path, new Mount(clip)]));
	}

	/** The address under which a path is played. */
	url(path: string): string {
		return `rtsp://${HOST}:${this.#port}/${path}`;
	}

	async start(): Promise<void> {
		if (this.#server !== undefined) return;
		const server = createServer((socket) => {
			const connection = new RtspConnection(socket, {
				mount: (path) => this.#mounts.get(path),
				udp: this.#udp,
				watched: () => this.#options.onWatched?.(),
			});
			this.#connections.add(connection);
			socket.once("close", () => this.#connections.delete(connection));
		});
		server.maxConnections = MAX_CONNECTIONS;
		this.#server = server;
		try {
			await this.#udp.open(HOST);
			server.listen(this.#port, HOST);
			await once(server, "listening");
		} catch (error) {
			await this.stop();
			throw error;
		}
		const address = server.address();
		if (address !== null && typeof address === "object") this.#port = address.port;
	}

	async stop(): Promise<void> {
		const server = this.#server;
		if (server === undefined) return;
		this.#server = undefined;
		for (const connection of this.#connections) connection.close();
		if (server.listening) {
			await new Promise<void>((resolve) => {
				server.close(() => resolve());
			});
		}
		await this.#udp.close();
	}
}
