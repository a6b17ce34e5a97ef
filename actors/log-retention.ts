import type { Database } from "../persistence/database.ts";
import { expireLogs } from "../persistence/logs/expire.ts";
import type { Watch } from "./cluster/cluster.ts";
import { Periodic } from "./periodic.ts";

export interface LogRetentionOptions {
	database: Database;
	watch: Watch;
	/** Seconds that a record is kept. */
	age: number;
	/** Seconds between two rounds. */
	interval: number;
	log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/**
 * Deletes log records that are older than the operator wants to keep (contract, section 9). Of several nodes the one that
 * watches the first shard does it.
 */
export function logRetention({ database, watch, age, interval, log }: LogRetentionOptions): Periodic {
	return new Periodic({
		name: "log retention",
		interval: interval * 1000,
		log,
		work: async (stopping) => {
			if (!(await watch.shards()).includes(0)) return;
			const deleted = await expireLogs((statement) => database.run("lists", statement), age, stopping);
			if (deleted > 0) log.info({ records: deleted }, "old log records deleted");
		},
	});
}
