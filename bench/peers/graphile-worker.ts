import * as library from "graphile-worker";
import { answerBy } from "./graphile.ts";

/**
 * graphile-worker 0.17 as its manual's page on performance recommends it: a local queue of 500 jobs and completions in batches, which
 * came with this version, 24 jobs at a time.
 */
answerBy(library, {
	maxPoolSize: 10,
	preset: {
		worker: {
			concurrentJobs: 24,
			pollInterval: 1_000,
			localQueue: { size: 500 },
			completeJobBatchDelay: 0,
			failJobBatchDelay: 0,
		},
	},
});
