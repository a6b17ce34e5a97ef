import { element } from "./elements.ts";
import { lastFrameUrl, liveUrl } from "./service-api.ts";
import type { Stream } from "./stream.ts";

const REFRESH_MS = 2000;
/** A pointer that only passes over opens nothing. */
const HOVER_MS = 300;

/** The one picture that is live: a second one would only take a second connection of the few a browser has. */
let liveNow: Picture | undefined;

/**
 * A stream's picture: a still, renewed every two seconds while it is in progress and has a preview; the moving picture
 * while the pointer or the focus rests on it, or after a click until the next one.
 */
export class Picture {
	readonly root: HTMLButtonElement;
	readonly #image = element("img", "picture-image");
	readonly #empty = element("span", "picture-empty");
	readonly #badge = element("span", "picture-badge", "Live");
	#stream: Stream;
	#mode: "none" | "still" | "live" = "none";
	#pinned = false;
	#loading = false;
	#shownAt = 0;
	#hover: ReturnType<typeof setTimeout> | undefined;

	constructor(stream: Stream) {
		this.#stream = stream;
		this.#image.alt = "";
		this.#image.hidden = true;
		this.#badge.hidden = true;
		this.root = element("button", "picture", this.#image, this.#empty, this.#badge);
		this.root.type = "button";
		this.#image.addEventListener("load", () => this.#loaded(true));
		this.#image.addEventListener("error", () => this.#loaded(false));
		this.root.addEventListener("pointerenter", () => this.#rest());
		this.root.addEventListener("pointerleave", () => this.#leave());
		this.root.addEventListener("focus", () => {
			if (this.root.matches(":focus-visible")) this.#rest();
		});
		this.root.addEventListener("blur", () => this.#leave());
		this.root.addEventListener("click", () => {
			this.#pinned = !this.#pinned;
			this.root.setAttribute("aria-pressed", String(this.#pinned));
			if (this.#pinned) this.#goLive();
			else this.#goStill();
		});
		this.update(stream);
	}

	update(stream: Stream): void {
		this.#stream = stream;
		const can = stream.status === "in_progress";
		const hasLive = can && stream.preview.live;
		this.root.disabled = !hasLive;
		this.root.setAttribute("aria-label", `Live picture of ${stream.name || stream.id}`);
		if (this.#mode === "live" && !hasLive) this.#goStill();
		if (!(can && stream.preview.lastFrame)) {
			if (this.#mode !== "live") this.#clear();
		} else if (this.#mode === "none") this.#goStill();
		else if (this.#mode === "still") this.#refresh();
		this.#empty.textContent = can ? "Waiting for a picture" : "No picture";
	}

	/** Nothing is fetched any more: the page is hidden, or the card goes. */
	rest(): void {
		this.#pinned = false;
		clearTimeout(this.#hover);
		if (this.#mode === "live") this.#goStill();
	}

	remove(): void {
		this.rest();
		this.#clear();
	}

	#rest(): void {
		clearTimeout(this.#hover);
		this.#hover = setTimeout(() => this.#goLive(), HOVER_MS);
	}

	#leave(): void {
		clearTimeout(this.#hover);
		if (!this.#pinned && this.#mode === "live") this.#goStill();
	}

	#goLive(): void {
		clearTimeout(this.#hover);
		if (this.root.disabled || this.#mode === "live") return;
		liveNow?.rest();
		liveNow = this;
		this.#mode = "live";
		this.#badge.hidden = false;
		this.#image.src = liveUrl(this.#stream.id);
	}

	#goStill(): void {
		if (liveNow === this) liveNow = undefined;
		this.#pinned = false;
		this.#badge.hidden = true;
		this.root.setAttribute("aria-pressed", "false");
		this.#mode = "still";
		this.#loading = false;
		this.#shownAt = 0;
		if (this.#stream.status === "in_progress" && this.#stream.preview.lastFrame) this.#refresh();
		else this.#clear();
	}

	#refresh(): void {
		const now = Date.now();
		if (this.#loading || document.hidden || now - this.#shownAt < REFRESH_MS) return;
		this.#loading = true;
		this.#shownAt = now;
		this.#image.src = lastFrameUrl(this.#stream.id, now);
	}

	#loaded(well: boolean): void {
		this.#loading = false;
		if (this.#mode === "none") return;
		this.#image.hidden = !well;
		this.#empty.hidden = well;
		// A live picture that broke off: back to stills, which try again by themselves.
		if (!well && this.#mode === "live") this.#goStill();
	}

	#clear(): void {
		this.#mode = "none";
		this.#loading = false;
		this.#image.removeAttribute("src");
		this.#image.hidden = true;
		this.#empty.hidden = false;
	}
}
