import { randomUUID } from "node:crypto";
import { afterAll, expect } from "vitest";
import { Api } from "./api.ts";
import type { FeedbackStates, Group, LogRecord, Stream } from "./shapes.ts";

/** The settings of the service that decide what can be seen of it in a test's time, from its `GET /config`. */
export interface Config {
	LUNA_STREAMS_HTTP_SETTINGS: { REQUEST_MAX_SIZE: number };
	LUNA_STREAMS_STREAM_STATUS_OBSOLETING: { PERIOD: number; INTERVAL: number; LOST_LIMIT: number };
	LUNA_STREAMS_AUTORESTART: { HEALTHY_PERIOD: number; FATAL_ERROR_CODES: number[]; BACKOFF_FACTOR: number };
	LUNA_STREAMS_FEEDBACK: { LOG_FEEDBACK: "changes" | "all"; TELEMETRY_FLUSH_INTERVAL: number };
	LUNA_STREAMS_QUEUE: { MAX_TAKE: number; MAX_LOOK: number; MAX_WAITERS: number; MAX_FILTER_BYTES: number };
	LUNA_STREAMS_PREVIEW: { CACHE_TTL: number; TIMEOUT: number; MAX_FRAME_SIZE: number };
	LUNA_STREAMS_LOGS_CLEAR_INTERVAL: { ACTIVE: 0 | 1; INTERVAL: number; INTERVAL_TYPE: string; CHECK_INTERVAL: number };
	LUNA_SERVICE_METRICS: { ENABLED: number };
}

/**
 * The service that the suite speaks to: that of CONFORMANCE_URL, or one of its own with `env` as its environment. What is
 * in its database nobody knows: everything is done with accounts, names and groups of this file alone, and
 * removed afterwards. No agent may take from it meanwhile unless it asks for streams of its own.
 */
export async function openTarget(env: Record<string, string> = {}): Promise<Target> {
	const given = process.env["CONFORMANCE_URL"];
	const own = given === undefined ? await (await import("./own-service.ts")).startOwnService(env) : undefined;
	const target = new Target(given ?? own?.url ?? "");
	afterAll(async () => {
		await target.clear();
		target.api.close();
		await own?.stop();
	});
	target.config = (await target.api.get<Config>("/config")).body;
	return target;
}

/** The service, and what the suite has made in it. */
export class Target {
	readonly api: Api;
	readonly account = randomUUID();
	/** No name of the suite is in the database before. */
	readonly mark = randomUUID().slice(0, 8);
	config = {} as Config;
	readonly #streams: string[] = [];
	readonly #groups: string[] = [];
	#names = 0;

	constructor(url: string) {
		this.api = new Api(url);
	}

	/** A name that nothing else has; a group may have it too. */
	name(): string {
		this.#names += 1;
		return `conformance-${this.mark}-${this.#names}`;
	}

	/** A body that can be created; `members` come on top, undefined ones are left out. */
	body(members: Record<string, unknown> = {}): Record<string, unknown> {
		return {
			account_id: this.account,
			name: this.name(),
			data: { type: "tcp", reference: `rtsp://camera.test/${this.mark}` },
			event_handler: {
				api_version: 6,
				origin: "http://127.0.0.1:5000",
				bestshot_handler: { handler_id: "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b" },
			},
			...members,
		};
	}

	/** Creates a stream and gives its id. */
	async create(members: Record<string, unknown> = {}): Promise<string> {
		const answer = await this.api.post<{ stream_id: string }>("/1/streams", this.body(members));
		expect(answer.status, JSON.stringify(answer.body)).toBe(201);
		this.owns(answer.body.stream_id);
		return answer.body.stream_id;
	}

	/** A stream that was made in another way, to be removed in the end. */
	owns(stream_id: string): void {
		this.#streams.push(stream_id);
	}

	async createGroup(group_name = this.name(), members: object = {}): Promise<{ group_id: string; group_name: string }> {
		const body = { account_id: this.account, group_name, ...members };
		const answer = await this.api.post<{ group_id: string; group_name: string }>("/1/groups", body);
		expect(answer.status, JSON.stringify(answer.body)).toBe(201);
		this.ownsGroup(answer.body.group_id);
		return answer.body;
	}

	ownsGroup(group_id: string): void {
		this.#groups.push(group_id);
	}

	async stream(stream_id: string): Promise<Stream> {
		return this.#ok<Stream>(`/1/streams/${stream_id}`);
	}

	async list(query: string): Promise<Stream[]> {
		return (await this.#ok<{ streams: Stream[] }>(`/1/streams?${query}`)).streams;
	}

	async count(query: string): Promise<number> {
		return (await this.#ok<{ streams_count: number }>(`/1/streams/count?${query}`)).streams_count;
	}

	async groups(query: string): Promise<Group[]> {
		return this.#ok<Group[]>(`/1/groups?${query}`);
	}

	async records(query: string): Promise<LogRecord[]> {
		return (await this.#ok<{ logs: LogRecord[] }>(`/1/streams/logs?page_size=1000&${query}`)).logs;
	}

	/** The statuses of one stream's log, oldest first. */
	async log(stream_id: string): Promise<string[]> {
		return (await this.records(`stream_ids=${stream_id}`)).map(({ status }) => status).reverse();
	}

	/** Takes; of everything only when `filters` is {}. */
	async take(filters: object, limit = 1, { wait = 0, agentId = "" } = {}): Promise<Stream[]> {
		const path = `/1/streams/processing/queue${wait > 0 ? `?wait=${wait}` : ""}`;
		const headers: Record<string, string> = agentId === "" ? {} : { "Agent-Id": agentId };
		const answer = await this.api.post<{ streams: Stream[] }>(path, { filters, limit }, headers);
		expect(answer.status, JSON.stringify(answer.body)).toBe(200);
		return answer.body.streams;
	}

	/** Takes one stream, which has to be there. */
	async takeOne(stream_id: string, agentId = ""): Promise<Stream> {
		const [taken] = await this.take({ stream_ids: [stream_id] }, 1, { agentId });
		expect(taken?.stream_id).toBe(stream_id);
		return taken!;
	}

	async feedback(items: object[], agentId = ""): Promise<FeedbackStates> {
		const headers: Record<string, string> = agentId === "" ? {} : { "Agent-Id": agentId };
		const answer = await this.api.post<{ streams: FeedbackStates }>(
			"/1/streams/processing/feedback",
			{ streams: items },
			headers,
		);
		expect(answer.status, JSON.stringify(answer.body)).toBe(200);
		return answer.body.streams;
	}

	/** Feedback about one stream that has to be applied. */
	async report(stream_id: string, status: string, members: object = {}, version = 1): Promise<void> {
		const { unmodified } = await this.feedback([{ stream_id, version, status, ...members }]);
		expect(unmodified).toEqual([]);
	}

	async patch(stream_id: string, members: object): Promise<void> {
		const answer = await this.api.patch(`/1/streams/${stream_id}`, members);
		expect(answer.status, JSON.stringify(answer.body)).toBe(204);
	}

	/** Removes what the suite has made. */
	async clear(): Promise<void> {
		for (let at = 0; at < this.#streams.length; at += 1000)
			await this.api.delete("/1/streams", { stream_ids: this.#streams.slice(at, at + 1000) });
		for (const each of this.#groups) await this.api.delete(`/1/groups/${each}`);
	}

	async #ok<Body>(path: string): Promise<Body> {
		const answer = await this.api.get<Body>(path);
		expect(answer.status, `${path}: ${JSON.stringify(answer.body)}`).toBe(200);
		return answer.body;
	}
}

/** An id that belongs to nothing. */
export const UNKNOWN = "00000000-0000-4000-8000-000000000000";

export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
