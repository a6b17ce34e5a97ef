import type { Logger } from "pino";
import type { Bus, StreamEvent } from "../../actors/cluster/cluster.ts";
import { RunningPart } from "../../persistence/service.ts";
import type { StatusChange } from "./messages.ts";
import { Plugin, type PluginBounds } from "./plugin.ts";

const defaultBounds: PluginBounds = { queue: 10_000, callTime: 10_000, stopTime: 3_000, lines: 1_000, heap: 256 };

export interface PluginsOptions {
	/** Module names or paths, in the order of LUNA_STREAMS_ACTIVE_PLUGINS. */
	names: readonly string[];
	bus: Bus;
	log: Logger;
	bounds?: Partial<PluginBounds>;
}

/** A plugin as `GET /plugins` shows it. */
export interface PluginState {
	name: string;
	running: 0 | 1;
}

/**
 * The plugins (contract, section 12), each in a thread of its own. Nothing waits for them: neither the start of the
 * service nor a request nor a commit. A change is told on the node where it was committed, so once in a cluster.
 */
export class Plugins extends RunningPart {
	readonly name = "plugins";
	readonly #options: PluginsOptions;
	readonly #bounds: PluginBounds;
	#plugins: Plugin[] = [];
	#unsubscribe: () => void = () => undefined;
	/** How many were stopped for what they did. */
	failures = 0;
	/** Changes that plugins did not hear of because they were behind. */
	missed = 0;

	constructor(options: PluginsOptions) {
		super();
		this.#options = options;
		this.#bounds = { ...defaultBounds, ...options.bounds };
	}

	/** All that are configured, in their order. */
	list(): PluginState[] {
		return this.#options.names.map((name, at) => ({ name, running: this.#plugins[at]?.running ? 1 : 0 }));
	}

	/** How many run. */
	get active(): number {
		return this.#plugins.filter(({ running }) => running).length;
	}

	protected override async onStart(): Promise<void> {
		const { names, bus } = this.#options;
		if (names.length === 0) return;
		this.#plugins = names.map((name) => this.#open(name));
		this.#unsubscribe = bus.subscribe(({ events }, local) => {
			if (local) for (const event of events) this.#tell(event);
		});
	}

	protected override async onStop(): Promise<void> {
		this.#unsubscribe();
		this.#unsubscribe = () => undefined;
		await Promise.all(this.#plugins.splice(0).map((plugin) => plugin.stop()));
	}

	#open(name: string): Plugin {
		const log = this.#options.log.child({ plugin: name });
		return new Plugin(
			name,
			{
				printed: (line) => log.info({}, line),
				failed: ({ where, ...error }) => {
					this.failures++;
					log.error({ err: Object.assign(new Error(), error), where }, "a plugin failed and was stopped");
				},
				missed: (count) => {
					this.missed += count;
					log.warn({ changes: count }, "a plugin is behind: the oldest changes are let go");
				},
			},
			this.#bounds,
		);
	}

	#tell({ stream_id, account_id, version, status, records, at }: StreamEvent): void {
		if (records.length === 0) return;
		const change: StatusChange = { stream_id, account_id, version, status, records, time: new Date(at).toISOString() };
		for (const plugin of this.#plugins) plugin.give(change);
	}
}
