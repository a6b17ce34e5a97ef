import { Fault } from "../persistence/fault.ts";
import { RunningPart } from "../persistence/service.ts";

export interface PeriodicOptions {
	name: string;
	/** Milliseconds between the end of one round and the beginning of the next. */
	interval: number;
	/** Milliseconds before the first round. */
	first?: number;
	/** @param stopping aborted when the part is to stop: a long round should end early. */
	work: (stopping: AbortSignal) => Promise<void> | void;
	log: { warn(fields: object, message: string): void };
}

/**
 * Work that comes round again: one round at a time, however long it takes. A round that fails is told in the log and the
 * next one tries again; that the database is away is told by the database itself.
 */
export class Periodic extends RunningPart {
	readonly name: string;
	readonly #options: PeriodicOptions;
	#timer: NodeJS.Timeout | null = null;
	#round: Promise<void> | null = null;
	#again = false;
	#stop = stopped();

	constructor(options: PeriodicOptions) {
		super();
		this.name = options.name;
		this.#options = options;
	}

	/** Begins the next round now; right after the present one, if one is under way. */
	soon(): void {
		if (this.#stop.signal.aborted) return;
		if (this.#round) this.#again = true;
		else this.#schedule(0);
	}

	protected override async onStart(): Promise<void> {
		this.#stop = new AbortController();
		this.#schedule(this.#options.first ?? this.#options.interval);
	}

	protected override async onStop(): Promise<void> {
		this.#stop.abort();
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		await this.#round;
	}

	#schedule(delay: number): void {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			this.#timer = null;
			this.#round = this.#work();
		}, delay);
	}

	async #work(): Promise<void> {
		try {
			await this.#options.work(this.#stop.signal);
		} catch (error) {
			if (!(error instanceof Fault)) this.#options.log.warn({ err: error }, `${this.name}: a round failed`);
		}
		this.#round = null;
		if (this.#stop.signal.aborted) return;
		this.#schedule(this.#again ? 0 : this.#options.interval);
		this.#again = false;
	}
}

function stopped(): AbortController {
	const controller = new AbortController();
	controller.abort();
	return controller;
}
