import type { SeenStream } from "./service-api.ts";

/** Tells each change of a status, once, in one line. */
export class Report {
	readonly #known = new Map<string, string>();
	readonly #print: (line: string) => void;

	constructor(print: (line: string) => void) {
		this.#print = print;
	}

	show(streams: readonly SeenStream[]): void {
		const ids = new Set(streams.map((stream) => stream.stream_id));
		for (const [id] of this.#known) if (!ids.has(id)) this.#known.delete(id);
		for (const stream of streams) {
			const state = `${stream.status} ${stream.autorestart.current_attempt} ${sizeOf(stream) !== ""}`;
			if (this.#known.get(stream.stream_id) === state) continue;
			this.#known.set(stream.stream_id, state);
			const time = new Date().toTimeString().slice(0, 8);
			const line = `  ${time}  ${stream.name.padEnd(14)} ${stream.status.padEnd(12)} ${remark(stream)}`;
			this.#print(line.trimEnd());
		}
	}
}

function remark(stream: SeenStream): string {
	const { restart, attempt_count, current_attempt, delay, status } = stream.autorestart;
	const parts: string[] = [];
	if (stream.status === "in_progress") parts.push(sizeOf(stream));
	if (stream.status === "failure" && stream.last_error !== null) {
		parts.push(`${stream.last_error.desc} (${stream.last_error.error_code})`);
		if (restart === 1 && status === "in_progress") parts.push(`restarts in ${delay} s`);
		if (status === "failed") parts.push(`all ${attempt_count} attempts used`);
	}
	if (restart === 1 && current_attempt > 0) parts.push(`attempt ${current_attempt} of ${attempt_count}`);
	return parts.filter((part) => part !== "").join(", ");
}

function sizeOf(stream: SeenStream): string {
	const { width, height } = stream.video_info ?? {};
	return width ? `${width} × ${height}` : "";
}
