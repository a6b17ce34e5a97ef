import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FeedbackItem } from "../../agent/api/feedback.ts";
import type { TakeFilters } from "../../agent/api/service-client.ts";
import { newRequestId } from "../../client/request-id.ts";
import { streamJson } from "../../server/routes/stream-json.ts";
import { row } from "../server/recording-engine.ts";

/** A stream as the service of these tests keeps it. */
export interface ServedStream {
	stream_id: string;
	version: number;
	status: string;
	groups: string[];
	data: object;
	policies: object;
	agent_id: string | null;
	/** All feedback that was applied to it. */
	heard: FeedbackItem[];
}

/** What differs from one stream to the next. */
export interface Wanted {
	type?: string;
	reference: string;
	endless?: boolean;
	healthcheck?: object;
	groups?: string[];
}

/**
 * The agent's side of the API on a real HTTP server: the queue and feedback, with versions, statuses and agent ids.
 * `waits` false is a service that does not know `wait`.
 */
export class StreamService {
	readonly streams = new Map<string, ServedStream>();
	/** Every request: its path, Agent-Id and body. */
	readonly requests: {
		/** Monotonic milliseconds of its arrival. */
		at: number;
		path: string;
		agent_id: string;
		body: {
			filters?: Partial<TakeFilters>;
			limit?: number;
			streams?: FeedbackItem[];
		};
	}[] = [];
	waits = true;
	#server: Server | null = null;
	#port = 0;

	get url(): string {
		return `http://127.0.0.1:${this.#port}`;
	}

	/** Listens; on the same port as before when it was away. */
	async start(): Promise<void> {
		this.#server = createServer((request, response) => void this.#answer(request, response));
		await new Promise<void>((resolve) => this.#server?.listen(this.#port, "127.0.0.1", resolve));
		this.#port = (this.#server.address() as AddressInfo).port;
	}

	async stop(): Promise<void> {
		const closed = new Promise((resolve) => this.#server?.close(resolve));
		this.#server?.closeAllConnections();
		await closed;
	}

	add({ type = "videofile", reference, endless = false, healthcheck = {}, groups = [] }: Wanted): ServedStream {
		const stream: ServedStream = {
			stream_id: randomUUID(),
			version: 1,
			status: "pending",
			groups,
			data: { type, reference, ...(/^(tcp|udp)$/.test(type) && { endless }) },
			policies: { healthcheck: { max_error_count: 0, period: 3600, retry_delay: 0, timeout: 3000, ...healthcheck } },
			agent_id: null,
			heard: [],
		};
		this.streams.set(stream.stream_id, stream);
		return stream;
	}

	feedbackRequests(): FeedbackItem[][] {
		return this.requests.flatMap(({ body }) => (body.streams === undefined ? [] : [body.streams]));
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		let text = "";
		for await (const chunk of request) text += chunk;
		const body = JSON.parse(text);
		const agent_id = String(request.headers["agent-id"]);
		const url = new URL(request.url ?? "", this.url);
		this.requests.push({ path: request.url ?? "", agent_id, body, at: performance.now() });
		if (url.pathname === "/1/streams/processing/feedback")
			return send(response, this.#feedback(body.streams, agent_id));
		const deadline = Date.now() + (this.waits ? Number(url.searchParams.get("wait") ?? 0) * 1000 : 0);
		for (;;) {
			const streams = response.destroyed ? [] : this.#take(body.filters, body.limit, agent_id);
			if (streams.length > 0 || Date.now() >= deadline || response.destroyed || !this.#server?.listening)
				return send(response, { streams });
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	}

	#take(filters: Partial<TakeFilters>, limit: number, agent_id: string): object[] {
		const groups = filters.group_names;
		const taken = [...this.streams.values()]
			.filter(({ status }) => status === "pending")
			.filter((stream) => groups === undefined || stream.groups.some((group) => groups.includes(group)))
			.slice(0, limit);
		for (const stream of taken) Object.assign(stream, { status: "in_progress", agent_id });
		return taken.map(shown);
	}

	#feedback(items: FeedbackItem[], agent_id: string): object {
		const modified: object[] = [];
		const unmodified: object[] = [];
		for (const item of items) {
			const { stream_id } = item;
			const stream = this.streams.get(stream_id);
			if (stream === undefined) {
				unmodified.push({ stream_id, status: "not_found", version: item.version });
				continue;
			}
			const ours = stream.version === item.version && stream.status === "in_progress" && stream.agent_id === agent_id;
			if (ours) {
				stream.heard.push(item);
				stream.status = item.status === "handler_lost" ? "pending" : item.status;
			}
			(ours ? modified : unmodified).push({ stream_id, status: stream.status, version: stream.version });
		}
		return { streams: { modified, unmodified } };
	}
}

/** The stream as the API shows it. */
function shown({ stream_id, version, status, groups, data, policies }: ServedStream): object {
	const json = streamJson({ ...row, stream_id, version, groups, data: JSON.stringify(data) });
	return { ...JSON.parse(json), status, policies };
}

function send(response: ServerResponse, answer: object): void {
	if (response.destroyed) return;
	response.writeHead(200, { "content-type": "application/json", "luna-request-id": newRequestId() });
	response.end(JSON.stringify(answer));
}
