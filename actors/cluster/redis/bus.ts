import { RunningPart } from "../../../persistence/service.ts";
import type { Bus, BusMessage } from "../cluster.ts";
import { Listeners } from "../listeners.ts";
import type { NodeName } from "../node-name.ts";
import { RedisConnection, type RedisConnectionOptions, type RedisLog } from "./connection.ts";
import { readFrame, writeFrame } from "./frame.ts";
import { nameText, type RedisKeys } from "./keys.ts";

export interface RedisBusOptions {
	self: NodeName;
	keys: RedisKeys;
	/** How both its connections are made. */
	connection: Pick<RedisConnectionOptions, "url" | "pingInterval" | "patience">;
	/** Characters of messages that Redis has not confirmed, at most. */
	outgoing: number;
	log: RedisLog;
}

/** Milliseconds after which the others are told of a loss, if not at a new connection. */
const LOSS_PAUSE = 500;

/**
 * Tells the listeners of this node at once, and those of the others through a channel of Redis. One connection speaks,
 * the other listens.
 *
 * What cannot be sent is let go: while Redis is away, and beyond the bound of what it has not confirmed. As soon as it
 * takes messages again it is told that some were lost, and the others forget what they believed to know (`onGap`), as
 * they do after each subscription of their own.
 */
export class RedisBus extends RunningPart implements Bus {
	readonly name = "bus";
	readonly #options: RedisBusOptions;
	readonly #self: string;
	readonly #speaker: RedisConnection;
	readonly #listener: RedisConnection;
	readonly #subscribers = new Listeners<[BusMessage, boolean]>();
	readonly #gapListeners = new Set<() => void>();
	readonly #noticeListeners = new Set<() => void>();
	/** Characters sent and not confirmed. */
	#unconfirmed = 0;
	/** Something was not sent, or may have been lost on its way, and the others do not know yet. */
	#lost = false;
	#lossTimer: NodeJS.Timeout | null = null;

	constructor(options: RedisBusOptions) {
		super();
		this.#options = options;
		const { self, connection, log, keys } = options;
		this.#self = nameText(self);
		this.#speaker = new RedisConnection({ ...connection, log, purpose: "speaker" });
		this.#speaker.onReady(() => this.#tellLoss());
		this.#listener = new RedisConnection({
			...connection,
			log,
			purpose: "listener",
			greet: async (redis) => {
				redis.on("message", (channel: string, text: string) => this.#hear(channel, text));
				await redis.subscribe(keys.events, keys.notices);
			},
		});
		this.#listener.onReady(() => this.#tellGap());
	}

	get connected(): boolean {
		return this.running && this.#listener.ready && this.#speaker.ready && !this.#lost;
	}

	publish(message: BusMessage): void {
		this.#subscribers.tell(message, true);
		if (this.#lost || !this.#speaker.ready) this.#lose();
		else this.#send(message);
	}

	subscribe(listener: (message: BusMessage, local: boolean) => void): () => void {
		return this.#subscribers.add(listener);
	}

	onGap(listener: () => void): () => void {
		this.#gapListeners.add(listener);
		return () => this.#gapListeners.delete(listener);
	}

	/** Calls back when another node came, went or took shards. Returns the end of the subscription. */
	onNotice(listener: () => void): () => void {
		this.#noticeListeners.add(listener);
		return () => this.#noticeListeners.delete(listener);
	}

	protected override async onStart(): Promise<void> {
		await Promise.all([this.#speaker.start(), this.#listener.start()]);
	}

	protected override async onStop(): Promise<void> {
		if (this.#lossTimer) clearTimeout(this.#lossTimer);
		this.#lossTimer = null;
		await Promise.all([this.#speaker.stop(), this.#listener.stop()]);
	}

	#send(message: BusMessage | null): void {
		const frame = writeFrame({ from: this.#self, message });
		if (this.#unconfirmed + frame.length > this.#options.outgoing) {
			this.#lose();
			return;
		}
		this.#unconfirmed += frame.length;
		this.#speaker
			.run((redis) => redis.publish(this.#options.keys.events, frame))
			.catch(() => {
				// Whether it came through is not known: the others are told as soon as they can be.
				this.#lose();
			})
			.finally(() => {
				this.#unconfirmed -= frame.length;
			});
	}

	#lose(): void {
		this.#lost = true;
		if (!this.running || this.#lossTimer) return;
		this.#lossTimer = setTimeout(() => {
			this.#lossTimer = null;
			if (this.#unconfirmed < this.#options.outgoing / 2) this.#tellLoss();
			if (this.#lost) this.#lose();
		}, LOSS_PAUSE);
	}

	/** Nothing is sent between a loss and this, so whoever hears it has missed nothing that comes after it. */
	#tellLoss(): void {
		if (!this.#lost || !this.#speaker.ready) return;
		this.#lost = false;
		this.#send(null);
	}

	#hear(channel: string, text: string): void {
		if (channel === this.#options.keys.notices) {
			if (text !== this.#self) for (const listener of this.#noticeListeners) listener();
			return;
		}
		const { from, message } = readFrame(text);
		if (from === this.#self) return;
		if (message === null) this.#tellGap();
		else this.#subscribers.tell(message, false);
	}

	#tellGap(): void {
		for (const listener of this.#gapListeners) listener();
	}
}
