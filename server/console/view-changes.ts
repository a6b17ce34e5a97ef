import type { LoadedStream } from "./row.ts";

const head = Buffer.from(',"rows":[');
const comma = Buffer.from(",");

/** What changed in a view: rows as they are now, which of them do not match any more, and what is gone. */
export class ViewChanges {
	readonly rows = new Map<string, LoadedStream>();
	readonly left = new Set<string>();
	readonly gone = new Set<string>();
	/** How many match now that are not in the view. */
	appeared = 0;
	#body: Buffer | null = null;

	/** How many streams it is about. */
	get size(): number {
		return this.rows.size + this.gone.size;
	}

	addRow(stream: LoadedStream, matches: boolean): void {
		const id = stream.stream_id;
		// It may have left the scope and come back.
		this.gone.delete(id);
		this.rows.set(id, stream);
		if (matches) this.left.delete(id);
		else this.left.add(id);
	}

	addGone(stream_id: string): void {
		this.rows.delete(stream_id);
		this.left.delete(stream_id);
		this.gone.add(stream_id);
	}

	/** Takes newer changes in: of each stream only the newest state is kept. */
	merge(newer: ViewChanges): void {
		for (const [id, stream] of newer.rows) this.addRow(stream, !newer.left.has(id));
		for (const id of newer.gone) this.addGone(id);
		this.appeared = newer.appeared;
	}

	/** The members after `sub` of what a frame says about one subscription, UTF-8: put together once for all who are told the same. */
	get body(): Buffer {
		if (this.#body !== null) return this.#body;
		const parts: Buffer[] = [head];
		for (const stream of this.rows.values()) {
			if (parts.length > 1) parts.push(comma);
			parts.push(stream.bytes);
		}
		const rest = `],"left":${JSON.stringify([...this.left])},"gone":${JSON.stringify([...this.gone])},"appeared":${this.appeared}}`;
		parts.push(Buffer.from(rest));
		this.#body = Buffer.concat(parts);
		return this.#body;
	}
}
