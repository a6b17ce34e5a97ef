import { type Route, route } from "../http/route.ts";
import type { Plugins } from "../plugins/plugins.ts";
import { plugins as schema } from "../schemas/plugins.ts";

/** GET /plugins: which are configured, and which of them run (contract, section 2). */
export function pluginsRoutes(plugins: Pick<Plugins, "list">): Route[] {
	return [
		route({
			method: "GET",
			pattern: "/plugins",
			access: "inspect",
			tag: "service",
			summary: "Plugins of the service",
			description: "In the order of LUNA_STREAMS_ACTIVE_PLUGINS. One that failed stays in the list with `running` 0.",
			answers: [{ status: 200, description: "The plugins.", schema }],
			faults: [],
			handle: () => ({ kind: "value", value: { plugins: plugins.list() } }),
		}),
	];
}
