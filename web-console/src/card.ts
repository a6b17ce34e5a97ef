import { element, say } from "./elements.ts";
import { withoutCredentials } from "./masking.ts";
import { Picture } from "./picture.ts";
import { statusMark } from "./status-mark.ts";
import type { Status, Stream } from "./stream.ts";
import { errorText, percentDone, pictureFacts, restartFacts, STATUS_WORDS } from "./wording.ts";

/** One stream on the page. Made once; an update touches only what changed. */
export class Card {
	readonly root: HTMLLIElement;
	readonly #picture: Picture;
	readonly #name = element("h2", "card-name");
	readonly #status = element("p", "status");
	readonly #groups = element("p", "card-groups");
	readonly #facts = element("p", "card-facts");
	readonly #progress = element("progress", "card-progress");
	readonly #progressText = element("p", "card-progress-text");
	readonly #progressRow = element("div", "card-progress-row", this.#progress, this.#progressText);
	readonly #restart = element("p", "card-restart");
	readonly #error = element("p", "card-error");
	readonly #reference = element("p", "card-reference");
	#shownStatus: Status | undefined;

	constructor(stream: Stream) {
		this.#picture = new Picture(stream);
		this.#progress.max = 100;
		this.root = element(
			"li",
			"card",
			this.#picture.root,
			element(
				"div",
				"card-body",
				element("div", "card-head", this.#name, this.#status),
				this.#groups,
				this.#facts,
				this.#progressRow,
				this.#error,
				this.#restart,
				this.#reference,
			),
		);
		this.update(stream);
	}

	update(stream: Stream): void {
		this.#picture.update(stream);
		say(this.#name, stream.name || "(no name)");
		this.#showStatus(stream.status);
		say(this.#groups, stream.groups.join(", "));
		say(this.#facts, pictureFacts(stream));
		this.#showProgress(stream);
		say(this.#error, stream.lastError === undefined ? "" : errorText(stream.lastError));
		say(this.#restart, restartFacts(stream));
		say(this.#reference, `${stream.type} ${withoutCredentials(stream.reference)}`);
	}

	/** The page is hidden: stop what only eyes need. */
	rest(): void {
		this.#picture.rest();
	}

	remove(): void {
		this.#picture.remove();
		this.root.remove();
	}

	#showStatus(status: Status): void {
		if (this.#shownStatus === status) return;
		this.#shownStatus = status;
		this.root.dataset["status"] = status;
		this.#status.replaceChildren(statusMark(status), STATUS_WORDS[status]);
	}

	#showProgress(stream: Stream): void {
		const percent = percentDone(stream);
		this.#progressRow.hidden = percent === undefined;
		if (percent === undefined) return;
		this.#progress.value = percent;
		this.#progress.setAttribute("aria-label", `Progress of ${stream.name || stream.id}`);
		say(this.#progressText, `${percent} %`);
	}
}
