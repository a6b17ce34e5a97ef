import { build, decodeFromCompressedBase64 } from "hdr-histogram-js";
import type { Figure } from "../figure.ts";
import { Worker } from "../processes.ts";
import type { LoadJob, LoadResult } from "./job.ts";

/** Share of a core beyond which a generator is taken for the bottleneck. */
const BUSY = 0.9;

/** The load generators: several processes, which stay, so that none of them is the bottleneck and no round waits for their start. */
export class Load {
	readonly #generators: readonly Worker[];
	/** The busiest generator of all rounds, as a share of a core. */
	busiest = 0;

	constructor(count: number) {
		this.#generators = Array.from({ length: count }, () => new Worker("./load/generator.ts"));
	}

	/** Puts a load on a port; the connections are shared out among the generators. */
	async put(job: LoadJob): Promise<Figure> {
		const generators = this.#generators.slice(0, Math.max(1, Math.min(this.#generators.length, job.connections)));
		const connections = Math.floor(job.connections / generators.length);
		const results = await Promise.all(
			generators.map((generator, index) =>
				generator.ask<LoadResult>({ ...job, connections, work: partOf(job, connections, index) }),
			),
		);
		const histogram = build({ numberOfSignificantValueDigits: 3, highestTrackableValue: 60_000_000 });
		for (const result of results) {
			if (result.errors > 0)
				throw new Error(`${result.errors} of ${result.requests} answers were not what was expected`);
			histogram.add(decodeFromCompressedBase64(result.histogram));
			this.busiest = Math.max(this.busiest, result.cpu);
		}
		return {
			rate: results.reduce((sum, { rate }) => sum + rate, 0),
			p50: histogram.getValueAtPercentile(50) / 1000,
			p99: histogram.getValueAtPercentile(99) / 1000,
			p999: histogram.getValueAtPercentile(99.9) / 1000,
		};
	}

	/** Whether a generator may have been the bottleneck. */
	get tooBusy(): boolean {
		return this.busiest >= BUSY;
	}

	async end(): Promise<void> {
		await Promise.all(this.#generators.map((generator) => generator.end()));
	}
}

function partOf({ work }: LoadJob, connections: number, index: number): LoadJob["work"] {
	return work.kind === "requests" ? { ...work, first: work.first + index * connections } : work;
}
