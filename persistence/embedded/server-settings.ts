import { availableParallelism, totalmem } from "node:os";

/** The part of PostgreSQL's settings that Perigee chooses; `docs/operations-database.md` says why for each. */
export type ServerSettings = Readonly<Record<string, string>>;

/** What the settings are cut for. */
export interface Machine {
	/** Bytes, those of the container when it is limited. */
	memory: number;
	cores: number;
}

/** This machine, or the container that we run in. */
export function thisMachine(): Machine {
	// 0 or an absurdly large number when there is no limit.
	const limit = process.constrainedMemory();
	const memory = totalmem();
	return { memory: limit > 0 && limit < memory ? limit : memory, cores: availableParallelism() };
}

const megabyte = 1024 * 1024;

/** Room for whoever else looks into the database, and for the lone node's lock, migrations and probes of a lost server. */
const SPARE_CONNECTIONS = 20;
/** What a start without large pools had all along: other nodes may use this database, too. */
const LEAST_CONNECTIONS = 100;

/**
 * Settings for a database that shares its machine with the service: short statements, one row changed many times,
 * every commit durable.
 *
 * @param poolSize connections of the service's pool. It may be open twice for some seconds: when sessions are renewed, or
 *   lost while the server does not know it yet.
 */
export function serverSettings({ memory, cores }: Machine, poolSize = 0): ServerSettings {
	const share = (part: number, least: number, most: number): string =>
		`${Math.round(Math.min(most, Math.max(least, memory / part / megabyte)))}MB`;
	return {
		listen_addresses: "'127.0.0.1'",
		unix_socket_directories: "''",
		max_connections: String(Math.max(LEAST_CONNECTIONS, 2 * poolSize + SPARE_CONNECTIONS)),
		password_encryption: "'scram-sha-256'",

		shared_buffers: share(8, 32, 4096),
		effective_cache_size: share(2, 128, 65536),
		work_mem: share(1024, 4, 32),
		maintenance_work_mem: share(32, 32, 512),
		max_worker_processes: String(Math.max(4, cores)),
		max_parallel_workers_per_gather: "0",
		max_parallel_maintenance_workers: "0",

		fsync: "on",
		synchronous_commit: "on",
		full_page_writes: "on",
		wal_buffers: "16MB",
		min_wal_size: "256MB",
		max_wal_size: "2GB",
		checkpoint_timeout: "15min",
		checkpoint_completion_target: "0.9",

		random_page_cost: "1.1",
		jit: "off",

		autovacuum_naptime: "15s",
		autovacuum_vacuum_scale_factor: "0.05",
		autovacuum_vacuum_insert_scale_factor: "0.1",
		autovacuum_analyze_scale_factor: "0.05",
		autovacuum_vacuum_cost_limit: "1000",

		timezone: "'UTC'",
		log_timezone: "'UTC'",
		log_line_prefix: "'%m [%p] %q%a '",
		log_checkpoints: "off",
		log_lock_waits: "on",
		log_min_duration_statement: "2s",
		log_error_verbosity: "terse",
		log_min_error_statement: "panic",
		log_parameter_max_length: "0",
		log_parameter_max_length_on_error: "0",
	};
}

/** The text of a configuration file. */
export function settingsFile(settings: ServerSettings): string {
	const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
	return [
		"# Written by Perigee at every start, cut for this machine: changes made here are lost.",
		"# To change a setting for good, use ALTER SYSTEM; it wins over this file.",
		...lines,
		"",
	].join("\n");
}
