import { type Route, route } from "../http/route.ts";
import type { Metrics } from "../metrics.ts";

/** GET /metrics: Prometheus' text form (contract, section 2). */
export function metricsRoutes(metrics: Metrics): Route[] {
	return [
		route({
			method: "GET",
			pattern: "/metrics",
			access: "inspect",
			tag: "service",
			summary: "Metrics of the service",
			description: "For Prometheus. Nothing in it is per stream.",
			answers: [{ status: 200, description: "The metrics.", type: "text/plain" }],
			faults: [],
			async handle() {
				const { type, text } = await metrics.text();
				return { kind: "bytes", type, bytes: text };
			},
		}),
	];
}
