import { unavailable } from "../../persistence/fault.ts";
import { queryCheck } from "../http/query.ts";
import { type Route, route } from "../http/route.ts";
import { health, healthQuery } from "../schemas/service.ts";
import type { RouteParts } from "./parts.ts";

/** Under the second within which the answer is due. */
const deadline = 950;

/** GET /healthcheck: whether this node can serve. */
export function healthRoutes({ engine, checkNeighbours, clock }: RouteParts): Route[] {
	return [
		route({
			method: "GET",
			pattern: "/healthcheck",
			access: "public",
			tag: "service",
			summary: "Health of the service",
			description: "Answers within a second. Redis counts only when `include_luna_services` is 1.",
			query: queryCheck(healthQuery),
			answers: [{ status: 200, description: "The service can work.", schema: health }],
			faults: [12012, 39905],
			async handle({ query: { include_luna_services } }) {
				const begin = clock.monotonic();
				const checks = [inTime(engine.checkHealth(), "database")];
				if (include_luna_services === 1) checks.push(inTime(checkNeighbours(), "redis"));
				await Promise.all(checks);
				const seconds = (clock.monotonic() - begin) / 1000;
				return { kind: "value", value: { execution_time: Math.round(seconds * 1e6) / 1e6 } };
			},
		}),
	];
}

async function inTime(check: Promise<void>, part: string): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(unavailable(part)), deadline);
	});
	try {
		await Promise.race([check, late]);
	} finally {
		clearTimeout(timer);
	}
}
