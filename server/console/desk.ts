import type { Cluster } from "../../actors/cluster/cluster.ts";
import type { Engine } from "../../actors/engine.ts";
import { everything, type Scope } from "../../persistence/scope.ts";
import { RunningPart } from "../../persistence/service.ts";
import { permit } from "../access/actions.ts";
import type { Caller } from "../access/caller.ts";
import { covers, isWhole } from "../access/scope.ts";
import type { HttpLogger } from "../http/options.ts";
import type { Previews } from "../preview/relay.ts";
import type { ClientMessage, MessageOf } from "../schemas/console/messages.ts";
import type { StatusCounts } from "../schemas/console/sets.ts";
import type { Actions } from "./actions.ts";
import { boundBacklog } from "./backlog.ts";
import { Counts } from "./counts.ts";
import { DetailSubscription, streamDetail } from "./detail.ts";
import { Feed, type Round } from "./feed.ts";
import { Latest } from "./latest.ts";
import { LogFollower } from "./log-follower.ts";
import { type NodesState, nodesState } from "./node-board.ts";
import { Pictures } from "./pictures.ts";
import { QueueBoard, type QueueState } from "./queue-board.ts";
import { readMessage } from "./read-message.ts";
import type { ConsoleReads } from "./reads.ts";
import type { Session, Subscription } from "./session.ts";
import { StreamsSubscription, type ViewParts } from "./streams-subscription.ts";
import { Telemetry } from "./telemetry.ts";
import { Topic } from "./topic.ts";
import { Views } from "./views.ts";

/** Milliseconds between two looks after what is periodic. */
const TICK = 250;
const SECOND = 1_000;
/** What one round of changes may cost, in texts that are looked for: some 20 ms. */
const ROUND_WORK = 200_000;

export interface DeskOptions {
	engine: Engine;
	reads: ConsoleReads;
	actions: Actions;
	previews: Pick<Previews, "lastFrame" | "follow">;
	/** Takers that wait on this node for streams of a scope alone. */
	waiters: (scope: Scope) => number;
	/** There is no Redis. */
	alone: boolean;
	/** Milliseconds since 1970 by the database's clock. */
	wall: () => number;
	cluster: Cluster;
	/** Every page that is connected. */
	sessions: { all(): Iterable<Session>; count(): number };
	/** Bytes of all views together. */
	maxViewBytes: number;
	log: HttpLogger;
}

/** What pages ask for over their sockets, and how they are told what becomes of it. */
export class Desk extends RunningPart {
	readonly name = "console desk";
	readonly #options: DeskOptions;
	readonly #touched = new Set<Session>();
	readonly #details = new Map<string, Set<DetailSubscription>>();
	/** What each subscription asks to be told the telemetry of, and each page the pictures of: one looking up at a time. */
	readonly #watching = new WeakMap<Subscription, Latest<readonly string[]>>();
	readonly #wanting = new WeakMap<Session, Latest<MessageOf<"pictures">["streams"]>>();
	readonly #views: Views;
	readonly #feed: Feed;
	readonly #telemetry: Telemetry;
	readonly #counts: Counts;
	readonly #logs: LogFollower;
	readonly #queue: Topic<QueueState>;
	readonly #board: QueueBoard;
	readonly #nodes: Topic<NodesState>;
	readonly pictures: Pictures;
	readonly #viewParts: ViewParts;
	#timer: NodeJS.Timeout | null = null;
	#unsubscribe: (() => void)[] = [];
	#lastSecond = 0;

	constructor(options: DeskOptions) {
		super();
		this.#options = options;
		const { reads, cluster, sessions, log } = options;
		this.#views = new Views({
			bytes: options.maxViewBytes,
			list: (question, limit, { owner, wanted }) => reads.list(owner, question, limit, wanted),
			number: () => this.#feed.number,
		});
		this.#feed = new Feed({
			bus: cluster.bus,
			load: (stream_ids) => reads.streams(stream_ids),
			largestRound: () => Math.floor(ROUND_WORK / Math.max(1, this.#views.work)),
			listenedTo: () => sessions.count() > 0 || this.#views.size > 0,
			onRound: (round) => this.#tell(round),
			onGap: () => this.#readAnew(),
			log,
		});
		this.#telemetry = new Telemetry({ read: (ids) => reads.telemetry(ids), log });
		this.#counts = new Counts({ count: (scope) => reads.count(scope), log });
		this.#logs = new LogFollower(reads, log);
		this.#board = new QueueBoard(reads, options.waiters);
		this.#queue = new Topic({
			name: "the queue",
			type: "queue",
			interval: SECOND,
			read: (scope) => this.#board.read(scope),
			members: (state) => state,
			log,
		});
		this.#nodes = new Topic({
			name: "nodes",
			type: "nodes",
			interval: SECOND - TICK / 2,
			read: async () => nodesState(cluster, options.alone),
			members: (state) => state,
			log,
		});
		const urls = (stream_id: string) => options.engine.preview(stream_id, everything);
		this.pictures = new Pictures({ previews: options.previews, urls, wall: options.wall }, reads);
		this.#viewParts = {
			views: this.#views,
			feed: this.#feed,
			bootId: cluster.membership.self.boot_id,
			load: (owner, stream_ids) => reads.rows(owner, stream_ids),
			touched: (session) => this.#touched.add(session),
		};
	}

	/** The number of the last round of changes. */
	get number(): number {
		return this.#feed.number;
	}

	get counts() {
		return { pictures: this.pictures.sent, dropped: this.pictures.skipped, viewBytes: this.#views.bytes };
	}

	/** How many of all streams show each status, some seconds old at most; null before they were counted first. */
	get statuses(): StatusCounts | null {
		return this.#counts.everywhere;
	}

	/** Carries out a message of a page; what is in its way the page is told. */
	handle(session: Session, text: string): void {
		let sub: number | undefined;
		const carryOut = async () => {
			const message = readMessage(text);
			if ("sub" in message) sub = message.sub;
			await this.#carryOut(session, message);
		};
		carryOut().catch((error) => session.sendError(error, sub));
	}

	/** Nothing more is said to a session under this number. */
	ended(session: Session, sub: number): void {
		this.#telemetry.watch(session, sub, []);
	}

	protected override async onStart(): Promise<void> {
		const { cluster, sessions } = this.#options;
		this.#unsubscribe = [
			cluster.bus.subscribe((message) => {
				const { events, groups, dissolved } = message;
				this.#board.hear(events);
				this.pictures.hear(message);
				if (events.length > 0 || groups) this.#touch();
				if (dissolved) this.#readAnew();
				if (groups) for (const session of sessions.all()) session.send({ type: "groups" });
			}),
		];
		await this.#feed.start();
		this.#timer = setInterval(() => this.#tick(), TICK);
	}

	protected override async onStop(): Promise<void> {
		if (this.#timer !== null) clearInterval(this.#timer);
		this.#timer = null;
		for (const end of this.#unsubscribe.splice(0)) end();
		await this.#feed.stop();
		this.pictures.clear();
		this.#views.clear();
	}

	async #carryOut(session: Session, message: ClientMessage): Promise<void> {
		if (message.op === "end") return session.unsubscribe(message.sub);
		if (message.op === "rows") {
			const subscription = session.subscriptions.get(message.sub);
			if (subscription instanceof StreamsSubscription) await subscription.rows(message);
			return;
		}
		if (message.op === "watch") return this.#watch(session, message.sub, message.stream_ids);
		if (message.op === "pictures") return this.#wantPictures(session, message.streams);
		session.admit(message.sub);
		switch (message.op) {
			case "streams":
				return this.#streams(session, message);
			case "stream":
				return this.#stream(session, message);
			case "action":
				return session.subscribe(message.sub, this.#options.actions.subscribe(session, message.sub, message.action_id));
			case "counts":
				return session.subscribe(message.sub, this.#counts.subscribe(session, message.sub));
			case "logs":
				return this.#followLogs(session, message);
			case "queue":
				return session.subscribe(message.sub, this.#queue.subscribe(session, message.sub));
			case "nodes":
				permit(session.caller, "inspect");
				return session.subscribe(message.sub, this.#nodes.subscribe(session, message.sub));
		}
	}

	async #streams(session: Session, message: MessageOf<"streams">): Promise<void> {
		const subscription = new StreamsSubscription(session, message, this.#viewParts);
		session.subscribe(message.sub, subscription);
		await begun(session, message.sub, subscription, () => subscription.begin(message.since));
	}

	async #stream(session: Session, { sub, stream_id }: MessageOf<"stream">): Promise<void> {
		const shown = this.#details.get(stream_id) ?? new Set();
		const { reads, engine } = this.#options;
		const parts = {
			load: (ids: readonly string[]) => reads.streams(ids),
			get: (id: string) => engine.get(id, null, everything),
		};
		const read = (id: string, caller: Caller) => reads.forPage(session.owner, () => streamDetail(id, caller, parts));
		const subscription = new DetailSubscription(session, sub, stream_id, read, () => {
			shown.delete(subscription);
			if (shown.size === 0) this.#details.delete(stream_id);
		});
		shown.add(subscription);
		this.#details.set(stream_id, shown);
		session.subscribe(sub, subscription);
		await subscription.changed();
		await this.#watch(session, sub, [stream_id]);
	}

	/** Telemetry of streams, for a subscription that is there; those that the page may not see are left out. */
	async #watch(session: Session, sub: number, stream_ids: readonly string[]): Promise<void> {
		const subscription = session.subscriptions.get(sub);
		if (subscription === undefined) return;
		const known = this.#watching.get(subscription);
		if (known !== undefined) return known.give(stream_ids);
		const watching = new Latest<readonly string[]>(async (ids) => {
			// Overtaken by another question, or ended meanwhile.
			const current = () => session.subscriptions.get(sub) === subscription && watching.newest === ids;
			if (!current()) return;
			try {
				const before = this.#feed.number;
				const visible = await this.#visible(session, ids);
				if (!current()) return;
				this.#telemetry.watch(session, sub, visible);
				this.#judgeAgain(session, visible, before);
			} catch (error) {
				if (current()) session.sendError(error, sub);
			}
		});
		this.#watching.set(subscription, watching);
		return watching.give(stream_ids);
	}

	/** Those of some streams that a page may see. */
	async #visible({ caller, owner }: Session, stream_ids: readonly string[]): Promise<readonly string[]> {
		if (isWhole(caller) || stream_ids.length === 0) return stream_ids;
		const rows = await this.#options.reads.rows(owner, stream_ids);
		return rows.filter(({ source }) => covers(caller, source)).map((row) => row.stream_id);
	}

	/** Pictures of streams instead of those before. None are wanted at once, others when the lookup under way is over. */
	async #wantPictures(session: Session, streams: MessageOf<"pictures">["streams"]): Promise<void> {
		let wanting = this.#wanting.get(session);
		if (streams.length === 0) {
			wanting?.forget();
			return this.pictures.leave(session);
		}
		if (wanting === undefined) {
			wanting = new Latest((wanted) =>
				session.open
					? this.#showPictures(session, wanted).catch((error) => session.sendError(error))
					: Promise.resolve(),
			);
			this.#wanting.set(session, wanting);
		}
		return wanting.give(streams);
	}

	async #showPictures(session: Session, wanted: MessageOf<"pictures">["streams"]): Promise<void> {
		const before = this.#feed.number;
		await this.pictures.want(session, wanted);
		this.#judgeAgain(
			session,
			wanted.map(({ stream_id }) => stream_id),
			before,
		);
	}

	/** What changed while it was looked up who sees it is judged with the next round: that of its change did not know yet who asks. */
	#judgeAgain({ caller }: Session, stream_ids: readonly string[], before: number): void {
		if (isWhole(caller)) return;
		const changed = this.#feed.changedSince(before);
		this.#feed.again(changed === null ? stream_ids : stream_ids.filter((id) => changed.has(id)));
	}

	async #followLogs(session: Session, { sub, filter, since }: MessageOf<"logs">): Promise<void> {
		const follower = this.#logs.follower(session, sub, filter);
		session.subscribe(sub, follower);
		await begun(session, sub, follower, () => this.#logs.begin(follower, since));
	}

	/** Something happened to some stream or group. */
	#touch(): void {
		this.#counts.touch();
		this.#queue.touch();
		this.#logs.touch();
	}

	#tell(round: Round): void {
		const { number, changes } = round;
		this.#views.tell(round);
		if (this.#board.place(changes)) this.#queue.touch();
		for (const session of this.#touched) session.flush(number);
		this.#touched.clear();
		this.#telemetry.forbid(changes);
		this.pictures.judge(changes);
		for (const { stream_id } of changes) for (const detail of this.#details.get(stream_id) ?? []) void detail.changed();
	}

	/** Changes may have been missed, or many streams may be in other groups now: what pages show is read and judged again. */
	#readAnew(): void {
		this.#touch();
		for (const session of this.#options.sessions.all()) {
			for (const [sub, subscription] of session.subscriptions) {
				if (subscription instanceof StreamsSubscription) void subscription.renew();
				else if (subscription instanceof DetailSubscription) void subscription.changed();
				if (!isWhole(session.caller)) this.#watchAgain(session, sub, subscription);
			}
			this.pictures.judgeAll(session);
		}
	}

	#watchAgain(session: Session, sub: number, subscription: Subscription): void {
		const watching = this.#watching.get(subscription);
		if (watching?.newest === undefined) return;
		// Nothing that cannot be judged is told.
		this.#telemetry.watch(session, sub, []);
		// Another list, so that a question under way for the same one counts for nothing.
		void watching.give([...watching.newest]);
	}

	#tick(): void {
		const now = performance.now();
		this.#counts.tick(now);
		this.#queue.tick(now);
		this.#nodes.tick(now);
		void this.#logs.tick();
		this.pictures.tick(now);
		if (now - this.#lastSecond < SECOND - TICK / 2) return;
		this.#lastSecond = now;
		this.#nodes.touch();
		// Without the other nodes' messages whatever they do is found by looking.
		if (!this.#options.cluster.bus.connected) this.#touch();
		for (const session of [...this.#options.sessions.all()]) session.check(now);
		boundBacklog(this.#options.sessions.all());
		void this.#telemetry.round();
	}
}

/** A subscription whose beginning fails is ended; what failed of one that was replaced meanwhile is nobody's concern. */
async function begun(
	session: Session,
	sub: number,
	subscription: Subscription,
	begin: () => Promise<void>,
): Promise<void> {
	try {
		await begin();
	} catch (error) {
		if (session.subscriptions.get(sub) !== subscription) return;
		session.unsubscribe(sub);
		throw error;
	}
}
