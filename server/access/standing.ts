import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../actors/clock.ts";
import { Periodic } from "../../actors/periodic.ts";
import { Fault } from "../../persistence/fault.ts";
import { RunningPart } from "../../persistence/service.ts";
import type { Access, Credentials } from "./access.ts";
import { type Caller, identityOf } from "./caller.ts";
import { isWhole } from "./scope.ts";

/** Milliseconds between two looks whether callers are still who they were: tokens and sessions expire, streams change hands. */
const INTERVAL = 15_000;
/** Milliseconds between two looks because tokens or sessions changed: whoever logs in and out all the time causes one a second. */
const LEAST = 1_000;

export interface StandingOptions {
	access: Access;
	clock: Clock;
	log: { error(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** Something that lasts longer than the moment in which its caller was asked who it is. */
export interface Lasting {
	/** What it showed. */
	readonly credentials: Credentials;
	readonly caller: Caller;
	/** Throws what is in the way of its going on, besides who the caller is; asked of a caller who does not see everything. */
	readonly holds?: () => Promise<unknown>;
	/** Called once, and after that it is not kept any longer: it may not go on; 39903 when its caller has other rights now. */
	readonly lost: (why: Fault) => void;
}

/** Something that is kept. */
export interface Kept {
	/** Throws what is in the way of its going on. Costs a look into memory, as long as nothing has changed. */
	confirm(): Promise<void>;
	/** It is over. */
	leave(): void;
}

const nothing: Kept = { confirm: async () => undefined, leave: () => undefined };

/**
 * Sees to it that what lasts (a waiting take, a live picture, a page's socket, an action on thousands of streams) goes on no
 * longer than its caller may: when a token is revoked or a session closed, at once, and when it expires, or what is looked
 * at leaves the caller's scope, some seconds later at most.
 */
export class StandingCallers extends RunningPart {
	readonly name = "standing callers";
	readonly #options: StandingOptions;
	readonly #places = new Set<Place>();
	readonly #rounds: Periodic;
	#lastRound = Number.NEGATIVE_INFINITY;
	#unsubscribe: (() => void) | null = null;

	constructor(options: StandingOptions) {
		super();
		this.#options = options;
		const { log } = options;
		this.#rounds = new Periodic({
			name: this.name,
			interval: INTERVAL,
			log,
			work: (stopping) => this.#round(stopping),
		});
	}

	/** How many are kept. */
	get size(): number {
		return this.#places.size;
	}

	/** Keeps something until it leaves or is lost. Where access is not controlled nothing is in anybody's way. */
	keep(lasting: Lasting): Kept {
		const { access } = this.#options;
		if (access.everybody !== null) return nothing;
		const place = new Place(lasting, access, () => this.#places.delete(place));
		this.#places.add(place);
		return place;
	}

	protected override async onStart(): Promise<void> {
		await this.#rounds.start();
		this.#unsubscribe = this.#options.access.onChange(() => {
			this.#rounds.soon();
		});
	}

	protected override async onStop(): Promise<void> {
		this.#unsubscribe?.();
		this.#unsubscribe = null;
		await this.#rounds.stop();
		this.#places.clear();
	}

	async #round(stopping: AbortSignal): Promise<void> {
		const { clock, log } = this.#options;
		const early = LEAST - (clock.monotonic() - this.#lastRound);
		if (early > 0) await sleep(early, undefined, { signal: stopping }).catch(() => undefined);
		this.#lastRound = clock.monotonic();
		for (const place of [...this.#places]) {
			if (stopping.aborted) return;
			await place
				.look()
				.catch((error: unknown) => log.error({ err: error }, "whether a caller may go on could not be asked"));
		}
	}
}

class Place implements Kept {
	readonly #lasting: Lasting;
	readonly #access: Access;
	readonly #left: () => void;
	#over = false;

	constructor(lasting: Lasting, access: Access, left: () => void) {
		this.#lasting = lasting;
		this.#access = access;
		this.#left = left;
	}

	/** Asks, and ends what may not go on. That nothing can be asked ends nothing. */
	async look(): Promise<void> {
		try {
			await this.confirm();
		} catch (error) {
			if (!(error instanceof Fault)) throw error;
			if (error.code === 39905 || this.#over) return;
			this.leave();
			this.#lasting.lost(error);
		}
	}

	leave(): void {
		this.#over = true;
		this.#left();
	}

	async confirm(): Promise<void> {
		const { credentials, caller, holds } = this.#lasting;
		// It was counted when it came.
		const now = await this.#access.authenticate({ ...credentials, peer: { ...credentials.peer, counted: null } });
		if (now !== caller && identityOf(now) !== identityOf(caller))
			throw new Fault(39903, { reason: "Your rights have changed" });
		if (!isWhole(caller)) await holds?.();
	}
}
