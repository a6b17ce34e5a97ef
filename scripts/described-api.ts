import { readFileSync } from "node:fs";
import { pino } from "pino";
import { systemClock } from "../actors/clock.ts";
import { inProcessCluster } from "../actors/cluster/in-process.ts";
import { StreamEngine } from "../actors/stream-engine.ts";
import { Database } from "../persistence/database.ts";
import type { Route } from "../server/http/route.ts";
import { Metrics } from "../server/metrics.ts";
import { type OpenApiDocument, openApiDocument } from "../server/openapi/document.ts";
import { readViewer } from "../server/openapi/viewer.ts";
import { PreviewRelay } from "../server/preview/relay.ts";
import { staticFile } from "../server/routes/static-file.ts";
import { serviceRoutes } from "../server/routes/table.ts";
import { engineOptions } from "../server/settings/engine-options.ts";
import { loadSettings } from "../server/settings/load.ts";

/** Version of the service, from package.json. */
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
	version: string;
};

/** All routes of a service with its default settings and a first page, over parts that are put together and never started. */
export async function describedRoutes(): Promise<Route[]> {
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
	return serviceRoutes({
		engine,
		previews,
		version,
		clock: systemClock,
		checkNeighbours: async () => undefined,
		files: [staticFile("index.html", "")],
		settings,
		metrics: new Metrics(engine, database),
		viewer: await readViewer(),
		manual: [],
	});
}

/** The OpenAPI document of those routes, asked for without a prefix. */
export async function describedApi(): Promise<OpenApiDocument> {
	return openApiDocument(await describedRoutes(), { version, prefix: "" });
}
