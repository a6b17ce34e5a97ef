import { Fault } from "../../persistence/fault.ts";
import { urlOf } from "../url.ts";
import { errorAnswer, toFault } from "./catalogue.ts";
import { everyLine } from "./header-lines.ts";
import type { HttpLogger } from "./options.ts";
import type { Peer, Peers } from "./peers.ts";
import { givenId, newId } from "./request-id.ts";
import { statusLine } from "./status-line.ts";
import type { App, HttpRequest, HttpResponse, SocketContext, WebSocket } from "./uws.ts";

/** Bytes of one message of a client at most; its owner hears of one that is larger. */
const MAX_MESSAGE = 65_536;
/** Bytes of a message that are read at all; beyond them the connection is cut. */
const MAX_READ = 4 * MAX_MESSAGE;
/** Seconds after which a connection that gives no sign of life is closed; pings ask for one. */
const IDLE_TIMEOUT = 60;
/** Bytes that may wait for a client that does not read, whatever the owner of the socket does: then it is cut off. */
const MAX_WAITING = 16 * 1_048_576;

/** Bytes that wait for a client, beyond which it counts as behind. */
export const BEHIND = 65_536;

/** The request that opens a socket, copied while uWebSockets.js still allows it. */
export interface UpgradeRequest {
	/** Headers as they were sent, "" where absent. */
	readonly host: string;
	readonly origin: string;
	readonly authorization: string;
	readonly cookie: string;
	readonly peer: Peer;
}

/** Who owns a socket: hears what happens to it. What it throws closes the socket with 1011 and is logged. */
export interface SocketOwner {
	/** A text message of the client. */
	message(text: string): void;
	/** The client sent one that is too large. */
	tooLarge(): void;
	/** What waited is on its way: there is room again. */
	drained(): void;
	/** The client sent a ping, which is answered already, or answered one. */
	alive(): void;
	/** It is gone, whoever ended it. Called once, and nothing after it. */
	closed(): void;
}

/** A path that opens sockets. */
export interface SocketRoute {
	path: string;
	/**
	 * Judges a request. Gives what takes the socket over when it is open.
	 * @throws {Fault} that becomes the answer, in place of a socket.
	 */
	admit(request: UpgradeRequest): Opening | Promise<Opening>;
}

/** Takes an open socket over. */
export type Opening = (socket: Socket) => SocketOwner;

interface Carried {
	opening: Opening;
	socket: Socket | null;
	owner: SocketOwner | null;
}

/**
 * One open socket. Nothing here throws, and every method may be called after the client has gone, when it does nothing:
 * uWebSockets.js itself would end the process.
 */
export class Socket {
	#ws: WebSocket<Carried> | null;

	constructor(ws: WebSocket<Carried>) {
		this.#ws = ws;
	}

	get open(): boolean {
		return this.#ws !== null;
	}

	/** Bytes that the client has not taken yet, beyond what the system holds. */
	get waiting(): number {
		return this.#ws?.getBufferedAmount() ?? 0;
	}

	/** Sends a text frame, given as a string or as its UTF-8 bytes. The bytes may be reused after the call. */
	sendText(text: string | Uint8Array): void {
		this.#ws?.send(text, false);
	}

	sendBytes(bytes: Uint8Array): void {
		this.#ws?.send(bytes, true);
	}

	/** Asks for a sign of life. */
	ping(): void {
		this.#ws?.ping();
	}

	/**
	 * Ends it with a code and a reason, after what waits. Of a client that is behind the connection is closed at once, without
	 * them: it would hold what waits for as long as the client likes, when nothing counts it any more. The owner hears of it
	 * before this returns.
	 */
	end(code: number, reason: string): void {
		if (this.waiting > BEHIND) this.#ws?.close();
		else this.#ws?.end(code, reason);
	}

	/** For the adapter alone: nothing may be asked of the connection any more. */
	forget(): void {
		this.#ws = null;
	}
}

/**
 * Serves WebSockets at a path and below each prefix. The one place where the callbacks of uWebSockets.js meet ours: no
 * owner can throw through it.
 */
export function serveSocket(
	app: App,
	prefixes: readonly string[],
	route: SocketRoute,
	{ peers, logger }: { peers: Peers; logger: HttpLogger },
): void {
	const guarded = (ws: WebSocket<Carried>, work: (carried: Carried) => void) => {
		try {
			work(ws.getUserData());
		} catch (error) {
			logger.error({ err: error, path: route.path }, "a socket failed");
			ws.getUserData().socket?.end(1011, "internal server error");
		}
	};
	for (const prefix of prefixes) {
		app.ws<Carried>(`${prefix}${route.path}`, {
			maxPayloadLength: MAX_READ,
			maxBackpressure: MAX_WAITING,
			closeOnBackpressureLimit: 1,
			idleTimeout: IDLE_TIMEOUT,
			sendPingsAutomatically: true,
			upgrade: (response, request, context) => upgrade(route, response, request, context, { peers, logger }),
			open: (ws) =>
				guarded(ws, (carried) => {
					carried.socket = new Socket(ws);
					carried.owner = carried.opening(carried.socket);
				}),
			message: (ws, message, isBinary) =>
				guarded(ws, ({ owner, socket }) => {
					if (isBinary) socket?.end(1003, "text only");
					else if (message.byteLength > MAX_MESSAGE) owner?.tooLarge();
					else owner?.message(Buffer.from(message).toString("utf8"));
				}),
			drain: (ws) => guarded(ws, ({ owner }) => owner?.drained()),
			ping: (ws) => guarded(ws, ({ owner }) => owner?.alive()),
			pong: (ws) => guarded(ws, ({ owner }) => owner?.alive()),
			close: (ws) => {
				const carried = ws.getUserData();
				carried.socket?.forget();
				try {
					carried.owner?.closed();
				} catch (error) {
					// The client is gone already.
					logger.error({ err: error, path: route.path }, "a socket failed at its end");
				}
			},
		});
	}
}

function upgrade(
	route: SocketRoute,
	response: HttpResponse,
	request: HttpRequest,
	context: SocketContext,
	{ peers, logger }: { peers: Peers; logger: HttpLogger },
): void {
	let gone = false;
	response.onAborted(() => {
		gone = true;
	});
	const id = givenId(request.getHeader("luna-request-id")) || newId(Math.floor(Date.now() / 1_000));
	const keys = ["sec-websocket-key", "sec-websocket-protocol", "sec-websocket-extensions"].map((name) =>
		request.getHeader(name),
	);
	const [key = "", protocol = "", extensions = ""] = keys;
	const refuse = (error: unknown) => {
		const fault = toFault(error);
		if (fault.code === 1)
			logger.error({ err: fault.cause, path: route.path, request_id: id }, "a socket was not opened");
		if (gone) return;
		const { status, body, headers } = errorAnswer(fault);
		response.cork(() => {
			response.writeStatus(statusLine(status)).writeHeader("Luna-Request-Id", id);
			for (const [name, value] of Object.entries(headers)) response.writeHeader(name, value);
			response.writeHeader("Content-Type", "application/json").end(JSON.stringify(body), true);
		});
	};
	const accept = (opening: Opening) => {
		if (gone) return;
		const carried: Carried = { opening, socket: null, owner: null };
		response.cork(() => response.upgrade(carried, key, protocol, extensions, context));
	};
	try {
		const opening = route.admit({
			host: request.getHeader("host"),
			origin: request.getHeader("origin"),
			authorization: request.getHeader("authorization"),
			cookie: request.getHeader("cookie"),
			peer: peers.of(response.getRemoteAddress(), () => everyLine(request, "x-forwarded-for")),
		});
		if (opening instanceof Promise) opening.then(accept).catch(refuse);
		else accept(opening);
	} catch (error) {
		// What the route has against it is the answer.
		refuse(error);
	}
}

/** Longer than any origin: to read the name of a host takes time with the square of its length. */
const LONGEST_ORIGIN = 400;

/**
 * Throws 39903 unless the page that opens a socket comes from the same host that it asks, or from an allowed origin.
 * Programs that are no browsers send no Origin: they pass, since nobody's cookies are with them unless they say so.
 */
export function checkOrigin({ host, origin }: UpgradeRequest, allowed: ReadonlySet<string>): void {
	if (origin === "" || allowed.has(origin)) return;
	if (origin.length <= LONGEST_ORIGIN && urlOf(origin)?.host === host.toLowerCase()) return;
	throw new Fault(39903, { reason: "Origin is not allowed" });
}
