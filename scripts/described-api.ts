import { readFileSync } from "node:fs";
import { pino } from "pino";
import { systemClock } from "../actors/clock.ts";
import { inProcessCluster } from "../actors/cluster/in-process.ts";
import { StreamEngine } from "../actors/stream-engine.ts";
import { Database } from "../persistence/database.ts";
import { openAccess } from "../server/access/access.ts";
import { StandingCallers } from "../server/access/standing.ts";
import { Tokens } from "../server/access/tokens.ts";
import { Audit } from "../server/audit/audit.ts";
import { ConsoleGateway } from "../server/console/gateway.ts";
import { Peers } from "../server/http/peers.ts";
import type { Route } from "../server/http/route.ts";
import { Limits } from "../server/limits/limits.ts";
import { type MetricNote, Metrics } from "../server/metrics.ts";
import { Monitoring } from "../server/monitoring/monitoring.ts";
import { type OpenApiDocument, openApiDocument } from "../server/openapi/document.ts";
import { readViewer } from "../server/openapi/viewer.ts";
import { Plugins } from "../server/plugins/plugins.ts";
import { PreviewRelay } from "../server/preview/relay.ts";
import { staticFile } from "../server/routes/static-file.ts";
import { type ServiceParts, serviceRoutes } from "../server/routes/table.ts";
import { engineOptions } from "../server/settings/engine-options.ts";
import { limitsOptions } from "../server/settings/limits-options.ts";
import { loadSettings } from "../server/settings/load.ts";

/** Version of the service, from package.json. */
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
	version: string;
};

/** What a service with its default settings and a first page serves, put together and never started. */
async function describedParts(): Promise<ServiceParts> {
	const settings = loadSettings({ argv: [], env: {} });
	const log = pino({ level: "silent" });
	const database = new Database({ url: "postgres://127.0.0.1/perigee", poolSize: 3, log });
	const cluster = inProcessCluster({ node_id: "described", boot_id: "described" });
	const engine = new StreamEngine({
		...engineOptions(settings),
		database,
		cluster,
		alone: true,
		clock: systemClock,
		random: Math.random,
		log,
	});
	const { CACHE_TTL, TIMEOUT, MAX_FRAME_SIZE, ALLOWED_NETWORKS } = settings.LUNA_STREAMS_PREVIEW;
	const previews = new PreviewRelay({
		cacheTtl: CACHE_TTL,
		timeout: TIMEOUT,
		maxFrameSize: MAX_FRAME_SIZE,
		allowedNetworks: ALLOWED_NETWORKS,
		logger: log,
	});
	const plugins = new Plugins({ names: [], bus: cluster.bus, log });
	const audit = new Audit({ database, watch: cluster.watch, clock: systemClock, retention: null, log });
	const limits = new Limits({ ...limitsOptions(settings, ""), clock: systemClock, log });
	const gateway = new ConsoleGateway({
		engine,
		database,
		cluster,
		access: openAccess,
		standing: new StandingCallers({ access: openAccess, clock: systemClock, log }),
		audit: null,
		peers: new Peers({ trustedProxies: [], exempt: [] }),
		limits,
		version,
		origins: [],
		checkHost: () => undefined,
		previews,
		waiters: () => 0,
		alone: true,
		maxSockets: 1,
		maxViewBytes: 1,
		clock: systemClock,
		log,
	});
	const monitoring = new Monitoring({ settings: settings.INFLUX_MONITORING, clock: systemClock, log });
	return {
		engine,
		previews,
		version,
		clock: systemClock,
		checkNeighbours: async () => undefined,
		files: [staticFile("index.html", "")],
		settings,
		metrics: new Metrics({ engine, database, cluster, monitoring, plugins, previews, audit, limits, console: gateway }),
		plugins,
		tokens: new Tokens({ database, onChange: () => undefined }),
		sessions: null,
		console: gateway,
		audit,
		viewer: await readViewer(),
		manual: [],
	};
}

/** All routes of that service. */
export async function describedRoutes(): Promise<Route[]> {
	return serviceRoutes(await describedParts());
}

/** All metrics of that service. */
export async function describedMetrics(): Promise<readonly MetricNote[]> {
	return (await describedParts()).metrics.describe();
}

/** The OpenAPI document of those routes, asked for without a prefix. */
export async function describedApi(): Promise<OpenApiDocument> {
	return openApiDocument(await describedRoutes(), { version, prefix: "" });
}
