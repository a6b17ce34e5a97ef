import { Card } from "./card.ts";
import type { Stream } from "./stream.ts";

/** The cards of all shown streams, in the order given, but never re-ordered under the pointer or the focus. */
export class Wall {
	readonly #list: HTMLElement;
	readonly #cards = new Map<string, Card>();

	constructor(list: HTMLElement) {
		this.#list = list;
	}

	show(streams: readonly Stream[]): void {
		const shown = new Set(streams.map((stream) => stream.id));
		for (const [id, card] of this.#cards) {
			if (shown.has(id)) continue;
			this.#cards.delete(id);
			card.remove();
		}
		const cards = streams.map((stream) => this.#card(stream));
		if (!this.#list.matches(":hover, :focus-within")) this.#arrange(cards);
	}

	rest(): void {
		for (const card of this.#cards.values()) card.rest();
	}

	#card(stream: Stream): Card {
		const known = this.#cards.get(stream.id);
		if (known !== undefined) {
			known.update(stream);
			return known;
		}
		const card = new Card(stream);
		this.#cards.set(stream.id, card);
		this.#list.append(card.root);
		return card;
	}

	/** Moves only what stands in another place than it should. */
	#arrange(cards: readonly Card[]): void {
		cards.forEach((card, index) => {
			const there = this.#list.children[index];
			if (there !== card.root) this.#list.insertBefore(card.root, there ?? null);
		});
	}
}
