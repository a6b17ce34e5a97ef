import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { systemClock } from "../actors/clock.ts";
import type { Cluster } from "../actors/cluster/cluster.ts";
import { inProcessCluster } from "../actors/cluster/in-process.ts";
import { redisCluster } from "../actors/cluster/redis/redis-cluster.ts";
import { StreamEngine } from "../actors/stream-engine.ts";
import { Database } from "../persistence/database.ts";
import { EmbeddedPostgres } from "../persistence/embedded/embedded-postgres.ts";
import { unavailable } from "../persistence/fault.ts";
import { installationName } from "../persistence/installation.ts";
import { LoneLock } from "../persistence/lone-lock.ts";
import { migrateDatabase } from "../persistence/migrate-database.ts";
import { RunningPart, type Service } from "../persistence/service.ts";
import { openAccess } from "./access/access.ts";
import { JwtVerifier } from "./access/jwt.ts";
import { Sessions } from "./access/sessions.ts";
import { StandingCallers } from "./access/standing.ts";
import { TokenAccess } from "./access/token-access.ts";
import { Tokens } from "./access/tokens.ts";
import { Audit } from "./audit/audit.ts";
import { ConsoleGateway } from "./console/gateway.ts";
import { HostRule } from "./http/host.ts";
import { Peers } from "./http/peers.ts";
import { HttpServer } from "./http/server.ts";
import { Limits } from "./limits/limits.ts";
import { Metrics } from "./metrics.ts";
import { Monitoring } from "./monitoring/monitoring.ts";
import { NodeGauge } from "./node-gauge.ts";
import { readViewer } from "./openapi/viewer.ts";
import { Plugins } from "./plugins/plugins.ts";
import { PreviewRelay } from "./preview/relay.ts";
import { followPreviews } from "./preview-events.ts";
import { readFiles, type StaticFile } from "./routes/first-page.ts";
import { serviceRoutes } from "./routes/table.ts";
import { accessMistake } from "./settings/access-check.ts";
import { auditRetention } from "./settings/audit-retention.ts";
import { databaseUrl } from "./settings/database-url.ts";
import { engineOptions } from "./settings/engine-options.ts";
import { limitsOptions } from "./settings/limits-options.ts";
import { SettingsError } from "./settings/load.ts";
import { sharedPortMistake } from "./settings/shared-port-check.ts";
import type { Settings } from "./settings/table.ts";

export interface PerigeeOptions {
	settings: Settings;
	log: Logger;
	/** Something happened after which this process must not go on, with the line to end it with. */
	onFatal: (error: Error) => void;
}

/** Milliseconds that a stop lets requests under way finish: the parts below need the rest of the time that a stop may take. */
const REQUESTS_DEADLINE = 4_000;

/**
 * The whole service: its parts, put together here and nowhere else, started in order and stopped in reverse. The database
 * stands at the bottom, the HTTP server at the top, so that nobody is let in before everything below works.
 */
export class Perigee extends RunningPart {
	readonly name = "perigee";
	readonly #options: PerigeeOptions;
	/** What runs, in the order of its start. */
	#parts: Service[] = [];
	#engine: StreamEngine | null = null;
	#gateway: ConsoleGateway | null = null;
	#http: HttpServer | null = null;
	/** Those in force now. */
	#settings: Settings;

	constructor(options: PerigeeOptions) {
		super();
		this.#options = options;
		this.#settings = options.settings;
	}

	/** Takes settings that were read again; what is not `live` in their table must be as it was. */
	follow(settings: Settings): void {
		this.#settings = settings;
	}

	/** Where it listens; 0 while it does not run. */
	get port(): number {
		return this.#http?.port ?? 0;
	}

	/** Seconds that a stop leaves everything as it is; a lone node has nobody to leave its requests to. */
	get drainDelay(): number {
		const { REDIS, LUNA_STREAMS_HTTP_SETTINGS } = this.#settings;
		return REDIS.URL === "" ? 0 : LUNA_STREAMS_HTTP_SETTINGS.DRAIN_DELAY;
	}

	protected override async onStart(): Promise<void> {
		const { settings, log, onFatal } = this.#options;
		const mistake = accessMistake(settings) ?? sharedPortMistake(settings);
		if (mistake !== null) throw new SettingsError(mistake);
		const url = databaseUrl(settings) ?? (await this.#startEmbedded());
		await migrateDatabase(url);
		const alone = settings.REDIS.URL === "";
		if (alone) await this.#start(new LoneLock({ url, log: part(log, "lock"), onLost: onFatal }));
		const database = await this.#start(
			new Database({
				url,
				poolSize: settings.LUNA_STREAMS_DB.DB_SETTINGS.CONNECTION_POOL_SIZE,
				timeouts: {
					commands: settings.LUNA_STREAMS_DB.DB_SETTINGS.COMMAND_TIMEOUT,
					lists: settings.LUNA_STREAMS_DB.DB_SETTINGS.LIST_TIMEOUT,
				},
				log: part(log, "database"),
			}),
		);
		// Several installations may share a Redis.
		const namespace = alone ? "" : await database.run("commands", installationName);
		const cluster = await this.#startCluster(url, database, namespace);
		const limits = await this.#start(
			new Limits({ ...limitsOptions(settings, namespace), clock: systemClock, log: part(log, "limits") }),
		);
		const peers = new Peers({
			trustedProxies: settings.LUNA_STREAMS_HTTP_SETTINGS.TRUSTED_PROXIES,
			exempt: settings.LUNA_STREAMS_LIMITS.EXEMPT_NETWORKS,
		});
		const access = settings.AUTH.MODE === "none" ? null : await this.#startAccess(database, cluster, limits);
		const standing = await this.#start(
			new StandingCallers({ access: access ?? openAccess, clock: systemClock, log: part(log, "access") }),
		);
		const audit = await this.#start(
			new Audit({
				database,
				watch: cluster.watch,
				clock: systemClock,
				retention: auditRetention(settings),
				log: part(log, "audit"),
			}),
		);
		const recording = settings.LUNA_STREAMS_AUDIT.ACTIVE === 1 ? audit : null;
		const plugins = await this.#start(
			new Plugins({ names: settings.LUNA_STREAMS_ACTIVE_PLUGINS, bus: cluster.bus, log: part(log, "plugins") }),
		);
		const engine = new StreamEngine({
			...engineOptions(settings),
			database,
			cluster,
			alone,
			clock: systemClock,
			random: Math.random,
			log: part(log, "engine"),
		});
		this.#engine = await this.#start(engine);
		const preview = settings.LUNA_STREAMS_PREVIEW;
		const previews = await this.#start(
			new PreviewRelay({
				cacheTtl: preview.CACHE_TTL,
				timeout: preview.TIMEOUT,
				maxFrameSize: preview.MAX_FRAME_SIZE,
				allowedNetworks: preview.ALLOWED_NETWORKS,
				logger: part(log, "previews"),
			}),
		);
		followPreviews(cluster.bus, previews);
		const monitoring = await this.#start(
			new Monitoring({ settings: settings.INFLUX_MONITORING, clock: systemClock, log: part(log, "monitoring") }),
		);
		const version = await packageVersion();
		const gauge = await this.#start(
			new NodeGauge({
				version,
				engine,
				cluster,
				consoleSockets: () => this.#gateway?.sockets ?? 0,
				livePreviews: () => previews.viewers,
				clock: systemClock,
				log: part(log, "gauge"),
			}),
		);
		const http = settings.LUNA_STREAMS_HTTP_SETTINGS;
		const hosts = new HostRule(http.HOST, http.ALLOWED_HOSTS);
		const gateway = await this.#start(
			new ConsoleGateway({
				engine,
				database,
				cluster,
				access: access ?? openAccess,
				standing,
				audit: recording,
				version,
				origins: http.CORS_ORIGINS,
				checkHost: (host) => hosts.check(host),
				previews,
				waiters: (scope) => engine.queue.waitingWithin(scope),
				alone,
				peers,
				limits,
				maxSockets: settings.LUNA_STREAMS_CONSOLE.MAX_SOCKETS,
				maxViewBytes: settings.LUNA_STREAMS_CONSOLE.MAX_VIEW_BYTES,
				clock: systemClock,
				log: part(log, "console"),
			}),
		);
		this.#gateway = gateway;
		const metrics = new Metrics({
			engine,
			database,
			cluster,
			monitoring,
			plugins,
			previews,
			audit,
			limits,
			console: gateway,
		});
		const now = () => this.#settings;
		this.#http = await this.#start(
			new HttpServer(
				{
					host: http.HOST,
					port: http.PORT,
					sharePort: http.SHARE_PORT === 1,
					prefix: http.PREFIX,
					allowedHosts: http.ALLOWED_HOSTS,
					corsOrigins: http.CORS_ORIGINS,
					access: access ?? openAccess,
					standing,
					audit: recording,
					peers,
					limits,
					get requestMaxSize() {
						return now().LUNA_STREAMS_HTTP_SETTINGS.REQUEST_MAX_SIZE;
					},
					logger: part(log, "http"),
					clock: systemClock,
					onRequest: (request) => {
						metrics.observe(request);
						gauge.request();
						monitoring.observe(request);
					},
					attach: (app, prefixes) => gateway.attach(app, prefixes),
					stopDeadline: REQUESTS_DEADLINE,
				},
				serviceRoutes({
					engine,
					previews,
					version,
					clock: systemClock,
					checkNeighbours: async () => {
						if (!cluster.bus.connected || !cluster.leases.available) throw unavailable("redis");
					},
					files: await builtFiles("web-console", "the page is not built, / is not served", log),
					get settings() {
						return now();
					},
					metrics,
					plugins,
					tokens: new Tokens({ database, onChange: () => access?.changed() }),
					sessions: access && new Sessions({ database, access, lifetime: settings.AUTH.SESSION_LIFETIME }),
					console: gateway,
					audit,
					viewer: await readViewer(),
					manual: await builtFiles("manual", "the manual is not built, /docs/dev/ is not served", log),
				}),
			),
		);
	}

	/**
	 * The health check says first that this node goes, and a proxy has the time to hear of it. Then waiters are answered and
	 * nothing more is taken, and the server at the top lets its requests finish. The shards are given up when nobody looks
	 * after them any more.
	 */
	protected override async onStop(): Promise<void> {
		this.#engine?.leave();
		if (this.#http !== null) await sleep(this.drainDelay * 1000);
		await this.#gateway?.leave();
		await this.#engine?.drain();
		for (const running of this.#parts.splice(0).reverse()) {
			try {
				await running.stop();
			} catch (error) {
				// One part that cannot end in order must not keep the others from it.
				this.#options.log.error({ err: error, part: running.name }, "a part could not be stopped");
			}
		}
		this.#engine = null;
		this.#gateway = null;
		this.#http = null;
	}

	async #start<Part extends Service>(starting: Part): Promise<Part> {
		await starting.start();
		this.#parts.push(starting);
		return starting;
	}

	async #startEmbedded(): Promise<string> {
		const { settings, log } = this.#options;
		const embedded = new EmbeddedPostgres({
			dataDir: settings.LUNA_STREAMS_DB.DATA_DIR,
			poolSize: settings.LUNA_STREAMS_DB.DB_SETTINGS.CONNECTION_POOL_SIZE,
			logger: part(log, "postgres"),
		});
		return (await this.#start(embedded)).url;
	}

	async #startAccess(database: Database, { bus }: Cluster, limits: Limits): Promise<TokenAccess> {
		const { settings, log } = this.#options;
		const { CACHE_TTL: cacheTtl, JWT } = settings.AUTH;
		const clock = systemClock;
		const jwt =
			JWT.JWKS_URL === ""
				? null
				: new JwtVerifier({
						jwksUrl: JWT.JWKS_URL,
						issuer: JWT.ISSUER,
						audience: JWT.AUDIENCE,
						nameClaim: JWT.NAME_CLAIM,
						roleClaim: JWT.ROLE_CLAIM,
						rolePrefix: JWT.ROLE_PREFIX,
						accountsClaim: JWT.ACCOUNTS_CLAIM,
						groupsClaim: JWT.GROUPS_CLAIM,
						clock,
					});
		return this.#start(new TokenAccess({ database, bus, clock, jwt, limits, cacheTtl, log: part(log, "access") }));
	}

	async #startCluster(databaseUrl: string, database: Database, namespace: string): Promise<Cluster> {
		const { settings, log } = this.#options;
		const self = { node_id: hostname(), boot_id: randomBytes(8).toString("hex") };
		const { URL: url, LEASE_TTL: leaseTtl } = settings.REDIS;
		const cluster =
			url === ""
				? inProcessCluster(self)
				: redisCluster({
						self,
						url,
						namespace,
						leaseTtl,
						databaseUrl,
						database,
						log: part(log, "cluster"),
					});
		await this.#start(cluster.bus);
		await this.#start(cluster.membership);
		await this.#start(cluster.leases);
		await this.#start(cluster.watch);
		return cluster;
	}
}

function part(log: Logger, name: string): Logger {
	return log.child({ part: name });
}

/** The folder of the project: this file lies in `server/`, or in `dist/server/`. */
function projectFile(path: string): URL {
	const up = import.meta.url.includes("/dist/server/") ? "../../" : "../";
	return new URL(`${up}${path}`, import.meta.url);
}

async function packageVersion(): Promise<string> {
	const { version } = JSON.parse(await readFile(projectFile("package.json"), "utf8")) as { version: string };
	return version;
}

/** The files of a folder of dist/; none, and a line in the log, when it is not there. */
async function builtFiles(folder: string, without: string, log: Logger): Promise<StaticFile[]> {
	try {
		return await readFiles(fileURLToPath(projectFile(`dist/${folder}`)));
	} catch (error) {
		log.warn({ err: error }, `${without}: npm run build`);
		return [];
	}
}
