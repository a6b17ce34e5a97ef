import type { TestProject } from "vitest/node";
import { describedApi } from "../../scripts/described-api.ts";
import type { JsonObject } from "../../server/openapi/json.ts";

declare module "vitest" {
	interface ProvidedContext {
		openapi: JsonObject;
	}
}

/** Makes the API's description once for the whole run, for `every-answer.ts` (`globalSetup`). */
export default async function setup(project: TestProject): Promise<void> {
	project.provide("openapi", await describedApi());
}
