import { element } from "./elements.ts";
import { statusMark } from "./status-mark.ts";
import { STATUSES, type Status } from "./stream.ts";
import { STATUS_WORDS } from "./wording.ts";

/** How many streams have each status, at the top of the page. */
export class Counts {
	readonly #numbers = new Map<Status, HTMLElement>();

	constructor(list: HTMLElement) {
		for (const status of STATUSES) {
			const number = element("strong", "count-number", "–");
			const item = element(
				"li",
				"count",
				statusMark(status),
				number,
				element("span", "count-word", STATUS_WORDS[status]),
			);
			item.dataset["status"] = status;
			this.#numbers.set(status, number);
			list.append(item);
		}
	}

	show(counts: ReadonlyMap<Status, number>): void {
		for (const [status, number] of this.#numbers) {
			const text = String(counts.get(status) ?? 0);
			if (number.textContent !== text) number.textContent = text;
		}
	}
}
