import type { AdvisoryWatchLock } from "../../persistence/advisory-watch.ts";
import { RunningPart } from "../../persistence/service.ts";
import { EVERY_SHARD, type Leases, type Watch } from "./cluster.ts";

export interface AdvisoryWatchOptions {
	leases: Leases;
	/** Its own: started and stopped with it. */
	lock: AdvisoryWatchLock;
	log: { info(fields: object, message: string): void };
}

/**
 * The shards that are held, and what is done when leases cannot be had: one node watches them all, the one that has a
 * lock of the database. Two may do so for a moment while leases come back; a watcher too many can only lose.
 */
export class AdvisoryWatch extends RunningPart implements Watch {
	readonly name = "watch";
	readonly #options: AdvisoryWatchOptions;
	#watchesAll = false;
	#letting: Promise<void> = Promise.resolve();
	#unsubscribe: (() => void) | null = null;

	constructor(options: AdvisoryWatchOptions) {
		super();
		this.#options = options;
	}

	async shards(): Promise<readonly number[]> {
		const { leases, lock } = this.#options;
		if (leases.available || !this.running) return leases.held();
		const alone = await lock.hold();
		// They came back while the database was asked.
		if (leases.available || !this.running) return leases.held();
		this.#watches(alone);
		return alone ? EVERY_SHARD : [];
	}

	protected override async onStart(): Promise<void> {
		const { leases, lock } = this.#options;
		await lock.start();
		this.#unsubscribe = leases.onChange((available) => {
			if (!available) return;
			this.#watches(false);
			this.#letting = lock.letGo();
		});
	}

	protected override async onStop(): Promise<void> {
		this.#unsubscribe?.();
		this.#unsubscribe = null;
		await this.#letting;
		await this.#options.lock.stop();
		this.#watchesAll = false;
	}

	#watches(all: boolean): void {
		if (all === this.#watchesAll) return;
		this.#watchesAll = all;
		const { log } = this.#options;
		if (all) log.info({}, "leases cannot be had: this node watches all streams");
		else log.info({}, "this node watches all streams no longer");
	}
}
