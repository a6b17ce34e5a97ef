import { lookup as systemLookup } from "node:dns/promises";
import { unavailable } from "../../persistence/fault.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** An address that a host name resolved to. */
export interface HostAddress {
	readonly address: string;
	readonly family: number;
}

/** Resolves a host name to its addresses. Rejects, or gives an empty list, when there are none. */
export type Resolve = (hostname: string) => Promise<readonly HostAddress[]>;

/** Asks the system, so that the hosts file counts. */
export const systemResolve: Resolve = (hostname) => systemLookup(hostname, { all: true, verbatim: true });

/** Names that wait for their lookup; more are answered 39905. */
const MOST_WAITING = 64;

/**
 * Lookups that may be under way at the same time. The system's cannot be broken off, and libuv gives half of its threads
 * to them (two of four unless `UV_THREADPOOL_SIZE` says otherwise): one of these is left for the database's and Redis's
 * names, however long an agent's name takes.
 */
export function lookupsAtOnce(threads: string | undefined): number {
	const size = threads === undefined ? 4 : Math.min(Math.max(Number.parseInt(threads, 10) || 1, 1), 1_024);
	return Math.max(1, Math.floor((size + 1) / 2) - 1);
}

interface Lookup {
	readonly found: Promise<readonly HostAddress[]>;
	readonly begin: () => void;
	/** Who waits for it. */
	askers: number;
}

/**
 * The lookups of agents' names: one for all who ask for the same name meanwhile, and no more at a time than the system
 * can spare. One that is under way counts until it settles, whether anybody still waits for it or not.
 */
export class HostLookups {
	readonly #resolve: Resolve;
	readonly #atOnce: number;
	readonly #underWay = new Map<string, Lookup>();
	/** In the order of their asking. */
	readonly #waiting = new Map<string, Lookup>();

	constructor(resolve: Resolve, atOnce: number) {
		this.#resolve = resolve;
		this.#atOnce = atOnce;
	}

	/**
	 * The addresses of a name.
	 * @param signal leaves; its reason, if a `Fault`, is what is thrown.
	 * @throws {Fault} 39905 when too many wait already.
	 */
	async find(hostname: string, signal: AbortSignal): Promise<readonly HostAddress[]> {
		const lookup = this.#underWay.get(hostname) ?? this.#waiting.get(hostname) ?? this.#ask(hostname);
		lookup.askers += 1;
		try {
			return await unlessAborted(lookup.found, signal);
		} finally {
			lookup.askers -= 1;
			if (lookup.askers === 0 && this.#waiting.get(hostname) === lookup) this.#waiting.delete(hostname);
		}
	}

	#ask(hostname: string): Lookup {
		const room = this.#underWay.size < this.#atOnce;
		if (!room && this.#waiting.size >= MOST_WAITING) throw unavailable("preview");
		let begin = () => {};
		const begun = new Promise<void>((resolve) => {
			begin = resolve;
		});
		const found = begun.then(() => this.#resolve(hostname)).finally(() => this.#settled(hostname));
		// Those who wait hear of it; there may be none.
		found.catch(() => undefined);
		const lookup: Lookup = { found, begin, askers: 0 };
		if (room) this.#begin(hostname, lookup);
		else this.#waiting.set(hostname, lookup);
		return lookup;
	}

	#begin(hostname: string, lookup: Lookup): void {
		this.#waiting.delete(hostname);
		this.#underWay.set(hostname, lookup);
		lookup.begin();
	}

	#settled(hostname: string): void {
		this.#underWay.delete(hostname);
		for (const [next, lookup] of this.#waiting) {
			if (this.#underWay.size >= this.#atOnce) return;
			this.#begin(next, lookup);
		}
	}
}
