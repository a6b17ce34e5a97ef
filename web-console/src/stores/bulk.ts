import { type ReadonlySignal, signal } from "@preact/signals";
import type { ActionProgress, BulkAction, StreamSet } from "../../../client/console/protocol.ts";
import type { Connection, Subscription } from "../socket/connection.ts";
import type { ConsoleApi, SetOf } from "./console-api.ts";

/** Where a bulk action is, from the question to its end. */
export type BulkState =
	| { readonly step: "freezing" }
	| { readonly step: "asking"; readonly set: StreamSet }
	| { readonly step: "beginning"; readonly set: StreamSet }
	| { readonly step: "running" | "finished"; readonly set: StreamSet; readonly progress: ActionProgress }
	| { readonly step: "failed"; readonly reason: string };

/** One action on many streams: their ids are frozen, somebody confirms how many and which, and then it is watched to its end. */
export class Bulk {
	readonly action: BulkAction;
	readonly #api: Pick<ConsoleApi, "begin">;
	readonly #connection: Pick<Connection, "subscribe">;
	readonly #state = signal<BulkState>({ step: "freezing" });
	#subscription: Subscription | undefined;
	#ended = false;

	constructor(
		action: BulkAction,
		of: SetOf,
		api: Pick<ConsoleApi, "freeze" | "begin">,
		connection: Pick<Connection, "subscribe">,
	) {
		this.action = action;
		this.#api = api;
		this.#connection = connection;
		void this.#try(async () => {
			this.#become({ step: "asking", set: await api.freeze(of) });
		});
	}

	get state(): ReadonlySignal<BulkState> {
		return this.#state;
	}

	/** Does it. Only once: a second call does nothing. */
	async confirm(group_id?: string): Promise<void> {
		const state = this.#state.peek();
		if (state.step !== "asking") return;
		const { set } = state;
		this.#become({ step: "beginning", set });
		await this.#try(async () => {
			const progress = await this.#api.begin(set.set_id, this.action, group_id);
			this.#hear(set, progress);
			if (progress.finished || this.#ended) return;
			this.#subscription = this.#connection.subscribe({
				question: () => ({ op: "action", action_id: progress.action_id }),
				hear: (message) => {
					if (message.type === "error") this.#become({ step: "failed", reason: `${message.desc}: ${message.detail}` });
					if (message.type !== "action") return;
					if (message.progress === null)
						this.#become({ step: "failed", reason: "The service knows nothing of this action any more." });
					else this.#hear(set, message.progress);
				},
			});
		});
	}

	/** Nobody looks any more; what has begun goes on. */
	end(): void {
		this.#ended = true;
		this.#subscription?.end();
	}

	#hear(set: StreamSet, progress: ActionProgress): void {
		this.#become({ step: progress.finished ? "finished" : "running", set, progress });
		if (progress.finished) this.#subscription?.end();
	}

	#become(state: BulkState): void {
		if (!this.#ended) this.#state.value = state;
	}

	async #try(what: () => Promise<void>): Promise<void> {
		try {
			await what();
		} catch (error) {
			this.#become({ step: "failed", reason: error instanceof Error ? error.message : String(error) });
		}
	}
}
