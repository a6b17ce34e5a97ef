import type { Route } from "../../http/route.ts";
import { consoleLogsRoutes } from "./logs.ts";
import type { ConsoleParts } from "./parts.ts";
import { referenceTestsRoutes } from "./reference-tests.ts";
import { setsRoutes } from "./sets.ts";
import { consoleStreamsRoutes } from "./streams.ts";
import { viewsRoutes } from "./views.ts";

/** What only the console needs, below `/console`: no part of the contract, and free to change with the page. */
export function consoleRoutes(parts: ConsoleParts): Route[] {
	return [
		...consoleStreamsRoutes(parts),
		...consoleLogsRoutes(parts),
		...referenceTestsRoutes(parts),
		...setsRoutes(parts),
		...viewsRoutes(parts),
	];
}
