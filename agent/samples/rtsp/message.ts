/** A request of an RTSP client (RFC 2326, section 6). Header names are in lower case. */
export interface RtspRequest {
	readonly method: string;
	readonly url: string;
	readonly headers: ReadonlyMap<string, string>;
}

export interface RtspAnswer {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
}

/** More than this without the end of a request is not a request. */
const MAX_REQUEST = 8192;
const REASONS: Readonly<Record<number, string>> = {
	200: "OK",
	400: "Bad Request",
	404: "Not Found",
	454: "Session Not Found",
	455: "Method Not Valid in This State",
	459: "Aggregate Operation Not Allowed",
	461: "Unsupported Transport",
	501: "Not Implemented",
};

/**
 * Takes an RTSP connection's bytes apart into requests. Interleaved binary packets (a client's RTCP reports) and
 * bodies are passed over.
 */
export class RtspReader {
	#rest: Buffer = Buffer.alloc(0);
	/** Bytes still to pass over. */
	#skip = 0;

	/**
	 * @returns the requests that are whole with these bytes, in order
	 * @throws Error when the bytes are no RTSP, or a request is larger than 8 KiB
	 */
	push(bytes: Buffer): RtspRequest[] {
		this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
		const requests: RtspRequest[] = [];
		for (;;) {
			const skipped = Math.min(this.#skip, this.#rest.length);
			this.#skip -= skipped;
			this.#rest = this.#rest.subarray(skipped);
			if (this.#rest.length === 0) return requests;

			if (this.#rest[0] === 0x24) {
				if (this.#rest.length < 4) return requests;
				this.#skip = 4 + this.#rest.readUInt16BE(2);
				continue;
			}
			const end = this.#rest.indexOf("\r\n\r\n");
			if (end > MAX_REQUEST || (end < 0 && this.#rest.length > MAX_REQUEST)) throw new Error("request too large");
			if (end < 0) return requests;
			const request = parseRequest(this.#rest.toString("utf8", 0, end));
			const body = Number(request.headers.get("content-length") ?? "0");
			if (!Number.isInteger(body) || body < 0 || body > MAX_REQUEST) throw new Error("body too large");
			this.#skip = end + 4 + body;
			requests.push(request);
		}
	}
}

function parseRequest(text: string): RtspRequest {
	const [first = "", ...lines] = text.replace(/^[\r\n]+/, "").split("\r\n");
	const [, method, url] = /^([A-Z_]+) (\S+) RTSP\/1\.\d$/.exec(first) ?? [];
	if (method === undefined || url === undefined) throw new Error("not a request line");
	const headers = new Map<string, string>();
	for (const line of lines) {
		const colon = line.indexOf(":");
		if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
	}
	return { method, url, headers };
}

/** The bytes of an answer to the request with this CSeq. */
export function answerBytes(cseq: string, answer: RtspAnswer): string {
	const head = [
		`RTSP/1.0 ${answer.status} ${REASONS[answer.status] ?? ""}`.trimEnd(),
		`CSeq: ${cseq}`,
		...Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
	];
	const body = answer.body ?? "";
	if (body !== "") head.push(`Content-Length: ${Buffer.byteLength(body)}`);
	return `${head.join("\r\n")}\r\n\r\n${body}`;
}
