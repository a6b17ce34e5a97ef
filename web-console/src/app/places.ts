import type { ReadonlySignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { later } from "../controls/later.tsx";
import { Create } from "../places/create/create.tsx";
import { Groups } from "../places/groups/groups.tsx";
import { Logs } from "../places/logs/logs.tsx";
import { Nodes } from "../places/nodes/nodes.tsx";
import { Queue } from "../places/queue/queue.tsx";
import { StreamPlace } from "../places/stream/stream.tsx";
import { Streams } from "../places/streams/streams.tsx";
import { Wall } from "../places/wall/wall.tsx";
import { mayAudit, mayCreate, mayInspect, mayManageTokens } from "./console.ts";

export interface Place {
	/** The first part of the address after "#/". */
	readonly path: string;
	readonly title: string;
	/** The letter after `g`; without one the place is not in the navigation. */
	readonly letter?: string;
	/** The place of the navigation that it belongs to, when it is not in it itself. */
	readonly within?: string;
	/** Whether it is offered to who looks; always when absent. */
	readonly offered?: ReadonlySignal<boolean>;
	readonly component: ComponentType;
}

const Audit = later(async () => (await import("../places/audit/audit.tsx")).Audit);
const Tokens = later(async () => (await import("../places/tokens/tokens.tsx")).Tokens);

/** Every place of the console, in the order of the navigation. The first is where one begins. */
export const places: readonly Place[] = [
	{ path: "streams", title: "Streams", letter: "s", component: Streams },
	{ path: "wall", title: "Wall", letter: "w", component: Wall },
	{ path: "groups", title: "Groups", letter: "g", component: Groups },
	{ path: "queue", title: "Queue", letter: "q", component: Queue },
	{ path: "logs", title: "Logs", letter: "l", component: Logs },
	{ path: "nodes", title: "Nodes", letter: "n", offered: mayInspect, component: Nodes },
	{ path: "audit", title: "Audit", letter: "a", offered: mayAudit, component: Audit },
	{ path: "tokens", title: "Tokens", letter: "t", offered: mayManageTokens, component: Tokens },
	{ path: "create", title: "Create", letter: "c", offered: mayCreate, component: Create },
	{ path: "stream", title: "Stream", within: "streams", component: StreamPlace },
];

/** The place of a path; the first one for none. */
export function placeOf(path: string): Place | undefined {
	return path === "" ? places[0] : places.find((each) => each.path === path);
}
