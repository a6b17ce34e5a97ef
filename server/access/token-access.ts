import { LRUCache } from "lru-cache";
import type { Clock } from "../../actors/clock.ts";
import type { Bus } from "../../actors/cluster/cluster.ts";
import { Periodic } from "../../actors/periodic.ts";
import type { Database } from "../../persistence/database.ts";
import { Fault } from "../../persistence/fault.ts";
import { RunningPart } from "../../persistence/service.ts";
import { expireSessions } from "../../persistence/sessions/expire.ts";
import { findSession } from "../../persistence/sessions/find.ts";
import { findToken } from "../../persistence/tokens/find.ts";
import type { Found } from "../../persistence/tokens/token-row.ts";
import { noteUses } from "../../persistence/tokens/use.ts";
import type { Peer } from "../http/peers.ts";
import type { Access, Credentials } from "./access.ts";
import type { Caller } from "./caller.ts";
import { isOwnOrigin, sessionIn } from "./cookies.ts";
import type { JwtVerifier } from "./jwt.ts";
import { hashOf, kindOf } from "./secret-text.ts";

export interface TokenAccessOptions {
	database: Database;
	bus: Bus;
	clock: Clock;
	/** null: JWTs are not taken. */
	jwt: JwtVerifier | null;
	/** Who shows too much that opens nothing is not asked about any more. */
	limits: FailureLimits;
	/** Seconds that a caller is known without asking again; a message of a revocation ends it at once. */
	cacheTtl: number;
	/** Milliseconds between two writings of when tokens were used; default 10,000. */
	useInterval?: number;
	log: { warn(fields: object, message: string): void };
}

/** Counts what was shown and opens nothing, by where it came from. */
export interface FailureLimits {
	/** Throws 39904 when there was too much of it. */
	checkFailures(peer: Peer): void;
	failed(peer: Peer): void;
}

/** What is known of a secret, for a while: who it is, or why not. */
interface Known {
	caller: Caller | Fault;
	/** The token to note the use of. */
	token_id: string | null;
	/** Monotonic milliseconds. */
	until: number;
	/** When the secret itself is over, monotonic milliseconds. */
	expires: number;
}

type Kind = "token" | "jwt" | "session";

/** Secrets that are remembered. */
const REMEMBERED = 10_000;
const USE_INTERVAL = 10_000;
/** Milliseconds between two removals of sessions that are over. */
const EXPIRY_INTERVAL = 60_000;

/**
 * Tells callers by tokens, JWTs and sessions (AUTH.MODE tokens). What was looked up is remembered for some seconds by the
 * secret's hash, so that a busy agent costs no statement per request; a revocation reaches every node as a message that
 * empties these memories, and one that missed it by the end of these seconds.
 */
export class TokenAccess extends RunningPart implements Access {
	readonly name = "access";
	readonly everybody = null;
	readonly #options: TokenAccessOptions;
	readonly #known = new LRUCache<string, Known>({ max: REMEMBERED });
	readonly #asking = new Map<string, Promise<Known>>();
	/** When each token was last used and not yet written, monotonic milliseconds. */
	readonly #uses = new Map<string, number>();
	readonly #periodic: readonly Periodic[];
	readonly #listeners = new Set<() => void>();
	/** Counts what made the memory void: an answer that was asked for before is not remembered. */
	#generation = 0;
	#unsubscribe: (() => void)[] = [];

	constructor(options: TokenAccessOptions) {
		super();
		this.#options = options;
		const { database, useInterval = USE_INTERVAL, log } = options;
		this.#periodic = [
			new Periodic({ name: "token uses", interval: useInterval, log, work: () => this.#writeUses() }),
			new Periodic({
				name: "session expiry",
				interval: EXPIRY_INTERVAL,
				log,
				work: async (stopping) => {
					while (!stopping.aborted && (await database.run("lists", expireSessions)) > 0);
				},
			}),
		];
	}

	authenticate({ authorization, cookie, origin, host, peer, changes }: Credentials): Caller | Promise<Caller> {
		if (authorization !== "") {
			const [, token = ""] = /^bearer +([^ ]+) *$/i.exec(authorization) ?? [];
			const kind = kindOf(token);
			if (kind === "token" || kind === "jwt") return this.#callerOf(token, kind, peer);
			this.#options.limits.failed(peer);
			throw new Fault(39902, { reason: "the Authorization header holds no token" });
		}
		const session = sessionIn(cookie);
		if (kindOf(session) !== "session") throw new Fault(39902, { reason: "a token is required" });
		if (changes && !isOwnOrigin(origin, host)) {
			throw new Fault(39903, { reason: "A page of another origin sent this request" });
		}
		return this.#callerOf(session, "session", peer);
	}

	/** Who shows a token or a JWT, and for how many seconds it is good (null: without end). Throws as `authenticate`. */
	async identify(
		text: string,
		peer: Peer,
	): Promise<{ caller: Caller; token_id: string | null; expires_in: number | null }> {
		const kind = kindOf(text);
		if (kind !== "token" && kind !== "jwt") throw new Fault(39902, { reason: "the token is not known" });
		const { caller, token_id, expires } = await this.#askFor(text, kind, hashOf(text).toString("base64"), peer);
		if (caller instanceof Fault) throw caller;
		const left = (expires - this.#options.clock.monotonic()) / 1000;
		return { caller, token_id, expires_in: left === Number.POSITIVE_INFINITY ? null : left };
	}

	/** Whose session this is; null when it is nobody's any more. Throws 39904 as `authenticate`. */
	async holder(session: string, peer: Peer): Promise<Caller | null> {
		if (kindOf(session) !== "session") return null;
		const key = hashOf(session).toString("base64");
		const { caller } = this.#recall(key) ?? (await this.#askFor(session, "session", key, peer));
		return caller instanceof Fault ? null : caller;
	}

	/** Tokens or sessions are not what they were: nothing that is remembered counts any more, on any node. */
	changed(): void {
		this.#options.bus.publish({ events: [], access: true });
	}

	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	protected override async onStart(): Promise<void> {
		const { bus } = this.#options;
		this.#unsubscribe = [
			bus.subscribe((message) => {
				if (message.access) this.#forget();
			}),
			bus.onGap(() => this.#forget()),
		];
		for (const each of this.#periodic) await each.start();
	}

	protected override async onStop(): Promise<void> {
		for (const end of this.#unsubscribe.splice(0)) end();
		for (const each of this.#periodic) await each.stop();
		try {
			await this.#writeUses();
		} catch (error) {
			if (!(error instanceof Fault)) throw error;
			// The database is away: when these tokens were last used is not worth waiting for it.
		}
		this.#forget();
	}

	#callerOf(text: string, kind: Kind, peer: Peer): Caller | Promise<Caller> {
		const key = hashOf(text).toString("base64");
		const known = this.#recall(key);
		if (known !== undefined) return this.#judge(known);
		return this.#askFor(text, kind, key, peer).then((found) => this.#judge(found));
	}

	/** What is remembered of a secret and counts still. */
	#recall(key: string): Known | undefined {
		const known = this.#known.get(key);
		return known !== undefined && known.until > this.#options.clock.monotonic() ? known : undefined;
	}

	/** Asks for somebody who has not shown too much that opens nothing. Throws 39904. */
	#askFor(text: string, kind: Kind, key: string, peer: Peer): Promise<Known> {
		const { limits } = this.#options;
		limits.checkFailures(peer);
		return this.#ask(text, kind, key).then((found) => {
			if (found.caller instanceof Fault) limits.failed(peer);
			return found;
		});
	}

	#judge({ caller, token_id }: Known): Caller {
		if (caller instanceof Fault) throw caller;
		if (token_id !== null && (this.#uses.size < REMEMBERED || this.#uses.has(token_id))) {
			this.#uses.set(token_id, this.#options.clock.monotonic());
		}
		return caller;
	}

	/** Requests that show the same secret at once ask once. */
	#ask(text: string, kind: Kind, key: string): Promise<Known> {
		const asking = this.#asking.get(key);
		if (asking !== undefined) return asking;
		const generation = this.#generation;
		const asked = this.#lookUp(text, kind)
			.then((known) => {
				if (generation === this.#generation) this.#known.set(key, known);
				return known;
			})
			.finally(() => this.#asking.delete(key));
		this.#asking.set(key, asked);
		return asked;
	}

	async #lookUp(text: string, kind: Kind): Promise<Known> {
		if (kind === "jwt") return this.#lookUpJwt(text);
		const find = kind === "token" ? findToken : findSession;
		const found = await this.#options.database.run("commands", (sql) => find(sql, hashOf(text)));
		return this.#remembered(callerOf(found, kind), found?.token_id ?? null, found?.expires_in ?? null);
	}

	async #lookUpJwt(text: string): Promise<Known> {
		const { jwt } = this.#options;
		try {
			if (jwt === null) throw new Fault(39902, { reason: "the token is not known" });
			const { caller, expires_in } = await jwt.verify(text);
			return this.#remembered(caller, null, expires_in);
		} catch (error) {
			// That the keys could not be had is not remembered.
			if (!(error instanceof Fault) || error.code === 39905) throw error;
			return this.#remembered(error, null, null);
		}
	}

	#remembered(caller: Caller | Fault, token_id: string | null, expires_in: number | null): Known {
		const now = this.#options.clock.monotonic();
		const expires = expires_in === null ? Number.POSITIVE_INFINITY : now + expires_in * 1000;
		const until = now + this.#options.cacheTtl * 1000;
		return { caller, token_id, expires, until: caller instanceof Fault ? until : Math.min(until, expires) };
	}

	#forget(): void {
		this.#generation++;
		this.#known.clear();
		this.#asking.clear();
		for (const listener of this.#listeners) listener();
	}

	async #writeUses(): Promise<void> {
		if (this.#uses.size === 0) return;
		const now = this.#options.clock.monotonic();
		const uses = [...this.#uses].map(([token_id, at]) => ({ token_id, age: (now - at) / 1000 }));
		this.#uses.clear();
		await this.#options.database.run("lists", (sql) => noteUses(sql, uses));
	}
}

function callerOf(found: Found | null, kind: "token" | "session"): Caller | Fault {
	const what = kind === "token" ? "token" : "session";
	if (found === null) return new Fault(39902, { reason: `the ${what} is not known` });
	if (found.revoked) return new Fault(39902, { reason: "the token was revoked" });
	if (found.expires_in !== null && found.expires_in <= 0) {
		return new Fault(39902, { reason: `the ${what} has expired` });
	}
	const { subject: id, name, role, prefix: tokenPrefix, accounts, groups } = found;
	return { id, name, role, tokenPrefix, accounts, groups };
}
