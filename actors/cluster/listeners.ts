/**
 * Who listens to something. A listener that throws harms neither the others nor whoever tells: the news is about what is
 * committed already. Its error surfaces as one that nobody waited for, which the process logs.
 */
export class Listeners<Arguments extends unknown[]> {
	readonly #listeners = new Set<(...news: Arguments) => void>();

	/** Returns the end of the subscription. */
	add(listener: (...news: Arguments) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	tell(...news: Arguments): void {
		for (const listener of this.#listeners) {
			try {
				listener(...news);
			} catch (error) {
				void Promise.reject(error);
			}
		}
	}
}
