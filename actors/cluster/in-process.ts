import { RunningPart } from "../../persistence/service.ts";
import {
	type Bus,
	type BusMessage,
	type Cluster,
	EVERY_SHARD,
	type Leases,
	type Membership,
	type Watch,
} from "./cluster.ts";
import { Listeners } from "./listeners.ts";
import type { NodeName } from "./node-name.ts";
import type { NodeFigures, NodeReport } from "./node-report.ts";

/** The cluster of one node: everything that is asked of others is answered here. */
export function inProcessCluster(self: NodeName): Cluster {
	const leases = new AllShards();
	return { bus: new LocalBus(), membership: new LoneMembership(self), leases, watch: new HeldShards(leases) };
}

class LocalBus extends RunningPart implements Bus {
	readonly name = "bus";
	readonly #listeners = new Listeners<[BusMessage, boolean]>();

	publish(message: BusMessage): void {
		this.#listeners.tell(message, true);
	}

	subscribe(listener: (message: BusMessage, local: boolean) => void): () => void {
		return this.#listeners.add(listener);
	}

	/** Nothing is ever missed inside one process. */
	onGap(): () => void {
		return () => undefined;
	}

	get connected(): boolean {
		return this.running;
	}

	protected override async onStart(): Promise<void> {}

	protected override async onStop(): Promise<void> {}
}

class LoneMembership extends RunningPart implements Membership {
	readonly name = "membership";
	readonly self: NodeName;
	#figures: (() => NodeFigures) | null = null;

	constructor(self: NodeName) {
		super();
		this.self = self;
	}

	members(): readonly NodeName[] {
		return this.running ? [this.self] : [];
	}

	reportBy(figures: () => NodeFigures): void {
		this.#figures = figures;
	}

	reports(): readonly NodeReport[] {
		return this.running && this.#figures ? [{ ...this.self, ...this.#figures() }] : [];
	}

	protected override async onStart(): Promise<void> {}

	protected override async onStop(): Promise<void> {}
}

class AllShards extends RunningPart implements Leases {
	readonly name = "leases";
	readonly #listeners = new Set<(available: boolean) => void>();
	#available = false;

	held(): readonly number[] {
		return this.available ? EVERY_SHARD : [];
	}

	get available(): boolean {
		return this.#available;
	}

	onChange(listener: (available: boolean) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	protected override async onStart(): Promise<void> {
		this.#tell(true);
	}

	protected override async onStop(): Promise<void> {
		this.#tell(false);
	}

	#tell(available: boolean): void {
		this.#available = available;
		for (const listener of this.#listeners) listener(available);
	}
}

/** There is nobody to share the watch with, so nothing needs to be asked. */
class HeldShards extends RunningPart implements Watch {
	readonly name = "watch";
	readonly #leases: Leases;

	constructor(leases: Leases) {
		super();
		this.#leases = leases;
	}

	async shards(): Promise<readonly number[]> {
		return this.#leases.held();
	}

	protected override async onStart(): Promise<void> {}

	protected override async onStop(): Promise<void> {}
}
