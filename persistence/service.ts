/**
 * A part of the process that runs: it is started once, stopped once, and either may be asked for again,
 * at any moment, from anywhere. It stands in the lowest layer because the database is the first such part.
 */
export interface Service {
	/** What the log calls it. */
	readonly name: string;
	/** Resolves when it runs. Asked again while it starts or runs: the same answer, no second start. */
	start(): Promise<void>;
	/** Resolves when nothing of it is left: no timer, no socket, no work under way. Safe to call at any time. */
	stop(): Promise<void>;
}

interface Request {
	kind: "start" | "stop";
	done: Promise<void>;
}

/**
 * The tiny life that all running parts share. A part says what starting and stopping mean for it; this class makes
 * them idempotent and runs them one after the other in the order they were asked for, so that the last call decides
 * how it ends.
 *
 * A start that fails leaves the part stopped (`onStop` is called for what had been set up) and rejects.
 */
export abstract class RunningPart implements Service {
	abstract readonly name: string;
	#running = false;
	/** The newest request: a further one of its kind joins it, one of the other kind waits for it. */
	#last: Request = { kind: "stop", done: Promise.resolve() };

	protected abstract onStart(): Promise<void>;
	/** Must be safe to call after an `onStart` that failed half way. */
	protected abstract onStop(): Promise<void>;

	/** True between the end of `start()` and the beginning of `stop()`. */
	get running(): boolean {
		return this.#running;
	}

	start(): Promise<void> {
		return this.#request("start", async (request) => {
			try {
				await this.onStart();
				this.#running = true;
			} catch (error) {
				// Unless something newer was asked for meanwhile, a later start() tries again.
				if (this.#last === request) this.#last = { kind: "stop", done: Promise.resolve() };
				await this.onStop();
				throw error;
			}
		});
	}

	stop(): Promise<void> {
		return this.#request("stop", async () => {
			if (!this.#running) return;
			this.#running = false;
			await this.onStop();
		});
	}

	#request(kind: "start" | "stop", work: (request: Request) => Promise<void>): Promise<void> {
		if (this.#last.kind === kind) return this.#last.done;
		// What the request before it came to is its caller's to know; this one only waits for its end.
		const before = this.#last.done.catch(() => undefined);
		const request: Request = { kind, done: before };
		request.done = before.then(() => work(request));
		this.#last = request;
		return request.done;
	}
}
