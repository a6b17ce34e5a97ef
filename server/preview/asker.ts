/** Who asks for pictures. */
export interface Asker {
	/** Of the request that asks, for the log. */
	readonly requestId?: string;
	/** Whose share it takes of what the relay has for all; null: nobody's. */
	readonly owner: string | null;
}

/** What asks for many, or by itself. */
export const anybody: Asker = { owner: null };
