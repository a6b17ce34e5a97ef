import type { Engine } from "../../../actors/engine.ts";
import type { ConsoleGateway } from "../../console/gateway.ts";

/** What the console's routes speak to. */
export interface ConsoleParts {
	engine: Engine;
	console: ConsoleGateway;
}

/** What these routes are grouped under in the API's description. */
export const tag = "console";
