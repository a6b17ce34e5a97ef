import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { answerBytes, type RtspAnswer, RtspReader, type RtspRequest } from "./message.ts";
import type { Mount } from "./mount.ts";
import { RtpViewer } from "./rtp-viewer.ts";
import { chooseTransport, type RtspTransport } from "./transport.ts";
import type { UdpPair } from "./udp-pair.ts";

/** A client over TCP that leaves more than this unread misses pictures. */
const MAX_UNREAD = 512 * 1024;
const SESSION_TIMEOUT_S = 60;
const METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER";

/** What a connection needs of its server. */
export interface RtspHost {
	mount(path: string): Mount | undefined;
	readonly udp: UdpPair;
	/** A client began to watch. */
	watched(): void;
}

interface Session {
	readonly id: string;
	readonly mount: Mount;
	readonly viewer: RtpViewer;
	readonly trackUrl: string;
}

/**
 * One client of the RTSP server: its requests, and at most one session, which ends with the connection.
 * A client from which nothing comes for longer than the session timeout is closed.
 */
export class RtspConnection {
	readonly #socket: Socket;
	readonly #host: RtspHost;
	readonly #reader = new RtspReader();
	readonly #idle: NodeJS.Timeout;
	#session: Session | undefined;

	constructor(socket: Socket, host: RtspHost) {
		this.#socket = socket;
		this.#host = host;
		// Half as long again: clients renew their sessions shortly before the timeout that they were told.
		this.#idle = setTimeout(() => this.close(), SESSION_TIMEOUT_S * 1500);
		socket.setNoDelay(true);
		socket.on("data", (bytes) => this.#read(bytes));
		socket.on("error", () => undefined); // "close" follows, and does what there is to do.
		socket.on("close", () => this.#end());
	}

	close(): void {
		this.#end();
		this.#socket.destroy();
	}

	#end(): void {
		clearTimeout(this.#idle);
		this.#leave();
	}

	#leave(): void {
		const session = this.#session;
		this.#session = undefined;
		session?.mount.remove(session.viewer);
	}

	#read(bytes: Buffer): void {
		this.#idle.refresh();
		let requests: RtspRequest[];
		try {
			requests = this.#reader.push(bytes);
		} catch {
			// Not RTSP: there is no CSeq to answer to.
			this.close();
			return;
		}
		for (const request of requests) {
			const cseq = request.headers.get("cseq");
			if (cseq === undefined) this.#socket.write(answerBytes("0", { status: 400 }));
			else this.#socket.write(answerBytes(cseq, this.#answer(request)));
		}
	}

	#answer(request: RtspRequest): RtspAnswer {
		switch (request.method) {
			case "OPTIONS":
				return { status: 200, headers: { Public: METHODS } };
			case "DESCRIBE":
				return this.#describe(request);
			case "SETUP":
				return this.#setUp(request);
			case "PLAY":
				return this.#inSession(request, (session) => {
					session.mount.add(session.viewer);
					this.#host.watched();
					return { "RTP-Info": `url=${session.trackUrl};seq=${session.viewer.nextSequence}`, Range: "npt=now-" };
				});
			case "GET_PARAMETER":
				return this.#session === undefined ? { status: 200 } : this.#inSession(request, () => ({}));
			case "TEARDOWN":
				return this.#inSession(request, () => {
					this.#leave();
					return {};
				});
			default:
				return { status: 501, headers: { Public: METHODS } };
		}
	}

	#describe(request: RtspRequest): RtspAnswer {
		const mount = this.#mountOf(request.url);
		if (mount === undefined) return { status: 404 };
		const lines = ["v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=sample", "c=IN IP4 0.0.0.0", "t=0 0", "a=range:npt=now-"];
		return {
			status: 200,
			headers: { "Content-Base": `${request.url.replace(/\/$/, "")}/`, "Content-Type": "application/sdp" },
			body: `${[...lines, ...mount.clip.mediaLines].join("\r\n")}\r\n`,
		};
	}

	#setUp(request: RtspRequest): RtspAnswer {
		const mount = this.#mountOf(request.url);
		if (mount === undefined) return { status: 404 };
		if (this.#session !== undefined) return { status: 459 };
		const transport = chooseTransport(request.headers.get("transport") ?? "");
		if (transport === undefined) return { status: 461 };
		const id = randomBytes(8).toString("hex");
		this.#session = { id, mount, viewer: this.#viewer(transport), trackUrl: request.url };
		return {
			status: 200,
			headers: { Session: `${id};timeout=${SESSION_TIMEOUT_S}`, Transport: this.#described(transport) },
		};
	}

	#inSession(request: RtspRequest, act: (session: Session) => Record<string, string>): RtspAnswer {
		const id = request.headers.get("session")?.split(";")[0];
		const session = this.#session;
		if (session === undefined || session.id !== id) return { status: 454 };
		return { status: 200, headers: { Session: session.id, ...act(session) } };
	}

	#mountOf(url: string): Mount | undefined {
		const path = /^rtsp:\/\/[^/]+\/([^/?]*)/i.exec(url)?.[1];
		return path === undefined ? undefined : this.#host.mount(path);
	}

	#described(transport: RtspTransport): string {
		if (transport.kind === "tcp") {
			return `RTP/AVP/TCP;unicast;interleaved=${transport.rtpChannel}-${transport.rtcpChannel}`;
		}
		const port = this.#host.udp.port;
		return `RTP/AVP;unicast;client_port=${transport.rtpPort}-${transport.rtcpPort};server_port=${port}-${port + 1}`;
	}

	#viewer(transport: RtspTransport): RtpViewer {
		const socket = this.#socket;
		if (transport.kind === "tcp") {
			const send = (channel: number, packet: Buffer) => {
				const head = Buffer.from([0x24, channel, packet.length >> 8, packet.length & 0xff]);
				if (socket.writable) socket.write(Buffer.concat([head, packet]));
			};
			return new RtpViewer({
				ready: () => socket.writableLength < MAX_UNREAD,
				rtp: (packet) => send(transport.rtpChannel, packet),
				rtcp: (packet) => send(transport.rtcpChannel, packet),
			});
		}
		const address = socket.remoteAddress ?? "127.0.0.1";
		return new RtpViewer({
			ready: () => true,
			rtp: (packet) => this.#host.udp.sendRtp(packet, transport.rtpPort, address),
			rtcp: (packet) => this.#host.udp.sendRtcp(packet, transport.rtcpPort, address),
		});
	}
}
