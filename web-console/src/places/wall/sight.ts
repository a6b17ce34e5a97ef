/** Tells elements whether they are on screen: one observer for a whole wall. */
export class Sight {
	readonly #listeners = new Map<Element, (visible: boolean) => void>();
	readonly #observer: IntersectionObserver;

	/** @param root what they scroll in */
	constructor(root: Element) {
		this.#observer = new IntersectionObserver(
			(entries) => {
				for (const { target, isIntersecting } of entries) this.#listeners.get(target)?.(isIntersecting);
			},
			{ root },
		);
	}

	/** Calls back now and whenever it changes, until the returned function is called. */
	watch(element: Element, listener: (visible: boolean) => void): () => void {
		this.#listeners.set(element, listener);
		this.#observer.observe(element);
		return () => {
			this.#listeners.delete(element);
			this.#observer.unobserve(element);
		};
	}

	end(): void {
		this.#observer.disconnect();
		this.#listeners.clear();
	}
}
