import { type ReadonlySignal, signal } from "@preact/signals";
import type { PictureFeed, PictureWish, Rate } from "../../socket/picture-feed.ts";
import type { PictureFrame } from "../../socket/picture-frame.ts";

/**
 * Draws the pictures of a stream on a canvas while they are wanted. One is decoded at a time, beside the page's thread; what comes
 * meanwhile replaces what waits, so that a slow page shows fewer pictures and never older ones.
 */
export class TilePicture {
	readonly #canvas: HTMLCanvasElement;
	readonly #feed: PictureFeed;
	readonly #time = signal<number | null>(null);
	#wish: PictureWish | undefined;
	#next: PictureFrame | undefined;
	#decoding = false;

	constructor(canvas: HTMLCanvasElement, feed: PictureFeed) {
		this.#canvas = canvas;
		this.#feed = feed;
	}

	/** When the service received the picture that is shown, ms; null while there is none. */
	get time(): ReadonlySignal<number | null> {
		return this.#time;
	}

	/** Asks for pictures at this rate; for none with null, and what is shown stays. */
	want(stream_id: string, rate: Rate | null): void {
		if (rate === null) {
			this.#wish?.end();
			this.#wish = undefined;
		} else if (this.#wish === undefined) {
			this.#wish = this.#feed.want(stream_id, rate, (frame) => this.#take(frame));
		} else this.#wish.setRate(rate);
	}

	/** Shows nothing. */
	clear(): void {
		this.#next = undefined;
		this.#time.value = null;
		this.#canvas.getContext("2d")?.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
	}

	end(): void {
		this.#next = undefined;
		this.#wish?.end();
		this.#wish = undefined;
		// Gives its memory back at once, instead of when it is collected.
		this.#canvas.width = 0;
	}

	#take(frame: PictureFrame): void {
		this.#next = frame;
		if (!this.#decoding) void this.#decode();
	}

	async #decode(): Promise<void> {
		this.#decoding = true;
		while (this.#next !== undefined && this.#wish !== undefined) {
			const { bytes, type, time } = this.#next;
			this.#next = undefined;
			try {
				const bitmap = await createImageBitmap(new Blob([bytes], { type }));
				if (this.#wish !== undefined) this.#draw(bitmap, time);
				bitmap.close();
			} catch {
				// Not a picture after all: the next one may be, and the age of the shown one tells.
			}
		}
		this.#decoding = false;
	}

	#draw(bitmap: ImageBitmap, time: number): void {
		const width = Math.min(bitmap.width, Math.ceil(this.#canvas.clientWidth * devicePixelRatio));
		const height = Math.round((width * bitmap.height) / bitmap.width);
		if (this.#canvas.width !== width || this.#canvas.height !== height) {
			this.#canvas.width = width;
			this.#canvas.height = height;
		}
		this.#canvas.getContext("2d")?.drawImage(bitmap, 0, 0, width, height);
		this.#time.value = time;
	}
}
