import type { BulkAction, StreamSet } from "../../../../client/console/protocol.ts";

/** What an action is called on its button. */
export const ACTION_WORDS: Readonly<Record<BulkAction, string>> = {
	pause: "Pause",
	resume: "Resume",
	cancel: "Cancel",
	delete: "Delete",
	attach: "Attach",
	detach: "Detach",
};

/** What it does, for whoever is about to do it. */
export const ACTION_MEANING: Readonly<Record<BulkAction, string>> = {
	pause: "Their agents let go of them; they wait until they are resumed.",
	resume: "They go back into the queue, and their restarts are counted anew.",
	cancel: "They end, and do not restart by themselves.",
	delete: "They are gone for good. Their log records stay.",
	attach: "They join the group, besides the groups that they are in.",
	detach: "They leave the group.",
};

/** `1 stream`, `1,234 streams`. */
export function streamsWords(count: number): string {
	return `${count.toLocaleString("en")} ${count === 1 ? "stream" : "streams"}`;
}

/** The question of the dialog: exactly how many. */
export function questionWords(action: BulkAction, { total, capped }: StreamSet): string {
	const more = capped ? ", the first that match; there are more" : "";
	return `${ACTION_WORDS[action]} ${streamsWords(total)}${more}`;
}

/** The names that are shown, and how many are not: `Gate, Yard and 3 more`. */
export function namesWords({ names, total }: Pick<StreamSet, "names" | "total">): string {
	const shown = names.map((name) => name || "(no name)");
	const more = total - shown.length;
	if (more > 0) return `${shown.join(", ")} and ${more.toLocaleString("en")} more`;
	const last = shown.at(-1) ?? "";
	return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}
