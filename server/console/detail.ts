import { Fault } from "../../persistence/fault.ts";
import type { StreamRow } from "../../persistence/stream-row.ts";
import { hiddenStream } from "./hidden-stream.ts";
import type { LoadedStream } from "./row.ts";
import type { StreamDetail } from "./server-message.ts";
import type { Session, Subscription } from "./session.ts";

export interface DetailParts {
	load: (stream_ids: readonly string[]) => Promise<LoadedStream[]>;
	get: (stream_id: string) => Promise<StreamRow>;
}

/** Reads one stream whole, within the caller's scope. Rejects with 39001, or with what is in the way. */
type ReadDetail = (stream_id: string, caller: Session["caller"]) => Promise<StreamDetail>;

/** One stream whole, within the caller's scope. @throws {Fault} 39001 */
export async function streamDetail(
	stream_id: string,
	caller: Session["caller"],
	{ load, get }: DetailParts,
): Promise<StreamDetail> {
	const [loaded] = await load([stream_id]);
	const shown = loaded?.within(caller) ?? null;
	if (shown === null) throw new Fault(39001, { id: stream_id });
	const { row, source } = shown;
	return { row, stream: hiddenStream({ ...(await get(stream_id)), groups: source.groups }) };
}

/** Milliseconds before a stream that could not be read is tried again. */
const RETRY = 2_000;

/** A page that shows one stream: it gets it whole, again after every change. */
export class DetailSubscription implements Subscription {
	readonly stream_id: string;
	readonly #session: Session;
	readonly #sub: number;
	readonly #readDetail: ReadDetail;
	readonly #onEnd: () => void;
	/** It changed, and the page was not told yet. */
	#due = true;
	#reading = false;
	#ended = false;
	/** It could not be read, which the page was told. */
	#failed = false;
	/** The page knows that it is not there: what becomes of it elsewhere the page may not hear. */
	#absent = false;
	#retry: NodeJS.Timeout | undefined;

	constructor(session: Session, sub: number, stream_id: string, read: ReadDetail, onEnd: () => void) {
		this.#session = session;
		this.#sub = sub;
		this.stream_id = stream_id;
		this.#readDetail = read;
		this.#onEnd = onEnd;
	}

	/** It changed: it is read and told, one reading at a time, the last one after the last change. */
	async changed(): Promise<void> {
		this.#due = true;
		if (this.#reading) return;
		this.#reading = true;
		while (this.#due && !this.#ended && !this.#session.behind) {
			this.#due = false;
			const detail = await this.#read();
			if (this.#ended) break;
			if (detail === undefined) {
				this.#tryAgain();
				break;
			}
			this.#failed = false;
			if (detail === null && this.#absent) continue;
			this.#absent = detail === null;
			this.#session.send({ type: "stream", sub: this.#sub, detail });
		}
		this.#reading = false;
	}

	caughtUp(): void {
		if (this.#due) void this.changed();
	}

	end(): void {
		this.#ended = true;
		clearTimeout(this.#retry);
		this.#onEnd();
	}

	/** What the page shows is old: its next change may be long in coming. */
	#tryAgain(): void {
		this.#due = true;
		clearTimeout(this.#retry);
		this.#retry = setTimeout(() => void this.changed(), RETRY);
	}

	/** null: it is not there; undefined: it could not be read, which the page was told. */
	async #read(): Promise<StreamDetail | null | undefined> {
		try {
			return await this.#readDetail(this.stream_id, this.#session.caller);
		} catch (error) {
			if (error instanceof Fault && error.code === 39001) return null;
			if (!this.#ended && !this.#failed) this.#session.sendError(error, this.#sub);
			this.#failed = true;
			return undefined;
		}
	}
}
