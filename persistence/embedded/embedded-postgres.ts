import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "../driver.ts";
import { RunningPart } from "../service.ts";
import { accessUrl, type DatabaseAccess, freePort, newPassword, readAccess, writeAccess } from "./access-file.ts";
import { databaseAccount } from "./account.ts";
import {
	clusterMajor,
	createCluster,
	databaseName,
	ownCluster,
	type Runner,
	removeUnfinished,
	resetPassword,
} from "./cluster.ts";
import { openFolder, requireReachable, writeReadable } from "./data-folder.ts";
import type { DatabaseLogger } from "./database-logger.ts";
import { type InstanceLock, takeInstanceLock } from "./instance-lock.ts";
import { endLeftovers } from "./leftover-postmaster.ts";
import { LogFile } from "./log-file.ts";
import { LaunchError, Postmaster } from "./postmaster.ts";
import { installedPrograms, readyPrograms } from "./programs.ts";
import { type ServerSettings, serverSettings, settingsFile, thisMachine } from "./server-settings.ts";

export interface EmbeddedPostgresOptions {
	/** The folder that everything of it lies in (DATA_DIR); it is made when it is not there. */
	dataDir: string;
	logger: DatabaseLogger;
	/** Connections of the pool that is opened to it (CONNECTION_POOL_SIZE), as far as that is known. */
	poolSize?: number;
	/** PostgreSQL's settings that differ from ours, as they stand in its configuration file. */
	settings?: ServerSettings;
	/** Milliseconds that a start may take, a recovery after a crash included. Default 5 minutes. */
	startTimeout?: number;
}

/**
 * A PostgreSQL server of our own, for those who have none: its programs come with npm, its data lie in DATA_DIR
 * (docs/operations-database.md). While it runs, a server that ends by itself is started again at the same address.
 *
 * Everything that can keep it from starting is an Error whose message is one line and says what to do.
 */
export class EmbeddedPostgres extends RunningPart {
	readonly name = "embedded PostgreSQL";
	readonly #options: EmbeddedPostgresOptions;
	#lock: InstanceLock | null = null;
	#log: LogFile | null = null;
	#postmaster: Postmaster | null = null;
	#access: DatabaseAccess | null = null;
	/** Aborted when it is to stop. */
	#stopping = new AbortController();
	/** Watches over the server, and ends after `#stopping`. */
	#watch: Promise<void> = Promise.resolve();

	constructor(options: EmbeddedPostgresOptions) {
		super();
		this.#options = options;
	}

	/** A connection string with the password in it: never to be logged. The same for as long as it runs. */
	get url(): string {
		if (this.#access === null) throw new Error("The embedded PostgreSQL has not been started.");
		return accessUrl(this.#access);
	}

	/** The process id of the server, or null while none runs. */
	get pid(): number | null {
		return this.#postmaster?.pid ?? null;
	}

	protected override async onStart(): Promise<void> {
		const { logger, poolSize } = this.#options;
		const begin = performance.now();
		this.#stopping = new AbortController();
		const installed = await installedPrograms();
		const dataDir = await openFolder(this.#options.dataDir);
		this.#lock = await takeInstanceLock(dataDir);
		const cluster = join(dataDir, "postgres");
		const account = await databaseAccount(cluster);
		if (account !== null) await requireReachable(dataDir, account);
		await endLeftovers(cluster, logger);
		await removeUnfinished(dataDir);
		const major = await clusterMajor(cluster);
		if (major !== null && major !== installed.major) {
			throw new Error(
				`The database in ${cluster} was written by PostgreSQL ${major}, and this Perigee brings PostgreSQL ${installed.major}: run the Perigee that wrote it, dump the database there and load it here.`,
			);
		}
		const runner: Runner = { account, programs: await readyPrograms(installed, dataDir, account) };
		const accessFile = join(dataDir, "postgres-url");
		const known = await readAccess(accessFile);
		const password = known?.password ?? newPassword();
		if (major === null) await createCluster(cluster, password, runner);
		await ownCluster(cluster, account);
		if (major !== null && known === null) await resetPassword(cluster, password, runner);

		const log = new LogFile(join(dataDir, "postgres.log"), 10 * 1024 * 1024);
		this.#log = log;
		await log.open((error) => logger.error({ err: error }, "the log of PostgreSQL cannot be bounded"));
		const settings = join(dataDir, "postgresql.conf");
		const ours = serverSettings(thisMachine(), poolSize);
		await writeReadable(settings, settingsFile({ ...ours, ...this.#options.settings }));
		const timeout = this.#options.startTimeout ?? 300_000;
		const signal = this.#stopping.signal;
		const launch = (port: number): Promise<Postmaster> =>
			Postmaster.launch({ runner, cluster, settings, port, log, logger, timeout, signal });
		const { postmaster, port } = await launchSomewhere(launch, known?.port ?? null);
		this.#postmaster = postmaster;
		this.#access = { password, port };
		await writeAccess(accessFile, this.#access);
		await ensureDatabase(this.#access, accessFile);
		this.#watch = this.#keepRunning(cluster, () => launch(port), signal);
		const duration = Math.round(performance.now() - begin);
		logger.info({ pid: postmaster.pid, port, duration_ms: duration, created: major === null }, "PostgreSQL runs");
	}

	protected override async onStop(): Promise<void> {
		this.#stopping.abort();
		await this.#watch;
		await this.#postmaster?.stop();
		this.#postmaster = null;
		await this.#log?.close();
		this.#log = null;
		await this.#lock?.release();
		this.#lock = null;
	}

	/** A server that ends while nobody asked for it (killed, out of memory) is started again, after ever longer pauses. */
	async #keepRunning(cluster: string, launch: () => Promise<Postmaster>, stopping: AbortSignal): Promise<void> {
		const { logger } = this.#options;
		const stopped = new Promise<null>((resolve) =>
			stopping.addEventListener("abort", () => resolve(null), { once: true }),
		);
		let pause = 100;
		while (!stopping.aborted) {
			const postmaster = this.#postmaster;
			if (postmaster !== null) {
				const since = performance.now();
				const status = await Promise.race([postmaster.ended, stopped]);
				if (status === null) return;
				this.#postmaster = null;
				if (performance.now() - since > 60_000) pause = 100;
				logger.error({ pid: postmaster.pid, status }, "PostgreSQL ended by itself and is started again");
			}
			try {
				await sleep(pause, undefined, { signal: stopping });
				pause = Math.min(pause * 2, 10_000);
				await endLeftovers(cluster, logger);
				this.#postmaster = await launch();
			} catch (error) {
				if (stopping.aborted) return;
				logger.error({ err: error }, "PostgreSQL could not be started again");
			}
		}
	}
}

/** Somebody else may take the port between our look and PostgreSQL's: then another one. */
async function launchSomewhere(
	launch: (port: number) => Promise<Postmaster>,
	preferred: number | null,
): Promise<{ postmaster: Postmaster; port: number }> {
	for (let attempt = 1; ; attempt++) {
		const port = await freePort(attempt === 1 ? preferred : null);
		try {
			return { postmaster: await launch(port), port };
		} catch (error) {
			if (!(error instanceof LaunchError && error.taken) || attempt === 5) throw error;
		}
	}
}

/** The database itself is made on the first start. */
async function ensureDatabase(found: DatabaseAccess, accessFile: string): Promise<void> {
	const url = new URL(accessUrl(found));
	url.pathname = "/postgres";
	const sql = postgres(url.href, { max: 1, onnotice: () => undefined, fetch_types: false });
	try {
		const rows = await sql`SELECT FROM pg_database WHERE datname = ${databaseName}`;
		if (rows.length === 0) await sql`CREATE DATABASE ${sql(databaseName)}`;
	} catch (cause) {
		if (!(cause instanceof postgres.PostgresError) || cause.code !== "28P01") throw cause;
		throw new Error(`The password in ${accessFile} is not that of its database: remove that file and start again.`, {
			cause,
		});
	} finally {
		await sql.end({ timeout: 5 });
	}
}
