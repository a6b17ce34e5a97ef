import type { LiveSink } from "../../server/preview/sink.ts";
import { eventually } from "../support/signals.ts";

/** An answer's body that a test can hold up. */
export class RecordedSink implements LiveSink {
	ended = false;
	/** While true, each write is taken and answered with false. */
	full = false;
	writesWhileFull = 0;
	#body = Buffer.alloc(0);
	#wasFull = false;
	#drain: () => void = () => undefined;
	#gone: () => void = () => undefined;

	write(chunk: Uint8Array): boolean {
		if (this.ended) throw new Error("written after the end");
		if (this.#wasFull) this.writesWhileFull += 1;
		this.#body = Buffer.concat([this.#body, chunk]);
		this.#wasFull = this.full;
		return !this.full;
	}

	onDrain(callback: () => void): void {
		this.#drain = callback;
	}

	end(): void {
		if (this.ended) throw new Error("ended twice");
		this.ended = true;
	}

	onGone(callback: () => void): void {
		this.#gone = callback;
	}

	/** The client has caught up. */
	drain(): void {
		this.full = false;
		this.#wasFull = false;
		this.#drain();
	}

	/** The client goes. */
	leave(): void {
		this.#gone();
	}

	/** The pictures of the body so far. */
	pictures(contentType: string): Buffer[] {
		return parts(this.#body, contentType).pictures;
	}

	async untilPictures(count: number, contentType: string): Promise<Buffer[]> {
		await eventually(() => this.pictures(contentType).length >= count);
		return this.pictures(contentType);
	}

	async untilEnded(): Promise<void> {
		await eventually(() => this.ended);
	}

	get text(): string {
		return this.#body.toString("latin1");
	}
}

/** Reads a multipart body strictly, as the standard has it; throws where it is none. */
export function parts(body: Buffer, contentType: string): { pictures: Buffer[]; closed: boolean } {
	const boundary = /^multipart\/x-mixed-replace; boundary=([0-9A-Za-z-]+)$/.exec(contentType)?.[1];
	if (boundary === undefined) throw new Error(`no boundary in ${contentType}`);
	const pictures: Buffer[] = [];
	let at = 0;
	const take = (text: string) => {
		const found = body.subarray(at, at + text.length).toString("latin1");
		if (!text.startsWith(found)) throw new Error(`'${text}' expected at ${at}, found '${found}'`);
		at += text.length;
		return found === text;
	};
	if (!take(`--${boundary}`)) return { pictures, closed: false };
	for (;;) {
		if (body.subarray(at, at + 2).toString() === "--") return { pictures, closed: true };
		const head = /^\r\nContent-Type: image\/[a-z]+\r\nContent-Length: (\d+)\r\n\r\n/.exec(
			body.subarray(at, at + 200).toString("latin1"),
		);
		if (head === null) return { pictures, closed: false };
		const start = at + head[0].length;
		const end = start + Number(head[1]);
		if (body.byteLength < end) return { pictures, closed: false };
		at = end;
		if (!take(`\r\n--${boundary}`)) return { pictures, closed: false };
		pictures.push(body.subarray(start, end));
	}
}
