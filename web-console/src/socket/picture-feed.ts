import { effect } from "@preact/signals";
import type { Connection } from "./connection.ts";
import { decodePicture, type PictureFrame } from "./picture-frame.ts";

export type Rate = "still" | "live";

export interface PictureWish {
	/** Changes how often pictures come. */
	setRate(rate: Rate): void;
	end(): void;
}

interface Wish {
	readonly stream_id: string;
	readonly show: (frame: PictureFrame) => void;
	rate: Rate;
}

/** As many pictures as one socket may ask for. */
const MAX_WANTED = 100;

/**
 * Who wants to see which stream. Asks the service for all of it together; for nothing while the page is hidden, and for live
 * pictures first when more is wanted than may be asked for.
 */
export class PictureFeed {
	readonly #connection: Pick<Connection, "wantPictures" | "onPicture" | "hello" | "state">;
	readonly #wishes = new Map<string, Set<Wish>>();
	#paused = false;
	#planned = false;
	#said = "[]";

	constructor(connection: Pick<Connection, "wantPictures" | "onPicture" | "hello" | "state">) {
		this.#connection = connection;
		connection.onPicture((frame) => this.#onFrame(frame));
		effect(() => {
			if (connection.state.value !== "connected") return;
			this.#said = "[]";
			this.#plan();
		});
	}

	/** @param show is given every picture that comes, the newest only, never older ones after newer */
	want(stream_id: string, rate: Rate, show: (frame: PictureFrame) => void): PictureWish {
		const wish: Wish = { stream_id, show, rate };
		const wishes = this.#wishes.get(stream_id) ?? new Set();
		this.#wishes.set(stream_id, wishes.add(wish));
		this.#plan();
		return {
			setRate: (next) => {
				if (wish.rate === next) return;
				wish.rate = next;
				this.#plan();
			},
			end: () => {
				wishes.delete(wish);
				if (wishes.size === 0 && this.#wishes.get(stream_id) === wishes) this.#wishes.delete(stream_id);
				this.#plan();
			},
		};
	}

	/** No picture is asked for while it is paused: nobody looks. */
	pause(paused: boolean): void {
		if (this.#paused === paused) return;
		this.#paused = paused;
		this.#plan();
	}

	#plan(): void {
		if (this.#planned) return;
		this.#planned = true;
		queueMicrotask(() => {
			this.#planned = false;
			this.#say();
		});
	}

	#say(): void {
		if (this.#connection.state.peek() !== "connected") return;
		const wanted = this.#paused ? [] : this.#wanted();
		const text = JSON.stringify(wanted);
		if (text === this.#said) return;
		this.#said = text;
		this.#connection.wantPictures(wanted);
	}

	#wanted(): { stream_id: string; rate: Rate }[] {
		const all = [...this.#wishes].map(([stream_id, wishes]) => {
			const live = [...wishes].some(({ rate }) => rate === "live");
			return { stream_id, rate: live ? ("live" as const) : ("still" as const) };
		});
		if (all.length <= MAX_WANTED) return all;
		return all.toSorted((a, b) => Number(b.rate === "live") - Number(a.rate === "live")).slice(0, MAX_WANTED);
	}

	#onFrame(frame: ArrayBuffer): void {
		const picture = decodePicture(frame);
		if (picture === undefined) return;
		for (const wish of this.#wishes.get(picture.stream_id) ?? []) wish.show(picture);
	}
}
