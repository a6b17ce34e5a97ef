import { type Route, route } from "../http/route.ts";
import { settingsInForce } from "../schemas/service.ts";
import { configAnswer } from "../settings/config-route.ts";
import type { Settings } from "../settings/table.ts";

/** GET /config: the settings in force at that moment, secrets hidden (contract, section 2). */
export function configRoutes(parts: { readonly settings: Settings }): Route[] {
	return [
		route({
			method: "GET",
			pattern: "/config",
			access: "administer",
			tag: "service",
			summary: "Settings in force",
			description: "Secrets show as ********. JSON, or YAML for `Accept: text/plain`.",
			answers: [
				{ status: 200, description: "The settings.", schema: settingsInForce },
				{ status: 200, description: "The settings as YAML.", type: "text/plain" },
			],
			faults: [],
			handle({ accept }) {
				const { contentType, body } = configAnswer(parts.settings, accept);
				return typeof body === "string"
					? { kind: "bytes", type: contentType, bytes: body }
					: { kind: "value", value: body };
			},
		}),
	];
}
