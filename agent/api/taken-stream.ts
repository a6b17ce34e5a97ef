/** A rectangle of the original picture; `percent` counts in hundredths of its width and height. All zero: the whole. */
export interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
	mode: "abs" | "percent";
}

/** When a source has failed too often (contract, section 3, policies.healthcheck). */
export interface Healthcheck {
	/** Errors within `period` that are still forgiven. */
	max_error_count: number;
	/** Seconds. */
	period: number;
	/** Seconds between attempts. */
	retry_delay: number;
	/** Milliseconds for opening and for each read, or null. */
	timeout: number | null;
}

/** What the agent needs of a stream that it took. Members that it does not use are not read. */
export interface TakenStream {
	stream_id: string;
	version: number;
	data: {
		type: string;
		reference: string;
		roi: Area;
		rotation: number;
		preferred_program_stream_frame_width: number;
		endless: boolean;
	};
	policies: {
		real_time_mode_fps: number;
		ffmpeg_threads_number: number;
		healthcheck: Healthcheck;
	};
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a stream of a take's answer. Only what names it is required: a stream whose other members make no sense is
 * read with their defaults, and fails later with an error that its operator can see. Null when it cannot be named.
 */
export function readTakenStream(value: unknown): TakenStream | null {
	const stream = members(value);
	const { stream_id, version } = stream;
	if (typeof stream_id !== "string" || !/^[0-9a-f-]{36}$/.test(stream_id)) return null;
	if (typeof version !== "number" || !Number.isInteger(version)) return null;
	const data = members(stream["data"]);
	const policies = members(stream["policies"]);
	const health = members(policies["healthcheck"]);
	const timeout = number(health["timeout"], 0);
	return {
		stream_id,
		version,
		data: {
			type: text(data["type"]),
			reference: text(data["reference"]),
			roi: area(data["roi"]),
			rotation: number(data["rotation"], 0),
			preferred_program_stream_frame_width: number(data["preferred_program_stream_frame_width"], 800),
			endless: data["endless"] !== false,
		},
		policies: {
			real_time_mode_fps: number(policies["real_time_mode_fps"], 0),
			ffmpeg_threads_number: number(policies["ffmpeg_threads_number"], 0),
			healthcheck: {
				max_error_count: number(health["max_error_count"], 10),
				period: number(health["period"], 3600),
				retry_delay: number(health["retry_delay"], 5),
				timeout: timeout > 0 ? timeout : null,
			},
		},
	};
}

/** The members of an object; none of anything else. */
export function members(value: unknown): Members {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function text(value: unknown): string {
	return typeof value === "string" ? value : "";
}

function number(value: unknown, fallback: number): number {
	return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : fallback;
}

function area(value: unknown): Area {
	const { x, y, width, height, mode } = members(value);
	return {
		x: number(x, 0),
		y: number(y, 0),
		width: number(width, 0),
		height: number(height, 0),
		mode: mode === "percent" ? "percent" : "abs",
	};
}
