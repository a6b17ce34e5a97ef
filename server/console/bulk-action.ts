import type { Engine, LinkRequest } from "../../actors/engine.ts";
import type { AuditEntry } from "../../persistence/audit/audit-record.ts";
import { Fault, unavailable } from "../../persistence/fault.ts";
import type { Credentials } from "../access/access.ts";
import { covers } from "../access/scope.ts";
import type { Kept, StandingCallers } from "../access/standing.ts";
import type { Author } from "../audit/author.ts";
import { type AuditSink, entriesOf } from "../audit/trail.ts";
import { errorAnswer, toFault } from "../http/catalogue.ts";
import type { HttpLogger } from "../http/options.ts";
import type { ActionProgress, BulkAction } from "../schemas/console/sets.ts";
import type { IdList } from "./id-list.ts";
import type { LoadedStream } from "./row.ts";

/** Streams that are read and acted upon together, and of these how many at the same time. */
const BATCH = 200;
const IN_FLIGHT = 32;
/** Streams that were not acted upon, which are told one by one. */
const MOST_PROBLEMS = 1_000;

type Outcome = keyof ActionProgress["outcomes"];

/** The status that an action gives, where it gives one. */
const given = { pause: "pause", resume: "pending", cancel: "cancel" } as const;

export interface ActionParts {
	engine: Pick<Engine, "patch" | "removeMany" | "link" | "getGroup">;
	load: (stream_ids: readonly string[]) => Promise<LoadedStream[]>;
	standing: Pick<StandingCallers, "keep">;
	/** null: nothing is recorded. */
	audit: AuditSink | null;
	log: HttpLogger;
}

export interface ActionRequest {
	action_id: string;
	action: BulkAction;
	group: { group_id: string; group_name: string } | null;
	list: IdList;
	author: Author;
	/** What its maker showed; null where access is not controlled. */
	credentials: Credentials | null;
}

/**
 * One action on every stream of a set, in batches, by the engine's own ways: each is checked and committed as if it had
 * been asked for by itself, and no batch begins when its maker may not act any more. What does not apply any more is told
 * and not forced; one failure does not keep the others. Each stream that was acted upon, or refused it, leaves a record in the
 * audit; when these cannot be kept, it ends.
 */
export class RunningAction {
	/** Without its list, which is as large as all streams may be: that goes with its end. */
	readonly request: Omit<ActionRequest, "list">;
	readonly progress: ActionProgress;
	/** Resolves when it is at its end. Never rejects. */
	readonly ended: Promise<void>;
	/** When it ended, on the monotonic clock. */
	endedAt: number | null = null;
	readonly #parts: ActionParts;
	readonly #onProgress: (action: RunningAction) => void;
	readonly #kept: Kept | null;
	#stopping = false;
	#text: string | null = null;
	/** Of the batch under way. */
	#entries: AuditEntry[] = [];

	constructor({ list, ...request }: ActionRequest, parts: ActionParts, onProgress: (action: RunningAction) => void) {
		this.request = request;
		this.#parts = parts;
		this.#onProgress = onProgress;
		this.progress = {
			action_id: request.action_id,
			action: request.action,
			total: list.length,
			done: 0,
			outcomes: { applied: 0, unchanged: 0, refused: 0, failed: 0 },
			problems: [],
			finished: false,
		};
		const { credentials, author } = request;
		const lost = (): void => {
			this.#stopping = true;
		};
		this.#kept = credentials && parts.standing.keep({ credentials, caller: author.caller, lost });
		this.ended = this.#run(list);
	}

	/** `progress` as JSON, made once for all who are told of it: with a thousand problems it is large. */
	get text(): string {
		this.#text ??= JSON.stringify(this.progress);
		return this.#text;
	}

	/** Begins no further batch; what is under way is finished. */
	stop(): Promise<void> {
		this.#stopping = true;
		return this.ended;
	}

	async #run(list: IdList): Promise<void> {
		for (let at = 0; at < list.length && (await this.#mayGoOn()); at += BATCH) {
			await this.#batch(list.slice(at, BATCH));
			await this.#record();
			this.#onProgress(this);
		}
		this.#kept?.leave();
		this.progress.finished = true;
		this.#text = null;
		this.endedAt = performance.now();
		this.#onProgress(this);
	}

	/** Nobody has ended it, and its maker may still act. */
	async #mayGoOn(): Promise<boolean> {
		try {
			if (!this.#stopping) await this.#kept?.confirm();
		} catch (error) {
			// When it cannot be asked, the database is away for the streams as well.
			if (toFault(error).code !== 39905) this.#stopping = true;
		}
		return !this.#stopping;
	}

	async #batch(ids: readonly string[]): Promise<void> {
		const { action } = this.request;
		let found: Map<string, LoadedStream>;
		try {
			const rows = await this.#parts.load(ids);
			const visible = rows.filter(({ source }) => covers(this.request.author.caller, source));
			found = new Map(visible.map((row) => [row.stream_id, row]));
		} catch (error) {
			for (const id of ids) this.#problem(id, "", "failed", error);
			return;
		}
		const todo: LoadedStream[] = [];
		for (const id of ids) {
			const stream = found.get(id);
			if (stream !== undefined && this.#applies(stream)) todo.push(stream);
			else if (stream !== undefined || action === "delete") this.#count("unchanged");
			else this.#problem(id, "", "refused", new Fault(39001, { id }));
		}
		if (action === "pause" || action === "resume" || action === "cancel") await this.#patch(todo, given[action]);
		else if (action === "delete") await this.#delete(todo);
		else await this.#together(todo);
	}

	/** Whether there is something to do. */
	#applies({ source }: LoadedStream): boolean {
		const { action, group } = this.request;
		switch (action) {
			case "attach":
				return !source.groups.includes(group?.group_name ?? "");
			case "detach":
				return source.groups.includes(group?.group_name ?? "");
			case "delete":
				return true;
			default:
				return source.status !== given[action];
		}
	}

	async #patch(streams: readonly LoadedStream[], status: "pause" | "pending" | "cancel"): Promise<void> {
		const waiting = [...streams];
		const { caller } = this.request.author;
		const work = async () => {
			for (let stream = waiting.pop(); stream !== undefined; stream = waiting.pop())
				await this.#one(stream, () => this.#parts.engine.patch(stream.stream_id, { status }, null, caller));
		};
		await Promise.all(Array.from({ length: IN_FLIGHT }, work));
	}

	/** Those that somebody else has deleted meanwhile had nothing done to them. */
	async #delete(streams: readonly LoadedStream[]): Promise<void> {
		if (streams.length === 0) return;
		const left = new Map(streams.map((stream) => [stream.stream_id, stream]));
		const which = { stream_ids: [...left.keys()], names: [], account_id: null };
		try {
			await this.#parts.engine.removeMany(which, this.request.author.caller, async (removed) => {
				for (const stream_id of removed) if (left.delete(stream_id)) this.#applied(stream_id);
			});
			for (const _ of left) this.#count("unchanged");
		} catch (error) {
			const outcome = outcomeOf(toFault(error));
			for (const { stream_id, source } of left.values()) this.#problem(stream_id, source.name, outcome, error);
		}
	}

	/** Those that the engine links together; when it refuses them for one that is gone, one by one. */
	async #together(streams: readonly LoadedStream[]): Promise<void> {
		if (streams.length === 0) return;
		try {
			await this.#link(streams.map(({ stream_id }) => stream_id));
		} catch (error) {
			const fault = toFault(error);
			if (fault.code !== 39001 || streams.length === 1) {
				for (const { stream_id, source } of streams) this.#problem(stream_id, source.name, outcomeOf(fault), error);
				return;
			}
			for (const { stream_id, source } of streams)
				await this.#link([stream_id]).catch((error: unknown) =>
					this.#problem(stream_id, source.name, outcomeOf(toFault(error)), error),
				);
		}
	}

	/** Those that somebody else has linked or unlinked meanwhile had nothing done to them. */
	async #link(stream_ids: string[]): Promise<void> {
		const { action, group } = this.request;
		if (group === null || (action !== "attach" && action !== "detach")) throw unavailable("group");
		const link: LinkRequest = { action, stream_ids, group_id: group.group_id, account_id: null };
		const changed = new Set(await this.#parts.engine.link(link, this.request.author.caller));
		for (const stream_id of stream_ids) {
			if (changed.has(stream_id)) this.#applied(stream_id);
			else this.#count("unchanged");
		}
	}

	async #one({ stream_id, source }: LoadedStream, work: () => Promise<void>): Promise<void> {
		try {
			await work();
			this.#applied(stream_id);
		} catch (error) {
			this.#problem(stream_id, source.name, outcomeOf(toFault(error)), error);
		}
	}

	#applied(stream_id: string): void {
		this.#count("applied");
		this.#note(stream_id, 204, 0);
	}

	#note(stream_id: string, status: number, error_code: number): void {
		const { action, action_id, group, author } = this.request;
		const subjects = { stream_ids: [stream_id], group_id: group?.group_id ?? null };
		this.#entries.push(...entriesOf(author, action, subjects, { status, error_code, details: { action_id } }));
	}

	async #record(): Promise<void> {
		const entries = this.#entries.splice(0);
		if (entries.length === 0) return;
		try {
			await this.#parts.audit?.keep(entries);
		} catch (error) {
			// Nothing more is to be changed without its record.
			this.#stopping = true;
			this.#parts.log.error({ err: error, records: entries.length }, "a bulk action ends: the audit is not kept");
		}
	}

	#count(outcome: Outcome): void {
		this.#text = null;
		this.progress.done++;
		this.progress.outcomes[outcome]++;
	}

	#problem(stream_id: string, name: string, outcome: Outcome, error: unknown): void {
		this.#count(outcome);
		const fault = toFault(error);
		if (fault.code === 1) this.#parts.log.error({ err: fault.cause, stream_id }, "a bulk action failed on a stream");
		const { status, body } = errorAnswer(fault);
		this.#note(stream_id, status, fault.code);
		if (this.progress.problems.length < MOST_PROBLEMS) this.progress.problems.push({ stream_id, name, ...body });
	}
}

/** What is not there, or not in the state for it, is refused; what stands in the way of all is a failure. */
function outcomeOf({ code }: Fault): Outcome {
	return code === 1 || code === 39905 ? "failed" : "refused";
}
