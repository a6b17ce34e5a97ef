/** Called with each new picture of a stream, and with null when the stream leaves. */
export type Watcher = (jpeg: Uint8Array | null) => void;

/** The newest picture of one stream, and who watches it. */
export class Place {
	#jpeg: Uint8Array | null = null;
	readonly #watchers = new Set<Watcher>();
	readonly #onWatched: (on: boolean) => void;
	readonly #onClose: (place: Place) => void;

	/** `onWatched` is told when the first watcher comes and when the last one leaves. */
	constructor(onWatched: (on: boolean) => void, onClose: (place: Place) => void) {
		this.#onWatched = onWatched;
		this.#onClose = onClose;
	}

	/** Null before the first picture. */
	get newest(): Uint8Array | null {
		return this.#jpeg;
	}

	get watched(): boolean {
		return this.#watchers.size > 0;
	}

	put(jpeg: Uint8Array): void {
		this.#jpeg = jpeg;
		for (const watcher of this.#watchers) watcher(jpeg);
	}

	/** Adds a watcher, who gets the newest picture at once. Answers how to leave. */
	watch(watcher: Watcher): () => void {
		this.#watchers.add(watcher);
		if (this.#watchers.size === 1) this.#onWatched(true);
		if (this.#jpeg !== null) watcher(this.#jpeg);
		return () => {
			if (this.#watchers.delete(watcher) && this.#watchers.size === 0) this.#onWatched(false);
		};
	}

	close(): void {
		this.#onClose(this);
		for (const watcher of [...this.#watchers]) watcher(null);
	}
}

/** The places of all streams in work. Holds one picture a stream. */
export class Pictures {
	readonly #places = new Map<string, Place>();

	/** Makes a place for a stream; the watchers of a former one of this id leave. */
	open(stream_id: string, onWatched: (on: boolean) => void): Place {
		this.#places.get(stream_id)?.close();
		const place = new Place(onWatched, (closing) => {
			if (this.#places.get(stream_id) === closing) this.#places.delete(stream_id);
		});
		this.#places.set(stream_id, place);
		return place;
	}

	get(stream_id: string): Place | null {
		return this.#places.get(stream_id) ?? null;
	}
}
