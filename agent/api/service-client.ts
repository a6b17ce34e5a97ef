import { createPerigeeClient, type PerigeeClient } from "../../client/perigee-client.ts";
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
	readonly #client: PerigeeClient;

	constructor(options: { url: string; agentId: string; authorization: string | null }) {
		this.#client = createPerigeeClient({
			baseUrl: options.url,
			agentId: options.agentId,
			headers: {
				Accept: "application/json",
				...(options.authorization === null ? {} : { Authorization: options.authorization }),
			},
			send: async (request) => bounded(await fetch(request, { redirect: "error" })),
		});
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
		const timeout = (wait ?? 0) * 1000 + TAKE_GRACE;
		const answer = await answered(timeout, signal, (ending) =>
			this.#client.POST("/1/streams/processing/queue", {
				params: { query: wait === null ? {} : { wait } },
				body: { filters: given, limit },
				parseAs: "stream",
				signal: ending,
			}),
		);
		const list = members(answer)["streams"];
		const streams = (Array.isArray(list) ? list : []).map(readTakenStream);
		const readable = streams.filter((stream) => stream !== null);
		return { streams: readable, unreadable: streams.length - readable.length };
	}

	/** Posts feedback and answers what the service says of each stream. Throws ServiceRefusal, or what fetch throws. */
	async feedback(items: readonly FeedbackItem[], signal: AbortSignal): Promise<FeedbackState[]> {
		const answer = await answered(FEEDBACK_TIMEOUT, signal, (ending) =>
			this.#client.POST("/1/streams/processing/feedback", {
				body: { streams: [...items] },
				parseAs: "stream",
				signal: ending,
			}),
		);
		return readFeedbackAnswer(answer);
	}
}

/** What is known of an answer before its body is read; of a refusal the body is read already. */
interface Begun {
	response: Response;
	error?: unknown;
}

/** The JSON of an answer, within the time (milliseconds) and, until it begins, as long as the signal lets. */
async function answered(
	timeout: number,
	signal: AbortSignal,
	ask: (ending: AbortSignal) => Promise<Begun>,
): Promise<unknown> {
	const abort = new AbortController();
	const end = () => abort.abort(signal.reason);
	const timer = setTimeout(() => abort.abort(new Error(`no answer within ${timeout} ms`)), timeout);
	if (signal.aborted) end();
	signal.addEventListener("abort", end, { once: true });
	try {
		const { response, error } = await ask(abort.signal);
		signal.removeEventListener("abort", end);
		if (!response.ok) throw refusal(response, typeof error === "string" ? error : JSON.stringify(error ?? ""));
		return await response.json();
	} finally {
		signal.removeEventListener("abort", end);
		clearTimeout(timer);
	}
}

/** The answer, with an error in the place of what goes beyond the limit. */
function bounded(response: Response): Response {
	let size = 0;
	const limit = new TransformStream<Uint8Array, Uint8Array>({
		transform(chunk, controller) {
			size += chunk.byteLength;
			if (size > ANSWER_LIMIT) controller.error(new Error(`answer larger than ${ANSWER_LIMIT} bytes`));
			else controller.enqueue(chunk);
		},
	});
	const { status, statusText, headers, body } = response;
	return new Response(body?.pipeThrough(limit) ?? null, { status, statusText, headers });
}

function refusal(response: Response, text: string): ServiceRefusal {
	const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
	const retryAfter = seconds >= 0 && seconds <= 300 ? seconds : null;
	return new ServiceRefusal(response.status, `${response.status} ${text.slice(0, 500)}`, retryAfter);
}
