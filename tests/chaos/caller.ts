import { Agent, type IncomingHttpHeaders, request } from "node:http";
import type { StreamView } from "../main-job/api-client.ts";

/** No answer came: the connection failed or said nothing for too long. Whether it was carried out is unknown. */
export class NoAnswer extends Error {}

export interface Answered {
	status: number;
	headers: IncomingHttpHeaders;
	body: unknown;
}

/** Milliseconds after which a silent answer is given up, unless said otherwise. */
const PATIENCE = 8_000;
/** Milliseconds after which an idle connection is given up: before the service does, which may be while a request is on its way. */
const IDLE = 5_000;

/**
 * A client that weighs little: it keeps its connections and judges nothing, so that one process can be many clients.
 * Answers are held against the API's description elsewhere.
 */
export class Caller {
	readonly url: string;
	readonly #agent: Agent;
	readonly #patience: number;

	/** @param options.from the address that it calls from, if not whichever the system takes */
	constructor(url: string, options: { connections?: number; patience?: number; from?: string } = {}) {
		const { connections = 4, patience = PATIENCE, from } = options;
		this.url = url;
		this.#agent = new Agent({
			keepAlive: true,
			timeout: IDLE,
			maxSockets: connections,
			...(from && { localAddress: from }),
		});
		this.#patience = patience;
	}

	ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> {
		const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
		const about = bytes && { "Content-Type": "application/json", "Content-Length": bytes.length };
		return new Promise((resolve, reject) => {
			const fail = (cause: Error) => reject(new NoAnswer(`${method} ${path}: ${cause.message}`, { cause }));
			const asked = request(
				this.url + path,
				{ method, agent: this.#agent, headers: { ...about, ...headers }, timeout: this.#patience },
				(response) => {
					const chunks: Buffer[] = [];
					response.on("data", (chunk) => chunks.push(chunk));
					response.on("error", fail);
					response.on("end", () => {
						const text = Buffer.concat(chunks).toString();
						const json = response.headers["content-type"]?.startsWith("application/json");
						const { statusCode: status = 0, headers } = response;
						resolve({ status, headers, body: json ? JSON.parse(text) : text });
					});
				},
			);
			asked.on("timeout", () => asked.destroy(new Error(`silent for ${this.#patience} ms`)));
			asked.on("error", fail);
			asked.end(bytes);
		});
	}

	async take(limit: number, { filters = {}, agentId = "", wait = 0 } = {}): Promise<StreamView[]> {
		const path = `/1/streams/processing/queue${wait > 0 ? `?wait=${wait}` : ""}`;
		const headers: Record<string, string> = agentId === "" ? {} : { "Agent-Id": agentId };
		const { status, body } = await this.ask("POST", path, { filters, limit }, headers);
		if (status !== 200) throw new Error(`a take was answered ${status} ${JSON.stringify(body)}`);
		return (body as { streams: StreamView[] }).streams;
	}

	/** A metric without labels. Asked twice if need be: the node may be closing the idle connection at that very moment. */
	async metric(name: string): Promise<number> {
		const { body } = await this.ask("GET", "/metrics").catch(() => this.ask("GET", "/metrics"));
		return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(String(body))?.[1]);
	}

	close(): void {
		this.#agent.destroy();
	}
}
