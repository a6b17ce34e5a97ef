/** Headers of an answer, by name. */
export type Headers = Readonly<Record<string, string>>;

interface Common {
	/** Default 200, 204 for `empty`. */
	status?: number;
	headers?: Headers;
	/**
	 * Called once when the client was gone before the answer was handed over whole, for answers that gave something away
	 * which must be taken back; of a streaming answer also when it is a HEAD and `run` is not called.
	 */
	onUnsent?: () => void;
}

/**
 * Where the body of a streaming answer is written to. Nothing here throws, and every method may be called after the
 * client has gone, when it does nothing.
 */
export interface Writer {
	/**
	 * Takes the whole chunk whatever it answers; false says that the client is behind and nothing more should be written
	 * until the drain callback. Who goes on all the same is cut off at a bound. The chunk must not be
	 * changed afterwards: it is kept as it is while the client is behind, and is the same memory for all who wait for it.
	 */
	write(chunk: Uint8Array): boolean;
	/** Called each time the client has caught up after a `write` that answered false. Set once. */
	onDrain(callback: () => void): void;
	/** Ends the answer after what was written. */
	end(): void;
	/** Called once when the client is gone, or the server stops, before `end`; at once if it is so already. Set once. */
	onGone(callback: () => void): void;
}

/** What a handler answers. JSON in either form goes out as MessagePack when the client prefers that (contract, section 1). */
export type Reply =
	/** JSON that is serialised already. */
	| (Common & { kind: "json"; text: string })
	/** A value to serialise. */
	| (Common & { kind: "value"; value: unknown })
	| (Common & { kind: "empty" })
	/** A finished body of any type. */
	| (Common & { kind: "bytes"; type: string; bytes: Uint8Array | string })
	/** 302 unless `status` says otherwise. */
	| (Common & { kind: "redirect"; location: string })
	/** A body without an end: `run` is called once, when status and headers are on their way; not for HEAD. */
	| (Common & { kind: "stream"; type: string; run: (writer: Writer) => void });

/** 204. */
export const noContent: Reply = { kind: "empty" };

/** The status of a reply that may leave it to its kind. */
export function statusOf(reply: Reply): number {
	if (reply.status !== undefined) return reply.status;
	if (reply.kind === "empty") return 204;
	return reply.kind === "redirect" ? 302 : 200;
}
