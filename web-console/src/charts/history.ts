import type { NodeFigures } from "../../../client/console/protocol.ts";

/** As many seconds as a chart shows. */
export const KEPT = 600;

/** What is drawn of every node. */
export type Measure = Extract<
	keyof NodeFigures,
	| "requests_per_s"
	| "feedback_per_s"
	| "commits_per_s"
	| "commit_p99_ms"
	| "loop_p99_ms"
	| "console_sockets"
	| "actors"
	| "shards"
	| "rss_bytes"
>;

interface Round {
	/** ms since 1970 */
	readonly time: number;
	readonly nodes: ReadonlyMap<string, NodeFigures>;
}

/** What the nodes told in this session, a round a second, the newest ten minutes. */
export class NodeHistory {
	readonly #rounds: Round[] = [];
	#added = 0;
	/** Nodes in the order in which they were first seen, so that each keeps its colour. */
	readonly #names: string[] = [];

	/** Adds a round; one that is not newer than the last is passed over. */
	add(time: number, nodes: readonly NodeFigures[]): void {
		const last = this.#rounds.at(-1);
		if (last !== undefined && time <= last.time) return;
		this.#added++;
		for (const { node_id } of nodes) if (!this.#names.includes(node_id)) this.#names.push(node_id);
		this.#rounds.push({ time, nodes: new Map(nodes.map((each) => [each.node_id, each])) });
		if (this.#rounds.length > KEPT) this.#rounds.shift();
		// Who left longer ago than is shown gives its colour back.
		const seen = (name: string) => this.#rounds.some(({ nodes: there }) => there.has(name));
		if (this.#names.length > nodes.length) this.#names.splice(0, this.#names.length, ...this.#names.filter(seen));
	}

	get names(): readonly string[] {
		return this.#names;
	}

	/** How many rounds there have been, those that are forgotten too. */
	get rounds(): number {
		return this.#added;
	}

	/** Times in seconds, and below them one row a node; null where a node was not there. */
	series(measure: Measure, scale = 1): [number[], ...(number | null)[][]] {
		return [
			this.#rounds.map(({ time }) => time / 1000),
			...this.#names.map((name) =>
				this.#rounds.map(({ nodes }) => {
					const figures = nodes.get(name);
					return figures === undefined ? null : figures[measure] * scale;
				}),
			),
		];
	}
}
