import { RunningPart } from "../../persistence/service.ts";
import {
	type Bus,
	type BusMessage,
	type Cluster,
	type Leases,
	type Membership,
	type NodeName,
	SHARDS,
} from "./cluster.ts";

/** The cluster of one node: everything that is asked of others is answered here. */
export function inProcessCluster(self: NodeName): Cluster {
	return { bus: new LocalBus(), membership: new LoneMembership(self), leases: new AllShards() };
}

class LocalBus extends RunningPart implements Bus {
	readonly name = "bus";
	readonly #listeners = new Set<(message: BusMessage, local: boolean) => void>();

	publish(message: BusMessage): void {
		for (const listener of this.#listeners) listener(message, true);
	}

	subscribe(listener: (message: BusMessage, local: boolean) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
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

	constructor(self: NodeName) {
		super();
		this.self = self;
	}

	members(): readonly NodeName[] {
		return this.running ? [this.self] : [];
	}

	protected override async onStart(): Promise<void> {}

	protected override async onStop(): Promise<void> {}
}

const EVERY_SHARD: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);

class AllShards extends RunningPart implements Leases {
	readonly name = "leases";

	held(): readonly number[] {
		return this.running ? EVERY_SHARD : [];
	}

	protected override async onStart(): Promise<void> {}

	protected override async onStop(): Promise<void> {}
}
