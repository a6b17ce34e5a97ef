/**
 * Where a live preview is written to: the body of one answer that has its status and headers already. The HTTP adapter
 * gives one to the relay (contract, section 11). Nothing here throws, and every method may be called after the client
 * has gone, when it does nothing.
 */
export interface LiveSink {
	/**
	 * Takes the whole chunk, whatever it answers; false says that the client is behind and nothing more should be
	 * written until the drain callback. The chunk is shared by all watchers, and never changed: it may be kept as it is.
	 */
	write(chunk: Uint8Array): boolean;
	/** Called each time the client has caught up after a `write` that answered false. Set once. */
	onDrain(callback: () => void): void;
	/** Ends the answer after what was written; called at most once, and no write follows. */
	end(): void;
	/** Called once when the client is gone before `end`, at once if it is gone already. Set once. */
	onGone(callback: () => void): void;
}
