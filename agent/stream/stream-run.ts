import { pause } from "../api/backoff.ts";
import type { FeedbackItem, FeedbackState, VideoInfo } from "../api/feedback.ts";
import type { TakenStream } from "../api/taken-stream.ts";
import type { Decoding, DecodingEnd, StartDecoding } from "../decoding/decoder-process.ts";
import type { DecodingJob } from "../decoding/messages.ts";
import type { Log } from "../log.ts";
import { maskReference } from "../masking.ts";
import type { Pictures, Place } from "../preview/pictures.ts";
import type { PreviewUrls } from "../preview/preview-server.ts";
import { SourceError, type StreamError } from "../source-errors.ts";
import { Health } from "./health.ts";

/** Milliseconds between attempts at the least, whatever a stream's `retry_delay` says: each one starts a process. */
const LEAST_PAUSE = 200;

/** What a run needs of the agent. */
export interface RunSurroundings {
	startDecoding: StartDecoding;
	pictures: Pictures;
	previewUrls: (stream_id: string) => PreviewUrls;
	/** What every job of this agent has in common. */
	job: Pick<DecodingJob, "folders" | "httpFiles" | "pace" | "previewFps" | "timeout">;
	/** Something should be reported before the next interval. */
	hurry: () => void;
	/** Nothing of the run is left. */
	gone: (run: StreamRun) => void;
	log: Log;
}

/**
 * One taken stream, from the take to its last feedback: attempts at its source after the stream's own policies, and
 * what is to be reported of it.
 */
export class StreamRun {
	readonly stream: TakenStream;
	readonly #around: RunSurroundings;
	readonly #log: Log;
	readonly #health: Health;
	readonly #place: Place;
	readonly #stop = new AbortController();
	/** live: works at its source. over: has a last word to say, `#status`. left: has nothing more to say. */
	#phase: "live" | "over" | "left" = "live";
	#decoding: Decoding | null = null;
	#status: FeedbackItem["status"] = "in_progress";
	#info: VideoInfo | null = null;
	#error: StreamError | null = null;
	/** Whether the service has yet to hear that the error is over, and where the preview is. */
	#errorTold = true;
	#previewTold = false;
	#life: Promise<void> | null = null;

	constructor(stream: TakenStream, around: RunSurroundings) {
		this.stream = stream;
		this.#around = around;
		this.#health = new Health(stream.policies.healthcheck);
		this.#place = around.pictures.open(stream.stream_id, (on) => this.#decoding?.watch(on));
		this.#log = around.log.child({ stream_id: stream.stream_id, version: stream.version });
	}

	start(): void {
		this.#log.info({ source: maskReference(this.stream.data.reference), type: this.stream.data.type }, "stream taken");
		this.#life ??= this.#live().catch((error: unknown) => {
			// Nothing in a run's life is meant to throw; if it does, its operator shall know and the slot be freed.
			this.#log.error({ err: error }, "stream run broke");
			this.#over("failure", new SourceError("source_failed", String(error)).toStreamError());
		});
	}

	/** What is to be reported now, or null when there is nothing more to say. */
	report(): FeedbackItem | null {
		if (this.#phase === "left") return null;
		const { stream_id, version } = this.stream;
		const item: FeedbackItem = { stream_id, version, status: this.#status };
		if (this.#status === "handler_lost") return item;
		if (this.#info !== null) item.video_info = this.#info;
		if (this.#error !== null) item.error = this.#error;
		else if (!this.#errorTold) item.error = null;
		if (!this.#previewTold && this.#phase === "live" && this.#info !== null)
			item.preview = this.#around.previewUrls(stream_id);
		return item;
	}

	/**
	 * Hears what the service said to an item that `report` gave. Anything but this version in progress ends the run, and
	 * so does standing under `unmodified` (contract, section 6). A last word is heard once, whatever the answer.
	 */
	judge(item: FeedbackItem, state: FeedbackState): void {
		const ours = state.modified && state.version === this.stream.version && state.status === "in_progress";
		if (item.status !== "in_progress") {
			if (!state.modified) this.#log.warn({ said: item.status, status: state.status }, "last word not accepted");
			this.leave();
		} else if (!ours) {
			const { status, version, modified } = state;
			if (this.#phase !== "left") this.#log.info({ status, current: version, modified }, "stream is no longer ours");
			this.leave();
		} else {
			if (item.preview !== undefined) this.#previewTold = true;
			if (item.error === null && this.#error === null) this.#errorTold = true;
		}
	}

	/** Gives the stream back: its next report says handler_lost. One that has ended keeps its end. */
	handBack(): void {
		if (this.#phase === "live") this.#over("handler_lost", null);
	}

	/** Stops without a further word. */
	leave(): void {
		if (this.#phase === "left") return;
		this.#phase = "left";
		this.#silence();
		void this.settled().then(() => this.#around.gone(this));
	}

	/** Resolves when its decoding has ended. */
	async settled(): Promise<void> {
		await this.#life;
	}

	#over(status: FeedbackItem["status"], error: StreamError | null): void {
		if (this.#phase !== "live") return;
		this.#log.info({ status, error }, "stream over");
		this.#phase = "over";
		this.#status = status;
		this.#error = error;
		this.#silence();
		this.#around.hurry();
	}

	#silence(): void {
		this.#stop.abort();
		this.#place.close();
		void this.#decoding?.stop();
	}

	/** Attempts at the source, until one says how the stream ended or the run is stopped. */
	async #live(): Promise<void> {
		const { data, policies } = this.stream;
		const goesOn = data.endless && (data.type === "tcp" || data.type === "udp");
		const local = data.type === "images" || (data.type === "videofile" && !/^https?:/i.test(data.reference));
		while (!this.#stop.signal.aborted) {
			const began = performance.now();
			const end = await this.#attempt();
			if (this.#stop.signal.aborted || end.kind === "stopped") return;
			if (end.kind === "ended") {
				if (end.info !== null) this.#measured(end.info);
				if (!goesOn) return this.#over("done", null);
				this.#log.info({}, "source ended, connecting again");
				// A source that gives a moment and ends, again and again, is not asked without a pause.
				const short = performance.now() - began < 1000;
				await pause(
					short ? Math.max(LEAST_PAUSE, policies.healthcheck.retry_delay * 1000) : LEAST_PAUSE,
					this.#stop.signal,
				);
				continue;
			}
			const error = end.error.toStreamError();
			const tooMany = this.#health.failedBy(performance.now());
			this.#log.warn({ error, errors: this.#health.count }, "source failed");
			if (tooMany || !end.error.retriedFor(local)) return this.#over("failure", error);
			this.#error = error;
			this.#around.hurry();
			await pause(Math.max(LEAST_PAUSE, policies.healthcheck.retry_delay * 1000), this.#stop.signal);
		}
	}

	async #attempt(): Promise<DecodingEnd> {
		const { data, policies } = this.stream;
		const { job } = this.#around;
		this.#decoding = this.#around.startDecoding(
			{
				...job,
				data,
				timeout: policies.healthcheck.timeout ?? job.timeout,
				threads: policies.ffmpeg_threads_number,
				realTimeFps: policies.real_time_mode_fps,
				forgivenPictures: policies.healthcheck.max_error_count,
			},
			{
				up: (info) => this.#up(info),
				measured: (info) => this.#measured(info),
				picture: (jpeg) => this.#place.put(jpeg),
			},
		);
		if (this.#place.watched) this.#decoding.watch(true);
		const end = await this.#decoding.end;
		this.#decoding = null;
		return end;
	}

	/** The start of a run is that of its first attempt that gave pictures. */
	#measured(info: VideoInfo): void {
		this.#info = { ...info, start_time: this.#info?.start_time ?? info.start_time };
	}

	#up(info: VideoInfo): void {
		if (this.#stop.signal.aborted) return;
		this.#log.info({ width: info.width, height: info.height, frame_rate: info.frame_rate }, "stream is up");
		this.#measured(info);
		this.#error = null;
		// Also when this run had none: the error may be one of an earlier run.
		this.#errorTold = false;
		this.#around.hurry();
	}
}
