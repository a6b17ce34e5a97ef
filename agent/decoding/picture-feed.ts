import type { Frame } from "node-av/lib";
import type { VideoInfo } from "../api/feedback.ts";
import type { Measurements } from "./measurements.ts";
import type { FromDecoder } from "./messages.ts";
import type { PictureMaker } from "./picture-maker.ts";

/** Milliseconds between pictures when nobody watches. */
const CALM = 1000;

/**
 * Decides which of the decoded pictures become previews and sends them: the first, then one a second, and the
 * preview's rate while somebody watches. One picture is on its way at most; those that come meanwhile are left out.
 */
export class PictureFeed {
	readonly #maker: PictureMaker;
	readonly #send: (message: FromDecoder) => void;
	readonly #gap: number;
	#measurements: Measurements | null = null;
	#watched = false;
	#onItsWay = false;
	#last = Number.NEGATIVE_INFINITY;
	#up = false;

	constructor(maker: PictureMaker, fps: number, send: (message: FromDecoder) => void) {
		this.#maker = maker;
		this.#send = send;
		this.#gap = 1000 / fps;
	}

	/** Names where the present decoding's measurements are. */
	measured(measurements: Measurements): void {
		this.#measurements = measurements;
	}

	/** What is measured by now. */
	info(): VideoInfo | null {
		return this.#measurements?.info() ?? null;
	}

	watch(on: boolean): void {
		this.#watched = on;
	}

	seen(): void {
		this.#onItsWay = false;
	}

	/** Takes the frame's content away when it becomes a picture. Throws SourceError for a region outside the picture. */
	async offer(frame: Frame): Promise<void> {
		const now = performance.now();
		// A tenth of the gap forgives pictures that come a little early.
		if (!this.#onItsWay && now - this.#last >= (this.#watched ? this.#gap * 0.9 : CALM)) {
			this.#last = now;
			this.#onItsWay = true;
			this.#send({ kind: "picture", jpeg: await this.#maker.jpeg(frame) });
		}
		const info = this.info();
		if (!this.#up && info !== null) {
			this.#up = true;
			this.#send({ kind: "up", info });
		}
	}
}
