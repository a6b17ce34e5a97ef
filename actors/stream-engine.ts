import { randomUUID } from "node:crypto";
import type { LifecyclePolicy } from "../machines/policy.ts";
import { createStreamMachine } from "../machines/stream-machine.ts";
import type { Database, Sql } from "../persistence/database.ts";
import { Fault, unavailable } from "../persistence/fault.ts";
import { countGroups } from "../persistence/groups/count.ts";
import { createGroup } from "../persistence/groups/create.ts";
import { deleteGroup } from "../persistence/groups/delete.ts";
import { getGroup } from "../persistence/groups/get.ts";
import { listGroups } from "../persistence/groups/list.ts";
import { patchGroup } from "../persistence/groups/patch.ts";
import { groupsWithin } from "../persistence/groups/within.ts";
import { attach, detach } from "../persistence/links/link.ts";
import { sweepLinks } from "../persistence/links/sweep.ts";
import { deleteLogsBefore } from "../persistence/logs/delete.ts";
import { listLogs } from "../persistence/logs/list.ts";
import { accountsOf, covers, everything, isWhole, type Scope } from "../persistence/scope.ts";
import { RunningPart, type Service } from "../persistence/service.ts";
import type { Spare } from "../persistence/shared-reading.ts";
import type {
	GroupFilters,
	GroupRow,
	LogFilters,
	LogRow,
	Page,
	QueueFilters,
	StreamFilters,
	StreamRow,
	WrittenStream,
} from "../persistence/stream-row.ts";
import { countStreams } from "../persistence/streams/count.ts";
import { createStreams, type StreamToCreate } from "../persistence/streams/create.ts";
import { deleteStreams, newestNumber } from "../persistence/streams/delete.ts";
import { getStreams } from "../persistence/streams/get.ts";
import { listStreams } from "../persistence/streams/list.ts";
import { lookQueue } from "../persistence/streams/look.ts";
import { Batcher } from "./batcher.ts";
import { NO_LUGGAGE } from "./change-draft.ts";
import type { Clock, Random } from "./clock.ts";
import type { Cluster } from "./cluster/cluster.ts";
import { Listeners } from "./cluster/listeners.ts";
import { CommitPipeline } from "./commit-pipeline.ts";
import type {
	Engine,
	FeedbackAnswer,
	FeedbackItem,
	GroupToCreate,
	LinkRequest,
	PreviewSource,
	StreamPatch,
	StreamsToRemove,
	TakeRequest,
} from "./engine.ts";
import { FeedbackDesk } from "./feedback-desk.ts";
import { type KnownRow, KnownRows } from "./known-rows.ts";
import { logRetention } from "./log-retention.ts";
import { Periodic } from "./periodic.ts";
import { Queue } from "./queue.ts";
import { Registry } from "./registry.ts";
import { jsonOf } from "./reported.ts";
import { keepGroupWithin, keepWithin } from "./scope-rules.ts";
import { Supervisor } from "./supervisor.ts";
import { TelemetryFlush } from "./telemetry-flush.ts";

export interface EngineOptions {
	database: Database;
	cluster: Cluster;
	/** No other node works on this database (the lone lock is held). */
	alone: boolean;
	clock: Clock;
	random: Random;
	policy: LifecyclePolicy;
	/** Seconds. */
	healthyPeriod: number;
	obsoleting: { period: number; interval: number };
	feedback: {
		/** Seconds. */
		flushInterval: number;
		/** `commit`: plain feedback is answered after it is written. */
		durability: "interval" | "commit";
	};
	queue: { maxTake: number; maxLook: number; maxWaiters: number; maxFilterBytes: number };
	/** Seconds that log records are kept, and between two rounds; null: for ever. */
	retention: { age: number; interval: number } | null;
	/** Resident actors at most. */
	maxResident: number;
	log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

const CREATE_BATCH = 250;
const READ_BATCH = 500;
/** Requests of one kind that may wait for their batch. */
const BATCH_QUEUE = 20_000;
const SWEEP_INTERVAL = 1_000;
const LINK_SWEEP_INTERVAL = 60_000;
const LINK_SWEEP = 5_000;
/** Milliseconds that a health check waits for the database: its answer is due within a second, on a busy machine too. */
const HEALTH_PATIENCE = 750;

/** Everything that runs between the HTTP routes and the database, put together. */
export class StreamEngine extends RunningPart implements Engine {
	readonly name = "engine";
	readonly #options: EngineOptions;
	readonly registry: Registry;
	readonly pipeline: CommitPipeline;
	readonly telemetry: TelemetryFlush;
	readonly queue: Queue;
	readonly supervisor: Supervisor;
	readonly #desk: FeedbackDesk;
	readonly #linkSweep: Periodic;
	readonly #parts: readonly Service[];
	readonly #creates: Batcher<StreamToCreate, null>;
	readonly #reads: Batcher<string, StreamRow | null>;
	readonly #known: KnownRows;
	readonly #commits = new Listeners<[milliseconds: number, streams: number]>();
	#leaving = false;

	constructor(options: EngineOptions) {
		super();
		this.#options = options;
		const { database, cluster, clock, log, random, alone } = options;
		this.pipeline = new CommitPipeline({
			database,
			bus: cluster.bus,
			clock,
			registry: () => this.registry,
			onCommit: (milliseconds, changes) => this.#commits.tell(milliseconds, changes),
		});
		this.registry = new Registry({
			database,
			machine: createStreamMachine(options.policy),
			clock,
			alone,
			maxResident: options.maxResident,
			idleAfter: Math.max(60_000, 2_000 * options.obsoleting.period),
			onReady: (actor) => this.pipeline.enqueue(actor),
			onDrop: (stream_id) => this.#known.forget(stream_id),
		});
		this.#known = new KnownRows(clock);
		const { registry } = this;
		this.telemetry = new TelemetryFlush({
			database,
			registry,
			clock,
			interval: options.feedback.flushInterval * 1000,
			period: options.obsoleting.period * 1000,
			log,
		});
		this.queue = new Queue({ database, registry, bus: cluster.bus, clock, log, ...options.queue });
		this.supervisor = new Supervisor({ database, registry, cluster, log, ...options.obsoleting });
		this.#desk = new FeedbackDesk({
			database,
			registry,
			telemetry: this.telemetry,
			clock,
			random,
			healthyPeriod: options.healthyPeriod * 1000,
			everyFeedbackIsNews: options.policy.logFeedback === "all",
			durability: options.feedback.durability,
			alone,
			bus: cluster.bus,
		});
		this.#linkSweep = new Periodic({
			name: "link sweep",
			interval: LINK_SWEEP_INTERVAL,
			log,
			work: async (stopping) => {
				while (!stopping.aborted && (await database.run("lists", (sql) => sweepLinks(sql, LINK_SWEEP))) > 0);
			},
		});
		const sweep = new Periodic({ name: "actor sweep", interval: SWEEP_INTERVAL, log, work: () => registry.sweep() });
		const retention = options.retention
			? [logRetention({ database, watch: cluster.watch, log, ...options.retention })]
			: [];
		this.#parts = [this.pipeline, this.telemetry, this.queue, sweep, this.#linkSweep, ...retention, this.supervisor];
		this.#creates = new Batcher<StreamToCreate, null>({
			part: "database",
			largest: CREATE_BATCH,
			queue: BATCH_QUEUE,
			work: (batch) => this.#createAll(batch),
		});
		this.#reads = new Batcher({
			part: "database",
			largest: READ_BATCH,
			queue: BATCH_QUEUE,
			work: async (ids) => {
				const read = () => database.run("commands", (sql) => getStreams(sql, ids));
				const rows = alone ? await this.#known.read(read) : await read();
				const byId = new Map(rows.map((row) => [row.stream_id, row]));
				return ids.map((id) => byId.get(id) ?? null);
			},
		});
		cluster.bus.subscribe((message, local) => {
			if (!local) registry.invalidate(message.events.map((event) => event.stream_id));
		});
		// It is told before whoever wrote is answered.
		cluster.bus.subscribe(({ events, relinked = [], groups, linked }) => {
			for (const { stream_id } of events) this.#known.forget(stream_id);
			for (const stream_id of relinked) this.#known.forget(stream_id);
			if (groups && !linked && relinked.length === 0) this.#known.forgetAll();
		});
		const forgetAll = () => {
			registry.invalidateAll();
			this.#known.forgetAll();
		};
		cluster.bus.onGap(forgetAll);
		// A statement whose answer was lost with the connection may have been carried out, on whatever streams.
		database.onReturn(forgetAll);
	}

	/** Streams created, and the statements that created them. */
	get created(): number {
		return this.#creates.items;
	}

	get createCommits(): number {
		return this.#creates.batches;
	}

	/** Items of feedback taken in. */
	get feedbackItems(): number {
		return this.#desk.items;
	}

	/**
	 * Calls back after each statement that wrote changes or created streams, with its time and how many streams it was about.
	 * Returns the end of the subscription.
	 */
	onCommit(listener: (milliseconds: number, streams: number) => void): () => void {
		return this.#commits.add(listener);
	}

	protected override async onStart(): Promise<void> {
		this.#leaving = false;
		this.#creates.open();
		this.#reads.open();
		for (const part of this.#parts) await part.start();
	}

	/** Health checks fail from now on, so that a proxy looks for another node; everything goes on as before. */
	leave(): void {
		this.#leaving = true;
	}

	/** Waiters are answered and nothing more is taken; the rest goes on until `stop()`. */
	async drain(): Promise<void> {
		this.leave();
		await this.queue.stop();
	}

	protected override async onStop(): Promise<void> {
		await this.drain();
		await Promise.all([this.#creates.close(), this.#reads.close()]);
		for (const part of [...this.#parts].reverse()) await part.stop();
		await this.registry.clear();
	}

	async create(stream: WrittenStream, scope = everything): Promise<{ stream_id: string; version: number }> {
		keepWithin(stream, scope, false);
		const stream_id = randomUUID();
		await this.#creates.submit({ stream_id, stream, group_accounts: scope.accounts });
		return { stream_id, version: 1 };
	}

	async #createAll(batch: StreamToCreate[]): Promise<(null | Fault)[]> {
		const { database, clock } = this.#options;
		const sent = clock.monotonic();
		const created = await database.run("commands", (sql) => createStreams(sql, batch));
		this.#commits.tell(clock.monotonic() - sent, batch.length);
		const at = clock.wall();
		const events = batch
			.filter(({ stream_id }) => created.has(stream_id))
			.map(({ stream_id, stream: { account_id, status } }) => ({
				stream_id,
				account_id,
				revision: 1,
				version: 1,
				status,
				records: [status],
				at,
			}));
		if (events.length > 0) this.#options.cluster.bus.publish({ events });
		return batch.map(({ stream_id, stream }) =>
			created.has(stream_id) ? null : new Fault(39007, { name: stream.group_name ?? "" }),
		);
	}

	async recreate(
		stream_id: string,
		stream: WrittenStream,
		account_id: string | null,
		scope = everything,
	): Promise<{ stream_id: string; version: number }> {
		// The stream is looked for first: the checks run in the order of the object and what it names.
		if (stream.group_name !== null || scope.groups !== null) await this.get(stream_id, account_id, scope);
		keepWithin(stream, scope, true);
		const group_id = stream.group_name === null ? null : await this.#groupNamed(stream.group_name, scope);
		const outcome = await this.registry.submit(stream_id, {
			accounts: accountsOf(scope, account_id ?? undefined),
			fresh: true,
			event: {
				type: "recreate",
				status: stream.status,
				restart: stream.restart,
				attempt_count: stream.attempt_count,
				delay: stream.delay,
				videofile: stream.data_type === "videofile",
			},
			luggage: { ...NO_LUGGAGE, definition: stream, group_id },
		});
		if (outcome.kind === "not_found") throw new Fault(39001, { id: stream_id });
		if (outcome.kind === "refused") throw new Fault(outcome.code, { id: stream_id });
		return { stream_id, version: outcome.version };
	}

	async #groupNamed(group_name: string, scope: Scope): Promise<string> {
		const [group] = await this.listGroups({ group_names: [group_name] }, { page: 1, page_size: 1 }, scope);
		if (!group) throw new Fault(39007, { name: group_name });
		return group.group_id;
	}

	async patch(stream_id: string, patch: StreamPatch, account_id: string | null, scope = everything): Promise<void> {
		// The actor knows its account, and not the groups of its stream.
		if (scope.groups !== null) await this.get(stream_id, account_id, scope);
		const outcome = await this.registry.submit(stream_id, {
			accounts: accountsOf(scope, account_id ?? undefined),
			fresh: true,
			event: patch.status === undefined ? null : { type: "patch", status: patch.status },
			luggage: { ...NO_LUGGAGE, description: patch.description ?? null },
		});
		if (outcome.kind === "not_found") throw new Fault(39001, { id: stream_id });
		if (outcome.kind === "refused") throw new Fault(outcome.code, { id: stream_id });
	}

	async remove(stream_id: string, account_id: string | null, scope = everything): Promise<void> {
		const deleted = await this.#removeAll({ stream_ids: [stream_id], names: [], account_id }, scope);
		if (deleted === 0) throw new Fault(39001, { id: stream_id });
	}

	async removeMany(
		which: StreamsToRemove,
		scope = everything,
		onRemoved?: (stream_ids: readonly string[]) => Promise<void>,
	): Promise<void> {
		await this.#removeAll(which, scope, onRemoved);
	}

	async #removeAll(
		which: StreamsToRemove,
		scope: Scope,
		onRemoved?: (stream_ids: readonly string[]) => Promise<void>,
	): Promise<number> {
		const { database, cluster, clock } = this.#options;
		const upTo = await database.run("commands", newestNumber);
		let count = 0;
		for (;;) {
			const { deleted, again } = await database.run("commands", (sql) => deleteStreams(sql, { ...which, scope, upTo }));
			count += deleted.length;
			if (deleted.length > 0) {
				const gone = deleted.map(({ stream_id }) => stream_id);
				this.registry.invalidate(gone);
				const at = clock.wall();
				cluster.bus.publish({
					events: deleted.map(({ stream_id, account_id, version, revision }) => ({
						stream_id,
						account_id,
						revision: revision + 1,
						version,
						status: "deleted",
						records: ["deleted"],
						at,
					})),
				});
				await onRemoved?.(gone);
			}
			if (!again) return count;
		}
	}

	async get(stream_id: string, account_id: string | null, scope = everything): Promise<StreamRow> {
		const row = await this.#reads.submit(stream_id);
		if (row === null || (account_id !== null && row.account_id !== account_id) || !covers(scope, row))
			throw new Fault(39001, { id: stream_id });
		const [shown = row] = await this.#shown([this.#withNewest(row)], scope);
		return shown;
	}

	/** Whatever may be slow, in its owner's turn. */
	#list<T>(statement: (sql: Sql, spare: Spare) => Promise<T>, owner?: string): Promise<T> {
		return this.#options.database.run("lists", statement, owner);
	}

	/** Without the names of groups that are not within the scope. */
	async #shown(rows: StreamRow[], scope: Scope): Promise<StreamRow[]> {
		const names = isWhole(scope) ? [] : rows.flatMap(({ groups }) => groups);
		if (names.length === 0) return rows;
		const within = await this.#options.database.run("commands", (sql) => groupsWithin(sql, [...new Set(names)], scope));
		const seen = new Set(within.map(({ group_name }) => group_name));
		return rows.map((row) => ({ ...row, groups: row.groups.filter((name) => seen.has(name)) }));
	}

	known(stream_id: string): KnownRow | undefined {
		// What is known would be right while the database is away, but nobody could tell for how long.
		const known = this.#options.database.available ? this.#known.get(stream_id) : undefined;
		if (known === undefined || known.row.status !== "in_progress") return known;
		const telemetry = this.registry.peek(stream_id)?.telemetry;
		if (telemetry?.video_info && telemetry.run === known.row.run) {
			// Made once, for the flush too.
			telemetry.video_info = jsonOf(telemetry.video_info);
			known.video_info = telemetry.video_info;
		}
		return known;
	}

	/** This node shows at once what an agent has just told it, though it is not written yet. */
	#withNewest(row: StreamRow): StreamRow {
		const telemetry = this.registry.peek(row.stream_id)?.telemetry;
		if (!telemetry?.video_info || row.status !== "in_progress" || row.run !== telemetry.run) return row;
		// A flush may have been under way when the row was read; an older one is in the row, or something newer of another node.
		const recent =
			this.#options.alone || telemetry.dirty || this.#options.clock.monotonic() - telemetry.flushed < 1_000;
		return recent ? { ...row, video_info: jsonOf(telemetry.video_info) } : row;
	}

	async list(filters: StreamFilters, page: Page, scope = everything, owner?: string): Promise<StreamRow[]> {
		const rows = await this.#list((sql) => listStreams(sql, { ...filters, scope }, page), owner);
		return this.#shown(rows, scope);
	}

	count(filters: StreamFilters, scope = everything, owner?: string): Promise<number> {
		return this.#list((sql, spare) => countStreams(sql, { ...filters, scope }, spare), owner);
	}

	async look(filters: QueueFilters, limit: number, scope = everything, owner?: string): Promise<StreamRow[]> {
		const most = Math.min(limit, this.#options.queue.maxLook);
		const rows = await this.#list((sql) => lookQueue(sql, { ...filters, scope }, most), owner);
		return this.#shown(rows, scope);
	}

	async take(request: TakeRequest, scope = everything): Promise<StreamRow[]> {
		const taken = await this.queue.take({ ...request, filters: { ...request.filters, scope } });
		try {
			return await this.#shown(taken, scope);
		} catch (error) {
			// They are taken, and nobody is told: they go back.
			void this.giveBack(taken);
			throw error;
		}
	}

	async giveBack(taken: readonly StreamRow[]): Promise<void> {
		const outcomes = taken.map(({ stream_id, run }) =>
			this.registry.submit(stream_id, { event: { type: "undelivered", run }, fresh: true }),
		);
		for (const outcome of await Promise.allSettled(outcomes)) {
			if (outcome.status === "fulfilled") continue;
			// The obsoleting period brings it back then.
			this.#options.log.warn({ err: outcome.reason }, "a taken stream could not be given back");
		}
	}

	feedback(
		items: readonly FeedbackItem[],
		agent_id: string | null,
		scope = everything,
	): FeedbackAnswer | Promise<FeedbackAnswer> {
		return this.#desk.take(items, agent_id, scope);
	}

	listLogs(filters: LogFilters, page: Page, scope = everything, owner?: string): Promise<LogRow[]> {
		return this.#list((sql) => listLogs(sql, { ...filters, scope }, page), owner);
	}

	deleteLogs(log_time__lt: string, owner?: string): Promise<number> {
		return deleteLogsBefore((statement) => this.#list(statement, owner), log_time__lt);
	}

	async createGroup(group: GroupToCreate, scope = everything): Promise<{ group_id: string; group_name: string }> {
		keepGroupWithin(group, scope);
		const { group_id, group_name } = await this.#options.database.run("commands", (sql) => createGroup(sql, group));
		this.#tellGroups();
		return { group_id, group_name };
	}

	listGroups(filters: GroupFilters, page: Page, scope = everything, owner?: string): Promise<GroupRow[]> {
		return this.#list((sql) => listGroups(sql, { ...filters, scope }, page), owner);
	}

	countGroups(filters: GroupFilters, scope = everything, owner?: string): Promise<number> {
		return this.#list((sql) => countGroups(sql, { ...filters, scope }), owner);
	}

	async getGroup(group_id: string, account_id: string | null, scope = everything): Promise<GroupRow> {
		const group = await this.#options.database.run("commands", (sql) => getGroup(sql, group_id, account_id, scope));
		if (group === null) throw new Fault(39008, { id: group_id });
		return group;
	}

	async patchGroup(
		group_id: string,
		description: string,
		account_id: string | null,
		scope = everything,
	): Promise<void> {
		const found = await this.#options.database.run("commands", (sql) =>
			patchGroup(sql, group_id, description, account_id, scope),
		);
		if (!found) throw new Fault(39008, { id: group_id });
		this.#tellGroups();
	}

	async removeGroup(group_id: string, account_id: string | null, scope = everything): Promise<void> {
		const found = await this.#options.database.run("commands", (sql) => deleteGroup(sql, group_id, account_id, scope));
		if (!found) throw new Fault(39008, { id: group_id });
		this.#linkSweep.soon();
		this.#options.cluster.bus.publish({ events: [], groups: true, dissolved: true });
	}

	#tellGroups(): void {
		this.#options.cluster.bus.publish({ events: [], groups: true });
	}

	async link({ action, ...link }: LinkRequest, scope = everything): Promise<readonly string[]> {
		const statement = action === "attach" ? attach : detach;
		const changed = await this.#options.database.run("commands", (sql) => statement(sql, { ...link, scope }));
		if (changed.length === 0) return changed;
		const linked = action === "attach";
		this.#options.cluster.bus.publish({ events: [], groups: true, relinked: changed, ...(linked && { linked }) });
		return changed;
	}

	async preview(stream_id: string, scope = everything): Promise<PreviewSource> {
		const { status, preview } = await this.get(stream_id, null, scope);
		// Our own text, checked against the schema when it came in.
		const urls = preview === null ? {} : (JSON.parse(preview) as ReportedPreview);
		return { status, live: urls.live?.url ?? null, last_frame: urls.last_frame?.url ?? null };
	}

	async checkHealth(): Promise<void> {
		if (this.#leaving || !this.running) throw unavailable("service");
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(unavailable("database")), HEALTH_PATIENCE);
		});
		try {
			await Promise.race([this.#options.database.ping(), late]);
		} finally {
			clearTimeout(timer);
		}
	}
}

interface ReportedPreview {
	live?: { url: string } | null;
	last_frame?: { url: string } | null;
}
