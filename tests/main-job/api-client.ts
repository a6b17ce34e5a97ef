import { Agent, type IncomingHttpHeaders, request } from "node:http";

/** What came back. A JSON body is parsed; any other is its text. */
export interface Answer<Body = unknown> {
	status: number;
	headers: IncomingHttpHeaders;
	body: Body;
}

/** What these tests read of a stream. */
export interface StreamView {
	stream_id: string;
	account_id: string;
	name: string;
	description: string;
	version: number;
	status: string;
	create_time: string;
	autorestart: { current_attempt: number; status: string; last_attempt_time: string | null };
	last_error: { error_code: number } | null;
	video_info: { width?: number; height?: number; progress?: number; frame_rate?: number } | null;
	preview: { live: { url: string }; last_frame: { url: string } } | null;
	groups: string[];
}

export interface LogRecord {
	stream_id: string;
	log_time: string;
	status: string;
	version: number;
	error: { error_code: number } | null;
}

export interface FeedbackAnswer {
	streams: Record<"modified" | "unmodified", { stream_id: string; status: string; version: number }[]>;
}

/** A request that got no answer: the connection failed first. Whether it was carried out is unknown. */
export class Unanswered extends Error {}

/** An answer of another status than was expected. */
export class Unexpected extends Error {
	readonly status: number;

	constructor(message: string, status: number) {
		super(message);
		this.status = status;
	}
}

/** Milliseconds after which an idle connection is given up: well before the service closes it, which a request might meet. */
export const IDLE = 4_000;

/** A client of the whole API over connections of its own, kept alive. */
export class ApiClient {
	readonly url: string;
	readonly #agent: Agent;
	readonly #headers: Record<string, string>;

	constructor(url: string, { connections = 16, agentId }: { connections?: number; agentId?: string } = {}) {
		this.url = url;
		this.#agent = new Agent({ keepAlive: true, maxSockets: connections, timeout: IDLE });
		this.#headers = agentId === undefined ? {} : { "Agent-Id": agentId };
	}

	ask<Body = unknown>(
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = {},
	): Promise<Answer<Body>> {
		const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
		const length = bytes && { "Content-Type": "application/json", "Content-Length": bytes.length };
		return new Promise((resolve, reject) => {
			const unanswered = (cause: Error) => reject(new Unanswered(`${method} ${path}`, { cause }));
			const asked = request(
				this.url + path,
				{ method, agent: this.#agent, headers: { ...length, ...this.#headers, ...headers } },
				(response) => {
					const chunks: Buffer[] = [];
					response.on("data", (chunk) => chunks.push(chunk));
					response.on("error", unanswered);
					response.on("end", () => {
						const text = Buffer.concat(chunks).toString();
						const status = response.statusCode ?? 0;
						const json = response.headers["content-type"]?.startsWith("application/json");
						resolve({
							status,
							headers: response.headers,
							body: (json ? JSON.parse(text) : text) as Body,
						});
					});
				},
			);
			asked.on("error", unanswered);
			asked.end(bytes);
		});
	}

	/** The body of an answer that has to have this status. */
	async expect<Body = unknown>(status: number, method: string, path: string, body?: unknown): Promise<Body> {
		const answer = await this.ask<Body>(method, path, body);
		if (answer.status !== status)
			throw new Unexpected(
				`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}, not ${status}`,
				answer.status,
			);
		return answer.body;
	}

	async create(body: object): Promise<string> {
		return (await this.expect<{ stream_id: string }>(201, "POST", "/1/streams", body)).stream_id;
	}

	get(stream_id: string): Promise<StreamView> {
		return this.expect(200, "GET", `/1/streams/${stream_id}`);
	}

	async list(query: string): Promise<StreamView[]> {
		return (await this.expect<{ streams: StreamView[] }>(200, "GET", `/1/streams?${query}`)).streams;
	}

	async count(query = ""): Promise<number> {
		return (await this.expect<{ streams_count: number }>(200, "GET", `/1/streams/count?${query}`)).streams_count;
	}

	async take(limit: number, filters: object = {}, wait = 0): Promise<StreamView[]> {
		const path = `/1/streams/processing/queue${wait > 0 ? `?wait=${wait}` : ""}`;
		return (await this.expect<{ streams: StreamView[] }>(200, "POST", path, { filters, limit })).streams;
	}

	async feedback(streams: object[]): Promise<FeedbackAnswer["streams"]> {
		return (await this.expect<FeedbackAnswer>(200, "POST", "/1/streams/processing/feedback", { streams })).streams;
	}

	/** All log records that match, newest first, by pages of `pageSize`. */
	async records(query: string, pageSize = 1000): Promise<LogRecord[]> {
		const all: LogRecord[] = [];
		for (let page = 1; ; page++) {
			const { logs } = await this.expect<{ logs: LogRecord[] }>(
				200,
				"GET",
				`/1/streams/logs?${query}&page=${page}&page_size=${pageSize}`,
			);
			all.push(...logs);
			if (logs.length < pageSize) return all;
		}
	}

	/** The statuses of one stream's log, oldest first. */
	async log(stream_id: string, pageSize?: number): Promise<string[]> {
		const records = await this.records(`stream_ids=${stream_id}&targets=status`, pageSize);
		return records.map(({ status }) => status).reverse();
	}

	/** A metric without labels. */
	async metric(name: string): Promise<number> {
		const text = await this.expect<string>(200, "GET", "/metrics");
		return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
	}

	close(): void {
		this.#agent.destroy();
	}
}
