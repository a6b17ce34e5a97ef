import type { Part } from "./part.ts";
import type { RtpClip } from "./rtsp/rtp-clip.ts";
import { RtspServer } from "./rtsp/server.ts";

/** One time of being there, and one of being away, in milliseconds. */
export interface Spell {
	/** Counted from the moment somebody watches; until then the source stays. */
	readonly upMs: number;
	readonly downMs: number;
}

export interface IntermittentSourceOptions {
	/** 0 takes a free one. */
	readonly port: number;
	readonly path: string;
	readonly clip: RtpClip;
	/** One after the other; the last one is repeated. */
	readonly spells: readonly [Spell, ...Spell[]];
}

/**
 * An RTSP camera that dies while it is watched, refuses connections for a while, and comes back under the same
 * address: what autorestart is for.
 */
export class IntermittentSource implements Part {
	readonly name = "intermittent";
	readonly #options: IntermittentSourceOptions;
	readonly #server: RtspServer;
	#round = 0;
	#timer: NodeJS.Timeout | undefined;
	#changing: Promise<void> = Promise.resolve();
	#started = false;

	constructor(options: IntermittentSourceOptions) {
		this.#options = options;
		this.#server = new RtspServer({
			port: options.port,
			clips: new Map([[options.path, options.clip]]),
			onWatched: () => this.#watched(),
		});
	}

	get url(): string {
		return this.#server.url(this.#options.path);
	}

	async start(): Promise<void> {
		if (this.#started) return;
		this.#started = true;
		await this.#server.start();
	}

	async stop(): Promise<void> {
		this.#started = false;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		await this.#changing;
		await this.#server.stop();
	}

	#watched(): void {
		if (this.#timer !== undefined || !this.#started) return;
		const { spells } = this.#options;
		const spell = spells[this.#round] ?? spells[spells.length - 1] ?? spells[0];
		this.#timer = setTimeout(() => this.#die(spell), spell.upMs);
	}

	#die(spell: Spell): void {
		this.#changing = this.#server.stop();
		this.#timer = setTimeout(() => this.#return(), spell.downMs);
	}

	#return(): void {
		this.#round += 1;
		this.#timer = undefined;
		this.#changing = this.#changing
			.then(() => this.#server.start())
			.catch(() => {
				// Its port was taken meanwhile: it stays away one more spell and tries again.
				if (this.#started) this.#timer = setTimeout(() => this.#return(), 1000);
			});
	}
}
