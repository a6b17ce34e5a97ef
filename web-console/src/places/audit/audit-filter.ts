import { ACTION_WORDS, type AuditAction } from "./audit-records.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What the audit is narrowed to, as the address says it; "" for all. */
export interface AuditQuery {
	readonly action: AuditAction | "";
	/** As it was typed. */
	readonly actor: string;
	readonly stream: string;
	readonly group: string;
}

/** All actions, in the order in which they are offered. */
export const ACTIONS = Object.keys(ACTION_WORDS).filter((each): each is AuditAction => each in ACTION_WORDS);

/** Reads `?action=pause&actor=<name>&stream=<id>&group=<id>`; a word that is no action is passed over. */
export function queryFrom(params: URLSearchParams): AuditQuery {
	return {
		action: ACTIONS.find((each) => each === params.get("action")) ?? "",
		actor: params.get("actor") ?? "",
		stream: params.get("stream") ?? "",
		group: params.get("group") ?? "",
	};
}

/** What is asked of the service; undefined when an id is not one, so that nothing would match. */
export function filterOf({ action, ...typed }: AuditQuery) {
	const [actor, stream, group] = [typed.actor.trim(), typed.stream.trim(), typed.group.trim()];
	if ((stream !== "" && !UUID.test(stream)) || (group !== "" && !UUID.test(group))) return undefined;
	return {
		...(action === "" ? {} : { actions: [action] }),
		...(actor === "" ? {} : { actor }),
		...(stream === "" ? {} : { stream_id: stream }),
		...(group === "" ? {} : { group_id: group }),
	};
}

export type AuditFilter = NonNullable<ReturnType<typeof filterOf>>;
