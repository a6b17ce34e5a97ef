import { randomUUID } from "node:crypto";
import { ServiceClient } from "./api/service-client.ts";
import { type StartDecoding, startDecoding } from "./decoding/decoder-process.ts";
import { Reporter } from "./feedback/reporter.ts";
import type { Log } from "./log.ts";
import { Pictures } from "./preview/pictures.ts";
import { PreviewServer } from "./preview/preview-server.ts";
import { Taker } from "./queue/taker.ts";
import type { AgentSettings } from "./settings.ts";
import { StreamRun } from "./stream/stream-run.ts";
import { StreamRuns } from "./stream/stream-runs.ts";

/** Milliseconds that the last words may take. With a second for the decoders an agent ends within five. */
const LAST_WORDS = 3000;
/** Milliseconds that a take may go on whose answer has begun. */
const DRAIN = 1000;

/** An Agent-Id (contract, section 5): another one at each start, so that a new agent is never taken for the old one. */
export function newAgentId(name: string): string {
	return `${name}-${process.pid}-${randomUUID()}`;
}

/** The agent: takes streams, decodes them, reports on them, and serves their pictures. */
export class Agent {
	readonly #settings: AgentSettings;
	readonly #log: Log;
	readonly #preview: PreviewServer;
	readonly #runs: StreamRuns;
	readonly #taker: Taker;
	readonly #reporter: Reporter;
	#stopped: Promise<void> | null = null;

	constructor(settings: AgentSettings, agentId: string, log: Log, decode: StartDecoding = startDecoding) {
		this.#settings = settings;
		this.#log = log;
		const { url, authorization, files, httpFiles, pace, previewFps, timeout } = settings;
		const client = new ServiceClient({ url, agentId, authorization });
		const pictures = new Pictures();
		this.#preview = new PreviewServer(pictures, settings.listen, settings.advertise);
		this.#runs = new StreamRuns(settings.slots, (stream, gone) => {
			const run = new StreamRun(stream, {
				startDecoding: decode,
				pictures,
				previewUrls: (stream_id) => this.#preview.urls(stream_id),
				job: { folders: files, httpFiles, pace, previewFps, timeout },
				hurry: () => this.#reporter.hurry(),
				gone,
				log,
			});
			run.start();
			return run;
		});
		const filters = {
			stream_ids: settings.streamIds,
			names: settings.names,
			group_ids: settings.groupIds,
			group_names: settings.groups,
		};
		this.#taker = new Taker(client, this.#runs, filters, settings.wait, log);
		this.#reporter = new Reporter(client, this.#runs, settings.feedbackInterval, log);
	}

	/** Resolves when the preview server listens; rejects when it cannot. The service may be away. */
	async start(): Promise<void> {
		await this.#preview.start();
		this.#taker.start();
		this.#reporter.start();
		const { url, slots } = this.#settings;
		this.#log.info({ url, slots, preview: this.#preview.url }, "agent runs");
	}

	/** Takes nothing more, gives its streams back and ends its decoders. Resolves within five seconds. */
	stop(): Promise<void> {
		this.#stopped ??= this.#end();
		return this.#stopped;
	}

	async #end(): Promise<void> {
		this.#log.info({ streams: this.#runs.size }, "agent stops");
		// An answer that had begun is read to its end, but not longer than this.
		await Promise.race([this.#taker.stop(), after(DRAIN)]);
		await this.#reporter.stop();
		const runs = this.#runs.present();
		for (const run of runs) run.handBack();
		await this.#reporter.lastWords(LAST_WORDS);
		for (const run of this.#runs.present()) run.leave();
		await Promise.all([this.#preview.stop(), ...runs.map((run) => run.settled())]);
		this.#log.info({}, "agent stopped");
	}
}

function after(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
