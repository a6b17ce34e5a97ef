import type { Clock } from "../../actors/clock.ts";
import type { Database } from "../../persistence/database.ts";
import { Fault, unavailable } from "../../persistence/fault.ts";
import { RunningPart } from "../../persistence/service.ts";
import type { Access } from "../access/access.ts";
import { permit } from "../access/actions.ts";
import type { Caller } from "../access/caller.ts";
import type { Kept, StandingCallers } from "../access/standing.ts";
import type { AuditSink } from "../audit/trail.ts";
import type { Peer, Peers } from "../http/peers.ts";
import { checkOrigin, type Opening, type Socket, serveSocket, type UpgradeRequest } from "../http/socket.ts";
import type { App } from "../http/uws.ts";
import type { Limits } from "../limits/limits.ts";
import { ownerOf } from "../limits/owner.ts";
import type { ConsoleRow } from "../schemas/console/row.ts";
import type { StatusCounts } from "../schemas/console/sets.ts";
import { Actions } from "./actions.ts";
import { Desk, type DeskOptions } from "./desk.ts";
import { streamDetail } from "./detail.ts";
import { ChangeFrames } from "./frames.ts";
import { IdList } from "./id-list.ts";
import { OwnerAllowances } from "./owner-allowances.ts";
import { ConsoleReads } from "./reads.ts";
import { ReferenceTests } from "./reference-tests.ts";
import type { StreamDetail } from "./server-message.ts";
import { Session, type SessionHost } from "./session.ts";
import { Sets } from "./sets.ts";
import type { Question } from "./view.ts";

const PATH = "/console/socket";
/** Milliseconds between two looks at the database's clock. */
const CLOCK_INTERVAL = 30_000;

export interface GatewayOptions extends Omit<DeskOptions, "sessions" | "reads" | "actions" | "wall"> {
	database: Database;
	access: Access;
	standing: Pick<StandingCallers, "keep">;
	/** Where it is recorded what is done with many streams; null: nowhere. */
	audit: AuditSink | null;
	/** Version of the service. */
	version: string;
	/** Origins besides the service's own whose pages may open a socket. */
	origins: readonly string[];
	/** Throws 39903 for a Host header that is not answered. */
	checkHost: (host: string) => void;
	/** Pages that may be connected at once. */
	maxSockets: number;
	/** Tells clients by their addresses, and how many pages each may have. */
	peers: Peers;
	limits: Pick<Limits, "byCaller" | "byAddress" | "checkSocket" | "countSocket" | "leaveSocket">;
	clock: Clock;
}

/** What became of the sockets of this node since its start. */
export interface SocketCounts {
	opened: number;
	/** Pages that do not take what they are sent as fast as it is sent, now. */
	behind: number;
	/** Closed because they did not take what they were sent. */
	slow: number;
	/** Frames of all kinds. */
	frames: number;
	pictures: number;
	/** Pictures that were left out because their page was behind. */
	dropped: number;
	/** What the lists of all pages' tables take now. */
	viewBytes: number;
}

/** The console's sockets: who may open one, who is connected, and their end. */
export class ConsoleGateway extends RunningPart {
	readonly name = "console gateway";
	readonly #options: GatewayOptions;
	readonly #origins: ReadonlySet<string>;
	/** With where each came from, and what sees to it that it goes on no longer than it may. */
	readonly #sessions = new Map<Session, { peer: Peer; kept: Kept }>();
	/** Frozen sets of streams, and what is done with them. */
	readonly sets: Sets;
	readonly actions: Actions;
	readonly referenceTests: ReferenceTests;
	readonly reads: ConsoleReads;
	readonly #desk: Desk;
	readonly #host: SessionHost;
	#leaving = false;
	/** Milliseconds that the database's clock is ahead of ours. */
	#ahead = 0;
	#clockTimer: NodeJS.Timeout | null = null;
	#opened = 0;
	#slow = 0;
	#framesOfClosed = 0;

	constructor(options: GatewayOptions) {
		super();
		this.#options = options;
		this.#origins = new Set(options.origins);
		const reads = new ConsoleReads(options.database);
		this.reads = reads;
		const { engine, audit, standing, log } = options;
		this.sets = new Sets({
			list: (owner, question, limit) => reads.list(owner, question, limit),
			describe: (owner, ids) => reads.describe(owner, ids),
		});
		this.actions = new Actions({ engine, load: (ids) => reads.streams(ids), standing, audit, log });
		this.referenceTests = new ReferenceTests({
			engine,
			previews: options.previews,
			now: () => reads.now(),
			log,
		});
		this.#desk = new Desk({
			...options,
			reads,
			actions: this.actions,
			sessions: { all: () => this.#sessions.keys(), count: () => this.#sessions.size },
			wall: () => this.#wall(),
		});
		const frames = new ChangeFrames();
		const allowances = new OwnerAllowances();
		this.#host = {
			mayHear: (owner, cost, now) => allowances.spend(owner, cost, now),
			handle: (session, text) => this.#desk.handle(session, text),
			frame: (number, parts) => frames.frame(number, parts),
			ended: (session, sub) => this.#desk.ended(session, sub),
			caughtUp: (session) => this.#desk.pictures.caughtUp(session),
			closed: (session) => this.#closed(session),
			log: options.log,
		};
	}

	/** Pages that are connected. */
	get sockets(): number {
		return this.#sessions.size;
	}

	get counts(): SocketCounts {
		let frames = this.#framesOfClosed;
		let behind = 0;
		for (const session of this.#sessions.keys()) {
			frames += session.frames;
			if (session.behind) behind++;
		}
		return { opened: this.#opened, behind, slow: this.#slow, frames, ...this.#desk.counts };
	}

	/** How many of all streams show each status, some seconds old at most; null before they were counted first. */
	get statuses(): StatusCounts | null {
		return this.#desk.statuses;
	}

	/** Serves the socket; for `HttpOptions.attach`. */
	attach(app: App, prefixes: readonly string[]): void {
		const { peers, log: logger } = this.#options;
		serveSocket(app, prefixes, { path: PATH, admit: (request) => this.#admit(request) }, { peers, logger });
	}

	/** The rows of these ids in their order, in this owner's turn; null for what is gone, or not within the caller's scope. */
	async rows(stream_ids: readonly string[], caller: Caller, owner: string): Promise<(ConsoleRow | null)[]> {
		const found = await this.reads.rows(owner, stream_ids);
		const rows = new Map(found.map((stream) => [stream.stream_id, stream.within(caller)?.row]));
		return stream_ids.map((id) => rows.get(id) ?? null);
	}

	/** Some of what matches a question now, and how many there are. @throws {Fault} 39905 when it takes too long */
	async search(question: Question & { scope: Caller }, from: number, count: number, owner: string) {
		const { total, ids } = await this.reads.list(owner, question, from + count);
		const rows = await this.rows(new IdList(ids).slice(from, count), question.scope, owner);
		return { total, from, rows: rows.filter((row) => row !== null) };
	}

	/** One stream whole, without its secrets. @throws {Fault} 39001 */
	detail(stream_id: string, caller: Caller, owner: string): Promise<StreamDetail> {
		const { engine } = this.#options;
		const parts = {
			load: (ids: readonly string[]) => this.reads.streams(ids),
			get: (id: string) => engine.get(id, null, caller),
		};
		return this.reads.forPage(owner, () => streamDetail(stream_id, caller, parts));
	}

	/**
	 * The node goes: tests end at once, actions after what is under way; every page is told how far they came and that it
	 * has to find another node. Nobody is let in any more.
	 */
	async leave(): Promise<void> {
		this.#leaving = true;
		await Promise.all([this.actions.leave(), this.referenceTests.leave()]);
		for (const session of [...this.#sessions.keys()]) session.end("leaving");
	}

	protected override async onStart(): Promise<void> {
		this.#leaving = false;
		this.actions.enter();
		this.referenceTests.enter();
		await this.#desk.start();
		await this.#lookAtClock();
		this.#clockTimer = setInterval(() => void this.#lookAtClock(), CLOCK_INTERVAL);
	}

	protected override async onStop(): Promise<void> {
		await this.leave();
		if (this.#clockTimer !== null) clearInterval(this.#clockTimer);
		this.#clockTimer = null;
		await this.#desk.stop();
		this.sets.clear();
	}

	#admit(request: UpgradeRequest): Opening | Promise<Opening> {
		const { access, checkHost, maxSockets, limits } = this.#options;
		checkHost(request.host);
		checkOrigin(request, this.#origins);
		const admit = (caller: Caller): Opening => {
			permit(caller, "look");
			limits.checkSocket(request.peer);
			if (!this.running || this.#leaving) throw unavailable("console");
			if (this.#sessions.size >= maxSockets) throw unavailable("room for another console");
			return (socket) => this.#open(socket, caller, request);
		};
		if (access.everybody !== null) {
			limits.byAddress(request.peer);
			return admit(access.everybody);
		}
		const admitKnown = (known: Caller) => {
			limits.byCaller(known);
			return admit(known);
		};
		const refuse = (error: unknown): never => {
			limits.byAddress(request.peer);
			throw error;
		};
		let caller: Caller | Promise<Caller>;
		try {
			caller = access.authenticate({ ...request, changes: true });
		} catch (error) {
			// Counted, and then what it was.
			return refuse(error);
		}
		return caller instanceof Promise ? caller.then(admitKnown, refuse) : admitKnown(caller);
	}

	#open(socket: Socket, caller: Caller, request: UpgradeRequest): Session {
		const { cluster, version, limits, standing } = this.#options;
		limits.countSocket(request.peer);
		const session = new Session(
			socket,
			{ caller, owner: ownerOf(caller, request.peer) ?? `page ${this.#opened}` },
			this.#host,
		);
		// One that sees other things now has to connect anew.
		const lost = ({ code }: Fault) => session.end(code === 39903 ? "leaving" : "unauthorized");
		const kept = standing.keep({ credentials: { ...request, changes: true }, caller, lost });
		this.#sessions.set(session, { peer: request.peer, kept });
		this.#opened++;
		const { node_id, boot_id } = cluster.membership.self;
		session.send({
			type: "hello",
			position: { boot_id, number: this.#desk.number },
			node_id,
			version,
			now: this.#wall(),
			caller: { name: caller.name, role: caller.role },
		});
		return session;
	}

	#closed(session: Session): void {
		const known = this.#sessions.get(session);
		if (known !== undefined) this.#options.limits.leaveSocket(known.peer);
		known?.kept.leave();
		this.#sessions.delete(session);
		this.#desk.pictures.leave(session);
		this.#framesOfClosed += session.frames;
		if (session.ending === "slow") this.#slow++;
	}

	/** The database's clock, as far as it is known. */
	#wall(): number {
		return this.#options.clock.wall() + this.#ahead;
	}

	async #lookAtClock(): Promise<void> {
		const { clock, log } = this.#options;
		try {
			const began = clock.wall();
			const now = await this.reads.now();
			this.#ahead = now - (began + clock.wall()) / 2;
		} catch (error) {
			// The last known difference still holds.
			if (!(error instanceof Fault)) log.error({ err: error }, "the database's clock could not be read");
		}
	}
}
