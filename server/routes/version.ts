import { type Route, route } from "../http/route.ts";
import { version as schema } from "../schemas/service.ts";
import type { RouteParts } from "./parts.ts";

/** GET /version. */
export function versionRoutes({ version }: RouteParts): Route[] {
	const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/, 3).map(Number);
	const value = { Version: { api: 1, major, minor, patch } };
	return [
		route({
			method: "GET",
			pattern: "/version",
			access: "public",
			summary: "Version of the service",
			tag: "service",
			answers: [{ status: 200, description: "The version.", schema }],
			faults: [],
			handle: () => ({ kind: "value", value }),
		}),
	];
}
