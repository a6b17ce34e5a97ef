import type { AuditAction } from "../../persistence/audit/audit-record.ts";
import type { Fault } from "../../persistence/fault.ts";
import type { Credentials } from "../access/access.ts";
import { type Caller, nobody } from "../access/caller.ts";
import type { Kept } from "../access/standing.ts";
import { type AuditSink, type Subjects, Trail } from "../audit/trail.ts";
import { requestOwner } from "../limits/owner.ts";
import type { IncomingBody } from "./body.ts";
import { encodeJson } from "./encoding.ts";
import type { Peer } from "./peers.ts";
import { type Headers, type Reply, statusOf } from "./reply.ts";
import { newId } from "./request-id.ts";
import type { Method, Request } from "./route.ts";
import { statusLine } from "./status-line.ts";
import { StreamWriter } from "./stream-writer.ts";
import type { HttpResponse } from "./uws.ts";

const unsafe = /[\r\n\0]/;
/** Bytes of an answer with which a connection may be closed without waiting until it is taken. */
const small = 65_536;
/** Shared, since thousands of requests may be under way. */
const none: Readonly<Record<string, string>> = {};

/** What a request was when it came in, copied while uWebSockets.js still allows it. */
export interface Head {
	/** Upper case, as sent. */
	method: string;
	path: string;
	query: string;
	/** As given; "" when it is to be made. */
	requestId: string;
	/** Unix time, seconds. */
	second: number;
	accept: string;
	/** The Origin header when it is one that may call from elsewhere, else "". */
	origin: string;
	/** Monotonic milliseconds. */
	startedAt: number;
}

/** Who hears of an exchange. Nothing of it may throw. */
export interface ExchangeOwner {
	/** Its client does not take so many bytes of its answer at once. False when they cannot be kept until it does. */
	holdAnswer(exchange: Exchange, bytes: number): boolean;
	/** Called once: when the answer is handed over whole, or the client is gone. */
	finished(exchange: Exchange): void;
	/** Called for errors that no answer can tell of. */
	failed(exchange: Exchange, error: unknown): void;
}

/**
 * One request and its answer: the only place that touches an `HttpResponse` after the first look at it. It knows
 * whether the client is still there, registers the one abort handler when the answer is not given at once, corks every
 * write, and answers at most once.
 */
export class Exchange implements Request {
	readonly head: Head;
	/** Set when the request was routed. */
	method: Method = "GET";
	route = "";
	parameters: Readonly<Record<string, string>> = none;
	prefix = "";
	caller: Caller = nobody;
	credentials: Credentials | null = null;
	/** Sees to it that it goes on no longer than its caller may. */
	kept: Kept | undefined;
	/** What is in the way of its going on. */
	lost: Fault | undefined;
	query: unknown;
	body: unknown;
	/** Those that its route looks at. */
	headers: Readonly<Record<string, string>> = none;
	status = 0;
	errorCode = 0;
	/** What was behind an error answer, for the log. */
	cause: unknown;
	/** Its body comes in chunks: where it ends may be seen otherwise by others, and it is the last of its connection. */
	chunked = false;
	/** A handler has the request and will answer it, even when the client has gone meanwhile. */
	handled = false;
	readonly #response: HttpResponse;
	readonly #owner: ExchangeOwner;
	#watched = false;
	#aborted = false;
	#answered = false;
	#closing = false;
	#over = false;
	/** Something of the answer is written. */
	#begun = false;
	#controller: AbortController | undefined;
	#writer: StreamWriter | undefined;
	#onUnsent: (() => void) | undefined;
	/** Made when it is asked for. */
	#requestId: string;
	#action: AuditAction | undefined;
	#sink: AuditSink | null = null;
	/** Made when it is asked for. */
	#trail: Trail | undefined;
	readonly peer: Peer;
	/** Its body, of one that has one. */
	incoming: IncomingBody | undefined;
	/** It counts among those under way until its end. */
	entered = false;
	/** Bytes of its answer that are kept until its client has taken them. */
	heldAnswer = 0;
	#trailEnded = false;

	constructor(response: HttpResponse, head: Head, peer: Peer, owner: ExchangeOwner) {
		this.#response = response;
		this.head = head;
		this.#requestId = head.requestId;
		this.peer = peer;
		this.#owner = owner;
	}

	get requestId(): string {
		if (this.#requestId === "") this.#requestId = newId(this.head.second);
		return this.#requestId;
	}

	/** Address of the client; "" when it is not known. */
	get address(): string {
		return this.peer.address;
	}

	get owner(): string {
		return requestOwner(this.caller, this.peer);
	}

	get accept(): string {
		return this.head.accept;
	}

	get signal(): AbortSignal {
		this.#controller ??= new AbortController();
		if (this.#aborted || this.lost !== undefined) this.#controller.abort();
		return this.#controller.signal;
	}

	get trail(): Trail {
		if (this.#action === undefined) throw new Error(`${this.route} does not say what it does`);
		this.#trail ??= new Trail(this.#action, this, this.#subjects(), this.#sink);
		return this.#trail;
	}

	#subjects(): Subjects {
		const { stream_id, group_id = null } = this.parameters;
		return { group_id, ...(stream_id !== undefined && { stream_ids: [stream_id] }) };
	}

	/** The request leaves a trail. `sink` null: nothing of it is kept. */
	follow(action: AuditAction, sink: AuditSink | null): void {
		this.#action = action;
		this.#sink = sink;
	}

	/** The trail, to tell how it ended; undefined when there is none, or its end was told. */
	endTrail(): Trail | undefined {
		if (this.#action === undefined || this.#trailEnded) return undefined;
		this.#trailEnded = true;
		return this.trail;
	}

	header(name: string): string {
		return this.headers[name] ?? "";
	}

	/** The client was gone before its answer. */
	get aborted(): boolean {
		return this.#aborted;
	}

	/** Registers the abort handler: to be called before the request's callback returns without an answer. */
	watch(): void {
		if (this.#watched) return;
		this.#watched = true;
		this.#response.onAborted(() => this.#abort());
	}

	/** An answer was given, though perhaps not all of it is out yet. */
	get answered(): boolean {
		return this.#answered;
	}

	/** The connection is to be closed after this answer. */
	closeAfter(): void {
		this.#closing = true;
	}

	/** Ends a streaming answer where it stands; any other is let finish. */
	cut(): void {
		this.#writer?.cut();
	}

	/** It may not go on: a streaming answer ends where it stands; a handler is told so, and `why` will be the answer. */
	lose(why: Fault): void {
		if (this.#answered) {
			this.cut();
			return;
		}
		this.lost = why;
		this.#guard(() => this.#controller?.abort());
	}

	/** Closes the connection, whatever is under way. */
	destroy(): void {
		if (!this.#aborted && !this.#over) this.#response.close();
	}

	/**
	 * Answers; a second answer is refused with an error, one to a client that is gone goes nowhere. When it throws and
	 * `answered` is still false, nothing was written and another answer may be given.
	 */
	answer(reply: Reply): void {
		if (this.#answered) throw new Error("this request was answered already");
		this.#answered = true;
		// A body that is too large is refused while it arrives: closed now, its client would not read why.
		this.#closing ||= this.chunked && this.errorCode !== 39901;
		this.#onUnsent = reply.onUnsent;
		this.status = statusOf(reply);
		if (this.#aborted) {
			this.#unsent();
			return;
		}
		try {
			this.#send(reply);
		} catch (error) {
			if (!this.#begun) {
				this.#answered = false;
				this.#giveBack();
			}
			throw error;
		}
	}

	#send(reply: Reply): void {
		switch (reply.kind) {
			case "empty":
				this.#write(reply, () => this.#endEmpty());
				break;
			case "redirect": {
				const headers = { ...reply.headers, Location: reply.location };
				this.#write({ ...reply, headers }, () => this.#endEmpty());
				break;
			}
			case "json":
				this.#body(reply, encodeJson(reply.text, this.head.accept));
				break;
			case "value":
				this.#body(reply, encodeJson(JSON.stringify(reply.value), this.head.accept));
				break;
			case "bytes":
				this.#body(reply, reply);
				break;
			case "stream":
				this.#stream(reply);
		}
	}

	#body(reply: Reply, { type, bytes }: { type: string; bytes: Uint8Array | string }): void {
		if (this.head.method === "HEAD") {
			// `endWithoutBody(length)` would leave the connection waiting for ever; a header of our own does not.
			const length = typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.length;
			this.#write(reply, () => {
				this.#header("Content-Type", type);
				this.#header("Content-Length", String(length));
				this.#endEmpty();
			});
		} else if (bytes.length === 0 || (this.#closing && bytes.length <= small)) {
			this.#write(reply, () => {
				this.#header("Content-Type", type);
				this.#response.end(bytes, this.#closing);
				this.#finish();
			});
		} else {
			let complete = true;
			this.#write(reply, () => {
				this.#header("Content-Type", type);
				complete = this.#offer(bytes);
			});
			if (!complete) this.#keep(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
		}
	}

	/**
	 * The binding is never given what the client does not take now: it would keep it without a bound, a whole answer for each
	 * request of a client that sends thousands in one piece and reads nothing. The one behind an answer that is kept closes the
	 * connection.
	 *
	 * @returns whether it took it whole
	 */
	#offer(bytes: Uint8Array | string): boolean {
		const total = typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.length;
		const [, complete] = this.#response.tryEnd(bytes, total);
		if (complete) this.#finish();
		return complete;
	}

	/** Hands the rest over as the client takes it. */
	#keep(bytes: Uint8Array): void {
		this.watch();
		if (!this.#owner.holdAnswer(this, bytes.length)) {
			this.destroy();
			return;
		}
		this.heldAnswer = bytes.length;
		const send = (at: number): boolean => {
			const [taken, complete] = this.#response.tryEnd(bytes.subarray(at), bytes.length);
			if (complete) this.#finish();
			return taken;
		};
		this.#response.onWritable((at) => {
			let taken = true;
			this.#guard(() => this.#cork(() => (taken = send(at))));
			return taken;
		});
	}

	#stream(reply: Extract<Reply, { kind: "stream" }>): void {
		if (this.head.method === "HEAD") {
			this.#write(reply, () => {
				this.#header("Content-Type", reply.type);
				this.#endEmpty();
			});
			this.#guard(() => reply.onUnsent?.());
			return;
		}
		this.watch();
		const writer = new StreamWriter(
			this.#response,
			() => this.#finish(),
			(work) => this.#guard(work),
		);
		this.#write(reply, () => {
			// They leave with the first chunk.
			this.#header("Content-Type", reply.type);
		});
		this.#writer = writer;
		try {
			reply.run(writer);
		} catch (error) {
			// The status is out already: all that can be said is that the body ends here.
			writer.cut();
			throw error;
		}
	}

	#write(reply: Reply, end: () => void): void {
		this.#begun = true;
		this.#cork(() => {
			this.#response.writeStatus(statusLine(this.status));
			this.#response.writeHeader("Luna-Request-Id", this.requestId);
			if (this.#closing) this.#response.writeHeader("Connection", "close");
			if (this.head.origin !== "") this.#crossOrigin();
			if (reply.headers !== undefined) this.#headers(reply.headers);
			end();
		});
	}

	/** Writes within one system call. What the work throws is thrown here: thrown through the binding it would end the process. */
	#cork(work: () => void): void {
		let failure: { error: unknown } | undefined;
		this.#response.cork(() => {
			try {
				work();
			} catch (error) {
				// Carried past the binding, to the caller.
				failure = { error };
			}
		});
		if (failure !== undefined) throw failure.error;
	}

	#crossOrigin(): void {
		this.#response.writeHeader("Access-Control-Allow-Origin", this.head.origin);
		this.#response.writeHeader("Access-Control-Expose-Headers", "Luna-Request-Id, Location, Retry-After");
		this.#response.writeHeader("Vary", "Origin");
	}

	#headers(headers: Headers): void {
		for (const name of Object.keys(headers)) this.#header(name, headers[name] ?? "");
	}

	#header(name: string, value: string): void {
		this.#response.writeHeader(name, unsafe.test(value) ? "" : value);
	}

	#endEmpty(): void {
		// Without a length: these have none, or that of the body they stand for (RFC 9110, 8.6).
		if (this.status === 204 || this.status === 304 || this.head.method === "HEAD") this.#response.endWithoutBody();
		else this.#response.end("", this.#closing);
		this.#finish();
	}

	#abort(): void {
		this.#aborted = true;
		this.#guard(() => this.#writer?.abort());
		this.#guard(() => this.#controller?.abort());
		if (this.#answered || !this.handled) this.#unsent();
	}

	#unsent(): void {
		this.#giveBack();
		this.#finish();
	}

	#giveBack(): void {
		const unsent = this.#onUnsent;
		this.#onUnsent = undefined;
		this.#guard(() => unsent?.());
	}

	/** Runs what others gave us from within a callback of the server, where a throw would end the process. */
	#guard(work: () => void): void {
		try {
			work();
		} catch (error) {
			// Nobody is left to answer to: the owner writes it down.
			this.#owner.failed(this, error);
		}
	}

	#finish(): void {
		this.#onUnsent = undefined;
		if (this.#over) return;
		this.#over = true;
		this.#owner.finished(this);
	}
}
