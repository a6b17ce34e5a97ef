/** What the load generator is asked to do, and what it answers: messages between two processes. */
export interface LoadJob {
	port: number;
	connections: number;
	/** Measured seconds; a tenth of it goes before, unmeasured. */
	seconds: number;
	work:
		| {
				kind: "requests";
				/** Sent one after the other, each connection its own ones. */
				requests: string[];
				expect: number;
				/** The first of this generator, of which there are several; and how many go on from one to its next. */
				first: number;
				step: number;
		  }
		/** Takes `batch` streams, reports them done, takes the next. */
		| { kind: "take_done"; batch: number };
	/** What one request counts for. */
	itemsPerRequest: number;
}

export interface LoadResult {
	requests: number;
	/** Items a second. */
	rate: number;
	/** Latencies in microseconds, as an encoded histogram. */
	histogram: string;
	/** Share of one core that the generator used: near 1 it was the bottleneck itself. */
	cpu: number;
	errors: number;
}
