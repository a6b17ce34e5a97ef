import type { Clock } from "../../actors/clock.ts";
import type { Engine } from "../../actors/engine.ts";
import type { Previews } from "../preview/relay.ts";
import type { StaticFile } from "./static-file.ts";

/** What the routes speak to. */
export interface RouteParts {
	engine: Engine;
	previews: Previews;
	/** Version of the service, `major.minor.patch`. */
	version: string;
	clock: Clock;
	/** Checks what the service leans on besides the database (Redis). Fails with 39905. */
	checkNeighbours: () => Promise<void>;
	/** The built files of the first page, from `readFiles`; none when the console is not built. */
	files: readonly StaticFile[];
}
