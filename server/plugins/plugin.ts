import { Worker } from "node:worker_threads";
import type { FromPlugin, PluginError, StatusChange, ToPlugin } from "./messages.ts";
import { PluginOutput } from "./plugin-output.ts";
import { thrownText } from "./thrown-text.ts";

/** Changes in one message to a plugin's thread. */
const BATCH = 500;

/** What a plugin's owner hears of it. */
export interface PluginEvents {
	/** A line that the plugin printed. */
	printed(line: string): void;
	/** It was ended for what it did. Called at most once. */
	failed(error: PluginError): void;
	/** Changes were let go because it is behind. */
	missed(count: number): void;
}

/** The patience that the service has with a plugin. */
export interface PluginBounds {
	/** Changes that wait for it; beyond, the oldest are let go. */
	queue: number;
	/** Milliseconds that a call of its functions may take. */
	callTime: number;
	/** Milliseconds that it has for what it still has to hear and for its `stop`. */
	stopTime: number;
	/** Lines that it may print within ten seconds. */
	lines: number;
	/** Mebibytes of its JavaScript heap. */
	heap: number;
}

type State = "starting" | "running" | "stopping" | "ended";

/**
 * One plugin in a thread of its own. So it can neither hold up a request, nor end the process, nor fill the service's
 * memory; whatever it does wrong, its thread is ended, even in the middle of a loop without an end.
 */
export class Plugin {
	readonly name: string;
	readonly #events: PluginEvents;
	readonly #bounds: PluginBounds;
	readonly #worker: Worker;
	readonly #output: PluginOutput;
	readonly #gone: Promise<void>;
	#state: State = "starting";
	#queue: StatusChange[] = [];
	/** A batch was sent, and not all of it is taken. */
	#busy = false;
	#watch: NodeJS.Timeout | undefined;
	#stopped: () => void = () => undefined;

	constructor(name: string, events: PluginEvents, bounds: PluginBounds) {
		this.name = name;
		this.#events = events;
		this.#bounds = bounds;
		this.#worker = new Worker(threadFile(), {
			workerData: name,
			execArgv: [],
			resourceLimits: { maxOldGenerationSizeMb: bounds.heap },
			stdout: true,
			stderr: true,
		});
		this.#output = new PluginOutput([this.#worker.stdout, this.#worker.stderr], bounds.lines, events.printed, () =>
			this.#fail("print", `printed more than ${bounds.lines} lines in 10 s`),
		);
		this.#worker.on("message", (message: FromPlugin) => this.#hear(message));
		this.#worker.on("messageerror", (error) => this.#fail("message", error.message));
		this.#worker.on("error", (error: unknown) => {
			const { name, message, stack } = thrownText(error);
			this.#fail("background", message, { name, stack });
		});
		this.#gone = new Promise((resolve) => {
			this.#worker.once("exit", (code) => {
				this.#fail("background", `its thread ended with status ${code}`);
				resolve();
			});
		});
		this.#await("import and start");
	}

	/** Whether it has started and neither failed nor stopped. */
	get running(): boolean {
		return this.#state === "running";
	}

	/** Takes a change for it. Never waits, never fails. */
	give(change: StatusChange): void {
		if (this.#state !== "starting" && !this.running) return;
		this.#queue.push(change);
		if (this.#queue.length > 2 * this.#bounds.queue) this.#trim();
		if (!this.#busy && this.running) this.#send();
	}

	/** Lets it hear what it has not heard yet and calls its `stop`; ends it when that takes too long. Never fails. */
	async stop(): Promise<void> {
		if (this.#state === "running") {
			this.#state = "stopping";
			const stopped = new Promise<void>((resolve) => {
				this.#stopped = resolve;
			});
			this.#trim();
			if (this.#queue.length > 0) this.#tell({ kind: "changes", changes: this.#queue.splice(0) });
			this.#tell({ kind: "stop" });
			this.#await("stop", this.#bounds.stopTime);
			await stopped;
		}
		this.#end();
		await this.#gone;
	}

	#hear(message: FromPlugin): void {
		if (this.#state === "ended") return;
		switch (message.kind) {
			case "started":
				this.#state = "running";
				this.#send();
				break;
			case "alive":
				// A plugin that stops has a time for all of it.
				if (this.running) this.#await("onStatusChange");
				break;
			case "ready":
				if (this.running) this.#send();
				break;
			case "stopped":
				this.#end();
				break;
			case "failed":
				this.#fail(message.error.where, message.error.message, message.error);
		}
	}

	#send(): void {
		clearTimeout(this.#watch);
		this.#trim();
		this.#busy = this.#queue.length > 0;
		if (!this.#busy) return;
		this.#tell({ kind: "changes", changes: this.#queue.splice(0, BATCH) });
		this.#await("onStatusChange");
	}

	/** Cuts the queue to its bound, the oldest first; not at every change, because that moves all the others. */
	#trim(): void {
		const missed = this.#queue.length - this.#bounds.queue;
		if (missed <= 0) return;
		this.#queue.splice(0, missed);
		this.#events.missed(missed);
	}

	#tell(message: ToPlugin): void {
		this.#worker.postMessage(message);
	}

	/** Gives up a plugin that shows no sign of life for as long as one call may take. */
	#await(where: string, time = this.#bounds.callTime): void {
		clearTimeout(this.#watch);
		this.#watch = setTimeout(() => this.#fail(where, `did not answer within ${time / 1000} s`), time);
	}

	#fail(where: string, message: string, { name, stack } = { name: "Error", stack: "" }): void {
		if (this.#state === "ended") return;
		this.#end();
		this.#events.failed({ where, name, message, stack });
	}

	#end(): void {
		this.#state = "ended";
		clearTimeout(this.#watch);
		this.#queue = [];
		this.#output.close();
		// Its promise is the `exit` that `#gone` waits for; it does not reject.
		void this.#worker.terminate();
		this.#stopped();
	}
}

/** What the thread begins with. Where the service runs from its sources, the thread must first learn to read them. */
function threadFile(): URL {
	if (!import.meta.url.endsWith(".ts")) return new URL("plugin-thread.js", import.meta.url);
	const [loader, file] = [import.meta.resolve("tsx/esm/api"), new URL("plugin-thread.ts", import.meta.url).href];
	const text = `import { register } from ${JSON.stringify(loader)}; register(); await import(${JSON.stringify(file)});`;
	return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}
