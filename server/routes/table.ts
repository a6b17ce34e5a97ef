import type { Sessions } from "../access/sessions.ts";
import type { Tokens } from "../access/tokens.ts";
import type { Audit } from "../audit/audit.ts";
import type { ConsoleGateway } from "../console/gateway.ts";
import type { Route } from "../http/route.ts";
import type { Metrics } from "../metrics.ts";
import type { Viewer } from "../openapi/viewer.ts";
import type { Plugins } from "../plugins/plugins.ts";
import type { Settings } from "../settings/table.ts";
import { auditRoutes } from "./audit.ts";
import { configRoutes } from "./config.ts";
import { consoleRoutes } from "./console/table.ts";
import { docsRoutes } from "./docs.ts";
import { feedbackRoutes } from "./feedback.ts";
import { firstPageRoutes } from "./first-page.ts";
import { groupsRoutes } from "./groups.ts";
import { healthRoutes } from "./health.ts";
import { linkerRoutes } from "./linker.ts";
import { logsRoutes } from "./logs.ts";
import { metricsRoutes } from "./metrics.ts";
import type { RouteParts } from "./parts.ts";
import { pluginsRoutes } from "./plugins.ts";
import { previewRoutes } from "./preview.ts";
import { queueRoutes } from "./queue.ts";
import { sessionRoutes } from "./session.ts";
import type { StaticFile } from "./static-file.ts";
import { streamRoutes } from "./stream.ts";
import { streamsRoutes } from "./streams.ts";
import { tokensRoutes } from "./tokens.ts";
import { versionRoutes } from "./version.ts";

/** Every route of the API (contract, section 2) and of the first page: what is served and what the API's description is made from. */
export function routeTable(parts: RouteParts): Route[] {
	return [
		...versionRoutes(parts),
		...streamsRoutes(parts),
		...streamRoutes(parts),
		...queueRoutes(parts),
		...feedbackRoutes(parts),
		...previewRoutes(parts),
		...logsRoutes(parts),
		...groupsRoutes(parts),
		...linkerRoutes(parts),
		...healthRoutes(parts),
		...firstPageRoutes(parts),
	];
}

/** What the routes beside the table are about. */
export interface ServiceParts extends RouteParts {
	settings: Settings;
	metrics: Metrics;
	plugins: Pick<Plugins, "list">;
	tokens: Tokens;
	/** null: access is not controlled, and there is nothing to log in to. */
	sessions: Sessions | null;
	console: ConsoleGateway;
	audit: Pick<Audit, "list">;
	/** The page that shows the description of the API. */
	viewer: Viewer;
	/** The built files of the manual; none when it is not built. */
	manual: readonly StaticFile[];
}

/** Everything that a service serves: the table, the console's own resources, the settings, the plugins, the metrics unless they are switched off, and the description of all these. */
export function serviceRoutes(parts: ServiceParts): Route[] {
	const { settings, metrics, plugins, version, viewer, manual, tokens, sessions, audit } = parts;
	const measured = settings.LUNA_SERVICE_METRICS.ENABLED === 1 ? metricsRoutes(metrics) : [];
	const access = [...sessionRoutes(sessions), ...tokensRoutes(tokens), ...auditRoutes(audit)];
	const routes = [
		...routeTable(parts),
		...consoleRoutes(parts),
		...configRoutes(parts),
		...pluginsRoutes(plugins),
		...access,
		...measured,
	];
	return [...routes, ...docsRoutes({ routes, version, viewer, manual })];
}
