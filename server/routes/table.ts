import type { Route } from "../http/route.ts";
import { feedbackRoutes } from "./feedback.ts";
import { firstPageRoutes } from "./first-page.ts";
import { groupsRoutes } from "./groups.ts";
import { healthRoutes } from "./health.ts";
import { linkerRoutes } from "./linker.ts";
import { logsRoutes } from "./logs.ts";
import type { RouteParts } from "./parts.ts";
import { previewRoutes } from "./preview.ts";
import { queueRoutes } from "./queue.ts";
import { streamRoutes } from "./stream.ts";
import { streamsRoutes } from "./streams.ts";
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
