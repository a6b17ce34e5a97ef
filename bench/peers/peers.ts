import type { Figure } from "../figure.ts";
import type { Worker } from "../processes.ts";
import type { Site } from "../site.ts";
import type { PeerQuestion } from "./peer.ts";

/** A peer in a process of its own, on a database of its own on the service's server. Started when it is first asked on a site. */
export class Peer {
	readonly #path: string;
	readonly #database: string;
	readonly #running = new WeakMap<Site, { worker: Worker; url: string }>();

	constructor(path: string, database: string) {
		this.#path = path;
		this.#database = database;
	}

	/** Makes so many jobs. */
	async fill(site: Site, count: number): Promise<void> {
		await this.#ask(site, "fill", 0, count);
	}

	/** Jobs a second that so many callers make, one by one. */
	create(site: Site, seconds: number, callers: number): Promise<Figure> {
		return this.#ask(site, "create", seconds, callers);
	}

	/** Jobs a second that are taken and completed. */
	takeDone(site: Site, seconds: number): Promise<Figure> {
		return this.#ask(site, "take_done", seconds, 0);
	}

	async #ask(site: Site, what: PeerQuestion["what"], seconds: number, count: number): Promise<Figure> {
		const known = this.#running.get(site);
		const { worker, url } = known ?? { worker: site.worker(this.#path), url: await site.database(this.#database) };
		this.#running.set(site, { worker, url });
		return worker.ask<Figure>({ url, what, seconds, count });
	}
}

export const pgBoss = new Peer("./peers/pg-boss.ts", "peer_pg_boss");
export const graphileWorker = new Peer("./peers/graphile-worker.ts", "peer_graphile_worker");
export const graphileWorker016 = new Peer("./peers/graphile-worker-0.16.ts", "peer_graphile_worker_016");
