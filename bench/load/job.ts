/** What the load generator is asked to do, and what it answers: messages between two processes. */
export interface LoadJob {
	port: number;
	connections: number;
	/** Measured seconds; a fifth of it goes before, unmeasured. */
	seconds: number;
	work:
		| { kind: "requests"; requests: string[]; expect: number }
		/** Takes `batch` streams, reports them done, takes the next. */
		| { kind: "take_done"; batch: number };
	/** What one request counts for. */
	itemsPerRequest: number;
}

export interface LoadResult {
	requests: number;
	/** Items a second. */
	rate: number;
	/** Milliseconds. */
	p50: number;
	p99: number;
	p999: number;
	/** Share of one core that the generator used: near 1 it was the bottleneck itself. */
	cpu: number;
	errors: number;
}
