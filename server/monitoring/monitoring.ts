import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { HttpError, InfluxDB, setLogger, type WriteApi } from "@influxdata/influxdb-client";
import type { Logger } from "pino";
import type { Clock } from "../../actors/clock.ts";
import { RunningPart } from "../../persistence/service.ts";
import type { RequestMetrics } from "../http/options.ts";
import { mask } from "../settings/mask.ts";
import type { Settings } from "../settings/table.ts";
import { type Observed, pointsOf } from "./points.ts";

/** Requests that are kept until they are sent; beyond, the oldest are let go. */
const MOST = 50_000;
/** Requests in one message. */
const BATCH = 500;
/** Milliseconds that InfluxDB may be silent for. */
const PATIENCE = 5_000;
/** Milliseconds that a stop gives to the last sending. */
const LAST_PATIENCE = 1_000;

export interface MonitoringOptions {
	settings: Settings["INFLUX_MONITORING"];
	clock: Clock;
	log: Logger;
	/** Default 50,000. */
	most?: number;
}

/**
 * Sends a point for every request to InfluxDB (contract, section 12), in batches, beside everything else: a request only
 * leaves its figures here. While InfluxDB is away they are kept, up to a bound; one line of the log says that it is away,
 * another that it is back. When monitoring is off it does nothing.
 */
export class Monitoring extends RunningPart {
	readonly name = "monitoring";
	readonly #options: MonitoringOptions;
	readonly #most: number;
	#waiting: Observed[] = [];
	#api: WriteApi | undefined;
	#agent: HttpAgent | undefined;
	#timer: NodeJS.Timeout | undefined;
	#sending: Promise<void> | undefined;
	#away = false;
	/** Requests that InfluxDB has taken. */
	sent = 0;
	/** Requests that were let go. */
	lost = 0;

	constructor(options: MonitoringOptions) {
		super();
		this.#options = options;
		this.#most = options.most ?? MOST;
	}

	/** Takes the figures of a request. Never waits, never fails. */
	observe(request: RequestMetrics): void {
		if (this.#api === undefined) return;
		this.#waiting.push({ ...request, at: this.#options.clock.wall() });
		// Not at every request: it moves all the others.
		if (this.#waiting.length > this.#most + BATCH) this.#trim();
	}

	protected override async onStart(): Promise<void> {
		const { SEND_DATA_FOR_MONITORING, FLUSHING_PERIOD } = this.#options.settings;
		if (SEND_DATA_FOR_MONITORING === 0) return;
		this.#api = this.#connect();
		this.#timer = setInterval(() => this.#send(), FLUSHING_PERIOD * 1000);
	}

	/** What is left is sent once more, if InfluxDB takes it quickly. */
	protected override async onStop(): Promise<void> {
		clearInterval(this.#timer);
		if (this.#api === undefined) return;
		const late = setTimeout(() => this.#agent?.destroy(), LAST_PATIENCE);
		await this.#sending;
		if (!this.#away) await this.#send();
		clearTimeout(late);
		this.lost += this.#waiting.splice(0).length;
		this.#api.dispose();
		this.#agent?.destroy();
		this.#api = undefined;
	}

	#connect(): WriteApi {
		const { HOST, PORT, USE_SSL, TOKEN, ORGANIZATION, BUCKET } = this.#options.settings;
		const host = HOST.includes(":") && !HOST.startsWith("[") ? `[${HOST}]` : HOST;
		this.#agent = USE_SSL === 1 ? new HttpsAgent(oneConnection) : new HttpAgent(oneConnection);
		// The client would print every failure; they are told in the log, once.
		setLogger({ error: () => undefined, warn: () => undefined });
		const influx = new InfluxDB({
			url: `${USE_SSL === 1 ? "https" : "http"}://${host}:${PORT}`,
			token: TOKEN,
			timeout: PATIENCE,
			transportOptions: { agent: this.#agent },
		});
		return influx.getWriteApi(ORGANIZATION, BUCKET, "ns", {
			// When to send, and what to send again, is decided here.
			batchSize: 2 * BATCH + 1,
			flushInterval: 0,
			maxRetries: 0,
			writeFailed: (error) => Promise.reject(error),
		});
	}

	#send(): Promise<void> {
		this.#sending ??= this.#sendAll().finally(() => {
			this.#sending = undefined;
		});
		return this.#sending;
	}

	async #sendAll(): Promise<void> {
		this.#trim();
		while (this.#waiting.length > 0 && this.#api !== undefined) {
			const batch = this.#waiting.splice(0, BATCH);
			try {
				this.#api.writePoints(batch.flatMap(pointsOf));
				await this.#api.flush();
				this.sent += batch.length;
				if (this.#away) this.#options.log.info({}, "InfluxDB takes points again");
				this.#away = false;
			} catch (error) {
				// Monitoring is nothing that the service depends on: what can be sent later is kept.
				this.#failed(error, batch);
				return;
			}
		}
	}

	#failed(error: unknown, batch: Observed[]): void {
		if (isRefusal(error)) this.lost += batch.length;
		else this.#waiting = batch.concat(this.#waiting);
		this.#trim();
		if (this.#away) return;
		this.#away = true;
		const { TOKEN } = this.#options.settings;
		const message = error instanceof Error ? error.message : String(error);
		const told = new Error(TOKEN === "" ? message : message.replaceAll(TOKEN, mask));
		this.#options.log.warn({ err: told }, "InfluxDB does not take the points of monitoring");
	}

	#trim(): void {
		const over = this.#waiting.length - this.#most;
		if (over <= 0) return;
		this.#waiting.splice(0, over);
		this.lost += over;
	}
}

const oneConnection = { keepAlive: true, maxSockets: 1 };

/** InfluxDB understood the points and will never take them. */
function isRefusal(error: unknown): boolean {
	return error instanceof HttpError && [400, 413, 422].includes(error.statusCode);
}
