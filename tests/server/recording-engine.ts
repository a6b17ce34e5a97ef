import type { Engine, FeedbackItem, TakeRequest } from "../../actors/engine.ts";
import { Fault } from "../../persistence/fault.ts";
import type { GroupRow, LogRow, StreamRow, WrittenStream } from "../../persistence/stream-row.ts";

export const ID = "426542d6-5509-4e5b-8a01-e2abd5c0a8c6";
export const ACCOUNT = "557d54ec-29ad-4f3c-93b4-c9092ef12515";
export const UNKNOWN = "00000000-0000-4000-a000-000000642312";

/** The least that a stream can be created from. */
export const smallBody = {
	account_id: ACCOUNT,
	data: { type: "tcp", reference: "rtsp://camera" },
	event_handler: { api_version: 6, bestshot_handler: { handler_id: "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b" } },
};

export const row: StreamRow = {
	stream_id: ID,
	account_id: ACCOUNT,
	name: 'a "name"',
	description: "",
	data: '{"type":"tcp","reference":"rtsp://camera"}',
	event_handler: '{"api_version":6}',
	policies: "{}",
	location: "{}",
	restart: 0,
	attempt_count: 10,
	delay: 60,
	current_attempt: 0,
	last_attempt_time: null,
	autorestart_status: "disabled",
	version: 1,
	create_time: "2018-08-11T09:11:41.674Z",
	status: "in_progress",
	last_error: null,
	video_info: null,
	preview: null,
	groups: ["hd_stream_2"],
	revision: 1,
	run: 1,
	agent_id: null,
	feedback_time: null,
	restart_time: null,
};

const group: GroupRow = {
	group_id: ID,
	account_id: ACCOUNT,
	group_name: "group-1",
	description: "",
	create_time: row.create_time,
};

/** What was asked of it, and answers that do not change: for tests of the HTTP layer, which must only pass things on. */
export class RecordingEngine implements Engine {
	readonly calls: { method: string; with: unknown }[] = [];
	/** What `take` does; by default it gives one stream. */
	taking: (request: TakeRequest) => Promise<StreamRow[]> = async () => [row];
	/** Thrown by the next `get`, whatever it is. */
	broken: unknown;
	givenBack: (rows: readonly StreamRow[]) => void = () => undefined;

	get last(): unknown {
		return this.calls.at(-1)?.with;
	}

	async create(stream: WrittenStream) {
		return this.#note("create", stream, { stream_id: ID, version: 1 });
	}
	async recreate(stream_id: string, stream: WrittenStream, account_id: string | null) {
		return this.#note("recreate", { stream_id, stream, account_id }, { stream_id, version: 2 });
	}
	async patch(stream_id: string, patch: unknown, account_id: string | null) {
		this.#known(stream_id);
		return this.#note("patch", { stream_id, patch, account_id }, undefined);
	}
	async remove(stream_id: string) {
		this.#known(stream_id);
		return this.#note("remove", stream_id, undefined);
	}
	async removeMany(which: unknown) {
		return this.#note("removeMany", which, undefined);
	}
	async get(stream_id: string, account_id: string | null) {
		if (this.broken !== undefined) throw this.broken;
		this.#known(stream_id);
		return this.#note("get", { stream_id, account_id }, row);
	}
	known() {
		return undefined;
	}
	async list(filters: unknown, page: unknown) {
		return this.#note("list", { filters, page }, [row]);
	}
	async count(filters: unknown) {
		return this.#note("count", filters, 146);
	}
	async look(filters: unknown, limit: number) {
		return this.#note("look", { filters, limit }, [row]);
	}
	async take(request: TakeRequest) {
		this.#note("take", request, undefined);
		return this.taking(request);
	}
	async giveBack(taken: readonly StreamRow[]) {
		this.#note("giveBack", taken, undefined);
		this.givenBack(taken);
	}
	async feedback(items: readonly FeedbackItem[], agent_id: string | null) {
		const modified = items.map(({ stream_id, version }) => ({ stream_id, status: "in_progress" as const, version }));
		return this.#note("feedback", { items, agent_id }, { modified, unmodified: [] });
	}
	async listLogs(filters: unknown, page: unknown) {
		const record: LogRow = {
			stream_id: ID,
			log_time: row.create_time,
			status: "in_progress",
			version: 1,
			error: null,
			video_info: null,
			preview: null,
		};
		return this.#note("listLogs", { filters, page }, [record]);
	}
	async deleteLogs(time: string) {
		return this.#note("deleteLogs", time, 3);
	}
	async createGroup(given: { account_id: string; group_name: string; description: string }) {
		return this.#note("createGroup", given, { group_id: ID, group_name: given.group_name });
	}
	async listGroups(filters: unknown, page: unknown) {
		return this.#note("listGroups", { filters, page }, [group]);
	}
	async countGroups(filters: unknown) {
		return this.#note("countGroups", filters, 7);
	}
	async getGroup(group_id: string) {
		if (group_id !== ID) throw new Fault(39008, { id: group_id });
		return group;
	}
	async patchGroup(group_id: string, description: string) {
		return this.#note("patchGroup", { group_id, description }, undefined);
	}
	async removeGroup(group_id: string) {
		return this.#note("removeGroup", group_id, undefined);
	}
	async link(request: unknown) {
		return this.#note("link", request, [ID]);
	}
	async preview() {
		return { status: "in_progress" as const, live: "http://127.0.0.1:1/live", last_frame: null };
	}
	async checkHealth() {
		return this.#note("checkHealth", undefined, undefined);
	}

	#known(stream_id: string): void {
		if (stream_id !== ID) throw new Fault(39001, { id: stream_id });
	}

	#note<T>(method: string, what: unknown, answer: T): T {
		this.calls.push({ method, with: what });
		return answer;
	}
}
