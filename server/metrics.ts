import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Cluster } from "../actors/cluster/cluster.ts";
import type { StreamEngine } from "../actors/stream-engine.ts";
import type { Database } from "../persistence/database.ts";
import type { Audit } from "./audit/audit.ts";
import type { ConsoleGateway } from "./console/gateway.ts";
import type { RequestMetrics } from "./http/server.ts";
import { LIMIT_REASONS, type Limits } from "./limits/limits.ts";
import type { Monitoring } from "./monitoring/monitoring.ts";
import type { Plugins } from "./plugins/plugins.ts";
import type { PreviewRelay } from "./preview/relay.ts";
import { RequestTimes } from "./request-times.ts";

/** What counts for itself and is asked when the metrics are. */
export interface MeasuredParts {
	engine: StreamEngine;
	database: Database;
	cluster: Cluster;
	monitoring: Monitoring;
	plugins: Plugins;
	previews: PreviewRelay;
	audit: Pick<Audit, "kept" | "lost">;
	limits: Pick<Limits, "refused">;
	console: ConsoleGateway;
}

/** A metric, for the manual. */
export interface MetricNote {
	name: string;
	/** `counter`, `gauge`, `histogram`. */
	type: string;
	help: string;
	labels: readonly string[];
}

/**
 * What the service tells of itself at `/metrics`, in Prometheus' text form. Never a label per stream: what grows with the
 * number of streams does not belong here.
 */
export class Metrics {
	readonly #registry = new Registry();
	/** What is about to be made. */
	#text: Promise<{ type: string; text: string }> | null = null;
	readonly #requests: RequestTimes;
	readonly #errors: Counter<"error_code">;

	constructor({
		engine,
		database,
		cluster,
		monitoring,
		plugins,
		previews,
		audit,
		limits,
		console: gateway,
	}: MeasuredParts) {
		const registers = [this.#registry];
		collectDefaultMetrics({ register: this.#registry });
		this.#requests = new RequestTimes(
			"perigee_http_request_seconds",
			"Time from a request's head to its whole answer.",
			this.#registry,
		);
		this.#errors = new Counter({
			name: "perigee_http_errors_total",
			help: "Answers with an error, by its number in the catalogue.",
			labelNames: ["error_code"],
			registers,
		});
		const counter = (name: string, help: string, read: () => number) =>
			new Counter({
				name,
				help,
				registers,
				collect() {
					// The parts count for themselves; the counter is set to what they have reached.
					this.reset();
					this.inc(read());
				},
			});
		const gauge = (name: string, help: string, read: () => number) =>
			new Gauge({
				name,
				help,
				registers,
				collect() {
					this.set(read());
				},
			});
		new Counter({
			name: "perigee_refused_total",
			help: "Requests and sockets that were refused because somebody had too many, by which limit.",
			labelNames: ["limit"],
			registers,
			collect() {
				this.reset();
				for (const limit of LIMIT_REASONS) this.inc({ limit }, limits.refused[limit]);
			},
		});
		const commits = new Histogram({
			name: "perigee_commit_seconds",
			help: "Time from sending a statement that wrote changes or created streams to its answer.",
			buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
			registers,
		});
		const commitSizes = new Histogram({
			name: "perigee_commit_streams",
			help: "Streams changed or created by such a statement.",
			buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
			registers,
		});
		engine.onCommit((milliseconds, streams) => {
			commits.observe(milliseconds / 1_000);
			commitSizes.observe(streams);
		});
		new Gauge({
			name: "perigee_streams",
			help: "Streams that show a status, as they were counted some seconds ago at most; every node tells all of them.",
			labelNames: ["status"],
			registers,
			collect() {
				for (const [status, count] of Object.entries(gateway.statuses ?? {})) this.set({ status }, count);
			},
		});
		counter("perigee_commits_total", "Statements of the group commit.", () => engine.pipeline.counts.commits);
		counter("perigee_changes_total", "Changes of streams that were committed.", () => engine.pipeline.counts.changes);
		counter("perigee_changes_lost_total", "Changes made again on a fresh row.", () => engine.pipeline.counts.lost);
		counter("perigee_creates_total", "Streams created.", () => engine.created);
		counter("perigee_create_commits_total", "Statements that created streams.", () => engine.createCommits);
		counter("perigee_feedback_items_total", "Items of feedback taken in.", () => engine.feedbackItems);
		counter("perigee_telemetry_rows_total", "Rows of telemetry written.", () => engine.telemetry.rows);
		counter("perigee_telemetry_flushes_total", "Statements that wrote telemetry.", () => engine.telemetry.flushes);
		counter("perigee_streams_taken_total", "Streams handed to agents.", () => engine.queue.taken);
		counter("perigee_takes_total", "Statements that took from the queue.", () => engine.queue.takes);
		counter("perigee_actor_loads_total", "Statements that loaded actors.", () => engine.registry.loads);
		gauge("perigee_actors", "Resident actors.", () => engine.registry.size);
		gauge("perigee_queue_waiters", "Takers that wait.", () => engine.queue.waiting);
		gauge("perigee_grace", "1 while silent streams have their grace.", () => (engine.supervisor.inGrace ? 1 : 0));
		gauge("perigee_cluster_up", "1 while the other nodes' messages and leases can be had (a lone node: always).", () =>
			cluster.bus.connected && cluster.leases.available ? 1 : 0,
		);
		gauge("perigee_cluster_nodes", "Live nodes, this one included.", () => cluster.membership.members().length);
		gauge("perigee_cluster_shards", "Shards that this node watches, of 256.", () => cluster.leases.held().length);
		gauge("perigee_database_up", "1 while the database can be reached.", () => (database.available ? 1 : 0));
		gauge("perigee_preview_viewers", "Live answers, and pages that are shown live pictures.", () => previews.viewers);
		gauge("perigee_preview_connections", "Connections to agents for pictures.", () => previews.connections);
		gauge(
			"perigee_preview_bytes",
			"What is arriving of pictures, and the newest of each live stream.",
			() => previews.held,
		);
		counter("perigee_preview_requests_total", "Requests to agents for pictures.", () => previews.counts.requests);
		counter("perigee_preview_failures_total", "Those that came to no picture.", () => previews.counts.failures);
		gauge("perigee_plugins_running", "Plugins that run.", () => plugins.active);
		counter("perigee_plugin_failures_total", "Plugins stopped for what they did.", () => plugins.failures);
		counter("perigee_plugin_changes_missed_total", "Changes let go because a plugin was behind.", () => plugins.missed);
		counter("perigee_audit_records_total", "Records of the audit that were kept.", () => audit.kept);
		counter(
			"perigee_audit_lost_total",
			"Refused requests that were too many to record, and records that could not be written.",
			() => audit.lost,
		);
		gauge("perigee_console_sockets", "Pages of the console that are connected.", () => gateway.sockets);
		counter("perigee_console_sockets_opened_total", "Pages that connected.", () => gateway.counts.opened);
		gauge("perigee_console_sockets_behind", "Pages that do not keep up now.", () => gateway.counts.behind);
		counter("perigee_console_sockets_slow_total", "Pages let go for being slow.", () => gateway.counts.slow);
		counter("perigee_console_frames_total", "Frames to pages, pictures included.", () => gateway.counts.frames);
		counter("perigee_console_pictures_total", "Pictures sent to pages.", () => gateway.counts.pictures);
		counter(
			"perigee_console_pictures_dropped_total",
			"Pictures left out because their page was behind.",
			() => gateway.counts.dropped,
		);
		gauge("perigee_console_view_bytes", "Bytes of the lists of all pages' tables.", () => gateway.counts.viewBytes);
		counter("perigee_monitoring_sent_total", "Requests whose points InfluxDB took.", () => monitoring.sent);
		counter("perigee_monitoring_lost_total", "Requests whose points were let go.", () => monitoring.lost);
	}

	observe(request: RequestMetrics): void {
		this.#requests.add(request);
		if (request.errorCode !== 0) this.#errors.inc({ error_code: request.errorCode });
	}

	/** Every metric there is, in no particular order. */
	describe(): readonly MetricNote[] {
		return this.#registry.getMetricsAsArray().map((metric) => {
			const labels: unknown = "labelNames" in metric ? metric.labelNames : [];
			const { name, help, type } = metric;
			return { name, help, type: String(type), labels: Array.isArray(labels) ? labels.map(String) : [] };
		});
	}

	/** The exposition text and its media type. It takes a millisecond to make: it is made once for all who ask within a turn of the loop. */
	text(): Promise<{ type: string; text: string }> {
		this.#text ??= this.#inNextTurn();
		return this.#text;
	}

	async #inNextTurn(): Promise<{ type: string; text: string }> {
		await new Promise<void>((resolve) => void setImmediate(resolve));
		this.#text = null;
		return { type: this.#registry.contentType, text: await this.#registry.metrics() };
	}
}
