import { STREAM_STATUSES, type Status } from "../../machines/status.ts";

/** An arrow of a diagram with one of its events. `[*]` reads `created` at its tail and `deleted` at its head. */
export interface Arrow {
	from: Status | "created";
	to: Status | "deleted";
	event: string;
	/** What stands in brackets behind the event. */
	condition: string | null;
}

const FENCE = /^```mermaid\nstateDiagram-v2\n(.*?)^```$/gms;
const ARROW = /^(\S+) --> (\S+) : (.+)$/;
const LABEL = /^([a-z_ ]+?)(?: \((.+)\))?$/;

/**
 * The arrows of all state diagrams of a Markdown page. `any` stands for each of the six statuses, and ` / ` parts the
 * events of one arrow.
 *
 * @throws Error on a line that is neither an arrow nor one of the few other things that our diagrams hold
 */
export function arrowsOf(page: string): Arrow[] {
	return [...page.matchAll(FENCE)].flatMap(([, diagram = ""]) =>
		diagram
			.split("\n")
			.map((line) => line.trim())
			.filter((line) => line !== "" && line !== "direction LR" && !/^state ".+" as any$/.test(line))
			.flatMap(parseLine),
	);
}

function parseLine(line: string): Arrow[] {
	const [, tail = "", head = "", labels = ""] = ARROW.exec(line) ?? [];
	const to = head === "[*]" ? "deleted" : STREAM_STATUSES.find((status) => status === head);
	const froms = tail === "any" ? STREAM_STATUSES : STREAM_STATUSES.filter((status) => status === tail);
	const tails: Arrow["from"][] = tail === "[*]" ? ["created"] : [...froms];
	if (to === undefined || tails.length === 0) throw new Error(`not an arrow of the lifecycle: ${line}`);
	return labels.split(" / ").flatMap((label) => {
		const [, event, condition = null] = LABEL.exec(label) ?? [];
		if (event === undefined) throw new Error(`not an event: ${label} (${line})`);
		return tails.map((from) => ({ from, to, event, condition }));
	});
}
