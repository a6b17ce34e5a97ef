import { type ReadonlySignal, signal } from "@preact/signals";
import type { PerigeeClient } from "../../../client/perigee-client.ts";
import type { Connection } from "../socket/connection.ts";

export interface Group {
	readonly group_id: string;
	readonly name: string;
}

/** Groups that are read for completion and choice; who has more searches by typing. */
const PAGE = 1000;

/** The groups, oldest first, asked for again whenever something about them has changed. */
export class GroupList {
	readonly #groups = signal<readonly Group[]>([]);
	readonly #api: Pick<PerigeeClient, "GET">;
	readonly #stop: () => void;
	#asking = false;
	#again = false;

	constructor(api: Pick<PerigeeClient, "GET">, connection: Pick<Connection, "onGroups">) {
		this.#api = api;
		this.#stop = connection.onGroups(() => void this.refresh());
		void this.refresh();
	}

	get groups(): ReadonlySignal<readonly Group[]> {
		return this.#groups;
	}

	/** One question at a time, and one more after it when something happened meanwhile. */
	async refresh(): Promise<void> {
		if (this.#asking) {
			this.#again = true;
			return;
		}
		this.#asking = true;
		do {
			this.#again = false;
			try {
				const { data } = await this.#api.GET("/1/groups", { params: { query: { page_size: PAGE } } });
				if (data !== undefined) {
					this.#groups.value = data.map(({ group_id, group_name }) => ({ group_id, name: group_name }));
				}
			} catch {
				// Not there just now; the connection says so, and asks again when it is back.
			}
		} while (this.#again);
		this.#asking = false;
	}

	end(): void {
		this.#stop();
	}
}
