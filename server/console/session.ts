import { type Fault, unavailable } from "../../persistence/fault.ts";
import type { Caller } from "../access/caller.ts";
import { errorAnswer, toFault } from "../http/catalogue.ts";
import type { HttpLogger } from "../http/options.ts";
import { BEHIND, type Socket, type SocketOwner } from "../http/socket.ts";
import { Allowance, type AllowanceBounds } from "../limits/allowance.ts";
import type { FramePart } from "./frames.ts";
import { answerCost, messageCost } from "./message-cost.ts";
import { CLOSE_CODES, type CloseReason, type ServerMessage } from "./server-message.ts";

/** Milliseconds after which a client that is behind, or says nothing at all, is let go. */
const PATIENCE = 20_000;
const SILENCE = 25_000;
/** What a client may say, in the units of `messageCost`: a wall that scrolls says all its pictures with every row. */
const ALLOWANCE: AllowanceBounds = { atOnce: 300, perSecond: 100 };
const MOST_SUBSCRIPTIONS = 16;

/** What a page asked to be told of. */
export interface Subscription {
	/** Characters that the page was sent at once, for the asking. */
	readonly answered?: number;
	/** Nothing more is to be said about it. */
	end(): void;
	/** The client takes what it is sent again: what was held back may be said. */
	caughtUp?(): void;
}

/** What a session asks of the gateway. */
export interface SessionHost {
	/** False when all pages of an owner say more than they may together. */
	mayHear(owner: string, cost: number, now: number): boolean;
	/** Carries a message out. What it throws is told to the page. */
	handle(session: Session, text: string): void;
	/** The frame of a round for these parts. */
	frame(number: number, parts: readonly FramePart[]): Uint8Array;
	/** Nothing more is to be said under this number. */
	ended(session: Session, sub: number): void;
	/** It takes what it is sent again. */
	caughtUp(session: Session): void;
	closed(session: Session): void;
	log: HttpLogger;
}

/** One page that is connected: what it may see, what it asked for, and how well it takes what it is sent. */
export class Session implements SocketOwner {
	readonly caller: Caller;
	/** Whose share it takes of what a node holds for all pages. */
	readonly owner: string;
	readonly subscriptions = new Map<number, Subscription>();
	readonly #socket: Socket;
	readonly #host: SessionHost;
	#parts: FramePart[] = [];
	/** Since when it is behind, on the monotonic clock; null: it is not. */
	#behindSince: number | null = null;
	#heard = performance.now();
	readonly #allowance = new Allowance(ALLOWANCE, performance.now());
	/** Why it was closed by us. */
	ending: CloseReason | null = null;
	/** Frames handed over, of all kinds. */
	frames = 0;

	constructor(socket: Socket, { caller, owner }: { caller: Caller; owner: string }, host: SessionHost) {
		this.#socket = socket;
		this.caller = caller;
		this.owner = owner;
		this.#host = host;
	}

	/** It does not take what it is sent as fast as it is sent: what can wait or be left out is not sent. */
	get behind(): boolean {
		return this.#behindSince !== null;
	}

	/** Bytes that it has not taken yet. */
	get waiting(): number {
		return this.#socket.waiting;
	}

	get open(): boolean {
		return this.#socket.open;
	}

	/** Puts a subscription under a number, in place of what was there. One that was answered with much costs as if it were long. */
	subscribe(sub: number, subscription: Subscription): void {
		this.unsubscribe(sub);
		this.subscriptions.set(sub, subscription);
		const cost = answerCost(subscription.answered ?? 0);
		if (cost > 0) this.#affords(cost, performance.now());
	}

	/** @throws {Fault} 39905 when there is no room for one more under this number. */
	admit(sub: number): void {
		if (!this.subscriptions.has(sub) && this.subscriptions.size >= MOST_SUBSCRIPTIONS)
			throw unavailable("room for another subscription");
	}

	unsubscribe(sub: number): void {
		const subscription = this.subscriptions.get(sub);
		this.subscriptions.delete(sub);
		if (subscription === undefined) return;
		subscription.end();
		this.#host.ended(this, sub);
	}

	/** Says something, whether it is behind or not: for answers, which the page waits for. */
	send(message: ServerMessage): void {
		this.sendText(JSON.stringify(message));
	}

	/** A text frame, as its text or its UTF-8 bytes. */
	sendText(text: string | Uint8Array): void {
		if (!this.#socket.open) return;
		this.#socket.sendText(text);
		this.#sent();
	}

	sendBytes(bytes: Uint8Array): void {
		if (!this.#socket.open) return;
		this.#socket.sendBytes(bytes);
		this.#sent();
	}

	sendError(error: unknown, sub?: number): void {
		const fault = toFault(error);
		if (fault.code === 1) this.#host.log.error({ err: fault.cause }, "a message of the console failed");
		this.send({ type: "error", ...(sub !== undefined && { sub }), ...bodyOf(fault) });
	}

	/** Adds to the frame of this round. Returns whether it is the first part of it. */
	add(part: FramePart): boolean {
		return this.#parts.push(part) === 1;
	}

	/** Sends what was added, in one frame. */
	flush(number: number): void {
		const parts = this.#parts;
		this.#parts = [];
		if (parts.length > 0) this.sendText(this.#host.frame(number, parts));
	}

	end(reason: CloseReason): void {
		this.ending ??= reason;
		this.#socket.end(CLOSE_CODES[reason], reason);
	}

	/** Looks after it, about once a second: lets it go when it has not caught up for too long, or gives no sign of life. */
	check(now: number): void {
		// The answers to its own pings are not sent by us.
		this.#look(now);
		const late = this.#behindSince !== null && now - this.#behindSince > PATIENCE;
		if (late || now - this.#heard > SILENCE) this.end("slow");
		else if (now - this.#heard > SILENCE / 5) this.#socket.ping();
	}

	message(text: string): void {
		if (this.#hears(messageCost(text))) this.#host.handle(this, text);
	}

	tooLarge(): void {
		this.end("abuse");
	}

	alive(): void {
		this.#hears(1);
	}

	drained(): void {
		if (this.#behindSince === null || this.#socket.waiting > BEHIND / 4) return;
		this.#behindSince = null;
		for (const subscription of this.subscriptions.values()) {
			subscription.caughtUp?.();
			if (this.behind) return;
		}
		this.#host.caughtUp(this);
	}

	closed(): void {
		for (const sub of [...this.subscriptions.keys()]) this.unsubscribe(sub);
		this.#host.closed(this);
	}

	#sent(): void {
		this.frames++;
		this.#look(performance.now());
	}

	#look(now: number): void {
		if (this.#behindSince === null && this.#socket.waiting > BEHIND) this.#behindSince = now;
	}

	/** It gave a sign of life. False when there were too many of it, or of its owner. */
	#hears(cost: number): boolean {
		this.#heard = performance.now();
		return this.#affords(cost, this.#heard);
	}

	/** False when it costs more than it may, or all of its owner do: then it is closed. */
	#affords(cost: number, now: number): boolean {
		if (this.#allowance.spend(cost, now) && this.#host.mayHear(this.owner, cost, now)) return true;
		this.end("abuse");
		return false;
	}
}

function bodyOf(fault: Fault) {
	return errorAnswer(fault).body;
}
