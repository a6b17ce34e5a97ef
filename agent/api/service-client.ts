import { type FeedbackItem, type FeedbackState, readFeedbackAnswer } from "./feedback.ts";
import { members, readTakenStream, type TakenStream } from "./taken-stream.ts";

/** Filters of a take (contract, section 3). Empty lists filter nothing and are not sent. */
export interface TakeFilters {
	stream_ids: readonly string[];
	names: readonly string[];
	group_ids: readonly string[];
	group_names: readonly string[];
}

/** The service answered, but with an error. */
export class ServiceRefusal extends Error {
	readonly status: number;
	/** Seconds that the service asked for before the next attempt, or null. */
	readonly retryAfter: number | null;

	constructor(status: number, message: string, retryAfter: number | null) {
		super(message);
		this.name = "ServiceRefusal";
		this.status = status;
		this.retryAfter = retryAfter;
	}
}

/** An answer larger than this is not read on. A take of 256 streams of 16 KiB is 4 MiB. */
const ANSWER_LIMIT = 64 * 1024 * 1024;
const FEEDBACK_TIMEOUT = 10_000;
/** What a take may last beyond the time that the service was asked to wait. */
const TAKE_GRACE = 10_000;

/** The two requests of an agent, on any service of this API. Every request ends: by answer, time limit or signal. */
export class ServiceClient {
	readonly #url: string;
	readonly #headers: Record<string, string>;

	constructor(options: { url: string; agentId: string; authorization: string | null }) {
		this.#url = options.url;
		this.#headers = { "content-type": "application/json", accept: "application/json", "agent-id": options.agentId };
		if (options.authorization !== null) this.#headers["authorization"] = options.authorization;
	}

	/**
	 * Takes up to `limit` streams. `wait` in seconds, or null to leave the parameter away. The signal ends the waiting;
	 * once the answer has begun it is read to its end, because its streams are already ours.
	 * Throws ServiceRefusal, or what fetch throws.
	 */
	async take(
		filters: TakeFilters,
		limit: number,
		wait: number | null,
		signal: AbortSignal,
	): Promise<{ streams: TakenStream[]; unreadable: number }> {
		const given = Object.fromEntries(Object.entries(filters).filter(([, values]) => values.length > 0));
		const path = `/1/streams/processing/queue${wait === null ? "" : `?wait=${wait}`}`;
		const answer = await this.#post(path, { filters: given, limit }, (wait ?? 0) * 1000 + TAKE_GRACE, signal);
		const list = members(answer)["streams"];
		const streams = (Array.isArray(list) ? list : []).map(readTakenStream);
		const readable = streams.filter((stream) => stream !== null);
		return { streams: readable, unreadable: streams.length - readable.length };
	}

	/** Posts feedback and answers what the service says of each stream. Throws ServiceRefusal, or what fetch throws. */
	async feedback(items: readonly FeedbackItem[], signal: AbortSignal): Promise<FeedbackState[]> {
		return readFeedbackAnswer(
			await this.#post("/1/streams/processing/feedback", { streams: items }, FEEDBACK_TIMEOUT, signal),
		);
	}

	async #post(path: string, body: object, timeout: number, signal: AbortSignal): Promise<unknown> {
		const abort = new AbortController();
		const end = () => abort.abort(signal.reason);
		const timer = setTimeout(() => abort.abort(new Error(`no answer within ${timeout} ms`)), timeout);
		if (signal.aborted) end();
		signal.addEventListener("abort", end, { once: true });
		try {
			const response = await fetch(`${this.#url}${path}`, {
				method: "POST",
				headers: this.#headers,
				body: JSON.stringify(body),
				signal: abort.signal,
				redirect: "error",
			});
			signal.removeEventListener("abort", end);
			const text = await readText(response);
			if (!response.ok) throw refusal(response, text);
			return JSON.parse(text);
		} finally {
			signal.removeEventListener("abort", end);
			clearTimeout(timer);
		}
	}
}

async function readText(response: Response): Promise<string> {
	const decoder = new TextDecoder();
	let text = "";
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.byteLength;
		if (size > ANSWER_LIMIT) throw new Error(`answer larger than ${ANSWER_LIMIT} bytes`);
		text += decoder.decode(chunk, { stream: true });
	}
	return text + decoder.decode();
}

function refusal(response: Response, text: string): ServiceRefusal {
	const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
	const retryAfter = seconds >= 0 && seconds <= 300 ? seconds : null;
	return new ServiceRefusal(response.status, `${response.status} ${text.slice(0, 500)}`, retryAfter);
}
