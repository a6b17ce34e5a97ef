import { createHistogram, type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "../actors/clock.ts";
import type { Cluster } from "../actors/cluster/cluster.ts";
import type { NodeFigures } from "../actors/cluster/node-report.ts";
import { Periodic } from "../actors/periodic.ts";
import type { StreamEngine } from "../actors/stream-engine.ts";
import { RunningPart } from "../persistence/service.ts";

export interface NodeGaugeOptions {
	version: string;
	engine: StreamEngine;
	cluster: Cluster;
	/** What stands in the report as it is at the moment. */
	consoleSockets: () => number;
	livePreviews: () => number;
	clock: Clock;
	/** Milliseconds that rates and times are taken over; 2,000 unless given, as often as signs of life go out by default. */
	interval?: number;
	log: { warn(fields: object, message: string): void };
}

type Measured = Pick<
	NodeFigures,
	| "requests_per_second"
	| "feedback_items_per_second"
	| "commits_per_second"
	| "commit_p50_ms"
	| "commit_p99_ms"
	| "event_loop_p99_ms"
>;

const NOTHING: Measured = {
	requests_per_second: 0,
	feedback_items_per_second: 0,
	commits_per_second: 0,
	commit_p50_ms: null,
	commit_p99_ms: null,
	event_loop_p99_ms: 0,
};

/** Milliseconds between two looks at the event loop: what is measured holds them, too. */
const LOOP_RESOLUTION = 10;
const NANOSECONDS = 1e6;

/** Measures how this node does, for those who look after all of them: what it tells with each sign of life. */
export class NodeGauge extends RunningPart {
	readonly name = "node gauge";
	readonly #options: NodeGaugeOptions;
	readonly #rounds: Periodic;
	readonly #commits = createHistogram();
	/** Made at the first start: until it is enabled it keeps a process alive. */
	#loop: IntervalHistogram | null = null;
	#requests = 0;
	#startedAt = "";
	#last = { at: 0, items: 0 };
	#measured = NOTHING;
	#unsubscribe: (() => void) | null = null;

	constructor(options: NodeGaugeOptions) {
		super();
		this.#options = options;
		const { log, interval = 2_000 } = options;
		this.#rounds = new Periodic({ name: this.name, interval, work: () => this.#measure(), log });
	}

	/** A request was answered. */
	request(): void {
		this.#requests++;
	}

	figures(): NodeFigures {
		const { version, engine, cluster, consoleSockets, livePreviews } = this.#options;
		return {
			version,
			started_at: this.#startedAt,
			shards: cluster.leases.held().length,
			actors: engine.registry.size,
			...this.#measured,
			console_sockets: consoleSockets(),
			live_previews: livePreviews(),
			rss_bytes: process.memoryUsage.rss(),
		};
	}

	protected override async onStart(): Promise<void> {
		const { engine, cluster, clock } = this.#options;
		this.#startedAt = new Date(clock.wall()).toISOString();
		this.#measured = NOTHING;
		this.#unsubscribe = engine.onCommit((milliseconds) => {
			this.#commits.record(Math.max(1, Math.round(milliseconds * NANOSECONDS)));
		});
		this.#loop ??= monitorEventLoopDelay({ resolution: LOOP_RESOLUTION });
		this.#loop.enable();
		this.#begin();
		await this.#rounds.start();
		cluster.membership.reportBy(() => this.figures());
	}

	protected override async onStop(): Promise<void> {
		await this.#rounds.stop();
		this.#unsubscribe?.();
		this.#unsubscribe = null;
		this.#loop?.disable();
	}

	#begin(): void {
		this.#last = { at: this.#options.clock.monotonic(), items: this.#options.engine.feedbackItems };
		this.#requests = 0;
		this.#commits.reset();
		this.#loop?.reset();
	}

	#measure(): void {
		const { clock, engine } = this.#options;
		const seconds = (clock.monotonic() - this.#last.at) / 1_000;
		if (seconds <= 0) return;
		const commitTime = (percent: number) =>
			this.#commits.count === 0 ? null : rounded(this.#commits.percentile(percent) / NANOSECONDS);
		const late = (this.#loop?.percentile(99) ?? 0) / NANOSECONDS - LOOP_RESOLUTION;
		this.#measured = {
			requests_per_second: rounded(this.#requests / seconds),
			feedback_items_per_second: rounded((engine.feedbackItems - this.#last.items) / seconds),
			commits_per_second: rounded(this.#commits.count / seconds),
			commit_p50_ms: commitTime(50),
			commit_p99_ms: commitTime(99),
			event_loop_p99_ms: rounded(Math.max(0, late)),
		};
		this.#begin();
	}
}

function rounded(figure: number): number {
	return Math.round(figure * 100) / 100;
}
