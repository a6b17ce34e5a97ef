import { randomUUID } from "node:crypto";
import { Fault, unavailable } from "../../persistence/fault.ts";
import type { Credentials } from "../access/access.ts";
import { type Caller, identityOf } from "../access/caller.ts";
import type { Author } from "../audit/author.ts";
import type { ActionProgress, BulkAction } from "../schemas/console/sets.ts";
import { type ActionParts, RunningAction } from "./bulk-action.ts";
import type { IdList } from "./id-list.ts";
import type { Session, Subscription } from "./session.ts";

/** Actions that run at the same time on one node, and those that are remembered. */
const MOST_RUNNING = 8;
/** Of these, how many of one caller: others have room left. */
const MOST_OF_CALLER = 4;
const MOST_KEPT = 200;
/** Milliseconds that one that has ended is remembered. */
const KEPT = 600_000;

interface Listener extends Subscription {
	tell(): void;
}

/** The bulk actions of this node: what runs, and how what ended came out. */
export class Actions {
	readonly #parts: ActionParts;
	readonly #actions = new Map<string, RunningAction>();
	readonly #listeners = new Map<string, Set<Listener>>();
	#leaving = false;

	constructor(parts: ActionParts) {
		this.#parts = parts;
	}

	get running(): number {
		return [...this.#actions.values()].filter(({ endedAt }) => endedAt === null).length;
	}

	/**
	 * Starts an action on every stream of a list. It goes on for as long as whoever asked may act.
	 *
	 * @param credentials what the request showed; null where access is not controlled
	 * @throws {Fault} 39008 for an unknown group, 39905 when too many run, or the node goes
	 */
	async start(
		list: IdList,
		{ action, group_id }: { action: BulkAction; group_id?: string },
		author: Author,
		credentials: Credentials | null,
	): Promise<ActionProgress> {
		const group = group_id === undefined ? null : await this.#group(group_id, author.caller);
		this.#forgetOld();
		if (this.#leaving || this.running >= MOST_RUNNING || this.#actions.size >= MOST_KEPT)
			throw unavailable("room for another action");
		if (credentials !== null && this.#runningOf(author.caller) >= MOST_OF_CALLER)
			throw unavailable("room for another action of yours");
		const running = new RunningAction(
			{ action_id: randomUUID(), action, group, list, author, credentials },
			this.#parts,
			({ request }) => this.#tell(request.action_id),
		);
		this.#actions.set(running.request.action_id, running);
		return running.progress;
	}

	#runningOf(caller: Caller): number {
		const owner = identityOf(caller);
		let count = 0;
		for (const { endedAt, request } of this.#actions.values())
			if (endedAt === null && identityOf(request.author.caller) === owner) count++;
		return count;
	}

	/** How far an action of this caller is. @throws {Fault} 12013 when there is none */
	get(action_id: string, caller: Caller): ActionProgress {
		return this.#find(action_id, caller).progress;
	}

	/** Ends an action after what is under way. @throws {Fault} 12013 */
	async stop(action_id: string, caller: Caller): Promise<ActionProgress> {
		const action = this.#find(action_id, caller);
		await action.stop();
		return action.progress;
	}

	/** The node goes: no action begins, and those that run end after what is under way. */
	async leave(): Promise<void> {
		this.#leaving = true;
		await Promise.all([...this.#actions.values()].map((action) => action.stop()));
	}

	enter(): void {
		this.#leaving = false;
	}

	/** Tells a page how far an action is, until its end; null when there is none of this caller's. */
	subscribe(session: Session, sub: number, action_id: string): Subscription {
		const known = this.#actions.get(action_id);
		const action =
			known !== undefined && identityOf(known.request.author.caller) === identityOf(session.caller) ? known : null;
		const listeners = this.#listeners.get(action_id) ?? new Set();
		let told = "";
		const listener: Listener = {
			answered: action?.text.length ?? 0,
			tell: () => {
				const text = action?.text ?? "null";
				// The end is told at all events, and once.
				if (text === told || (session.behind && action?.progress.finished === false)) return;
				told = text;
				session.sendText(`{"type":"action","sub":${sub},"progress":${text}}`);
			},
			caughtUp: () => listener.tell(),
			end: () => {
				listeners.delete(listener);
				if (listeners.size === 0) this.#listeners.delete(action_id);
			},
		};
		if (action !== null) this.#listeners.set(action_id, listeners.add(listener));
		listener.tell();
		return listener;
	}

	#tell(action_id: string): void {
		for (const listener of this.#listeners.get(action_id) ?? []) listener.tell();
	}

	#find(action_id: string, caller: Caller): RunningAction {
		const action = this.#actions.get(action_id);
		if (action === undefined || identityOf(action.request.author.caller) !== identityOf(caller)) throw new Fault(12013);
		return action;
	}

	#group(group_id: string, caller: Caller): Promise<{ group_id: string; group_name: string }> {
		return this.#parts.engine.getGroup(group_id, null, caller);
	}

	#forgetOld(): void {
		const now = performance.now();
		for (const [id, { endedAt }] of this.#actions) {
			const old = endedAt !== null && (now - endedAt > KEPT || this.#actions.size >= MOST_KEPT);
			if (old) this.#actions.delete(id);
		}
	}
}
