import type { Schemas } from "../../../../client/perigee-client.ts";

/** A group as the API shows it. */
export type Group = Schemas["group"];
