import { maskText } from "./masking.ts";

/** An error as feedback carries it (contract, section 3). */
export interface StreamError {
	error_code: number;
	desc: string;
	detail: string;
}

interface SourceErrorEntry {
	code: number;
	desc: string;
	/** Whether trying again can help: what waiting cannot heal fails the stream at once. Content does not heal in a local file. */
	retried: boolean | "remote";
}

/**
 * Everything that may go wrong with a source. The codes are the agent's own and never change their meaning; they lie
 * outside the service's ranges. `docs/agent-errors.md` explains each of them.
 */
export const SOURCE_ERRORS = {
	unsupported_type: { code: 70001, desc: "Unsupported source type", retried: false },
	bad_reference: { code: 70002, desc: "Bad source reference", retried: false },
	forbidden_path: { code: 70003, desc: "Forbidden path", retried: false },
	forbidden_protocol: { code: 70004, desc: "Forbidden protocol", retried: false },
	forbidden_format: { code: 70005, desc: "Forbidden format", retried: false },
	file_not_found: { code: 70006, desc: "File not found", retried: false },
	file_not_readable: { code: 70007, desc: "File not readable", retried: false },
	no_pictures: { code: 70008, desc: "No pictures found", retried: false },
	area_outside: { code: 70009, desc: "Region of interest outside the picture", retried: false },
	not_found: { code: 70010, desc: "Source not found", retried: true },
	refused: { code: 70011, desc: "Connection refused", retried: true },
	unreachable: { code: 70012, desc: "Source unreachable", retried: true },
	unauthorized: { code: 70013, desc: "Source wants other credentials", retried: true },
	timeout: { code: 70014, desc: "Source timed out", retried: true },
	connection_lost: { code: 70015, desc: "Connection to the source lost", retried: true },
	ended: { code: 70016, desc: "Source ended without a picture", retried: "remote" },
	no_video: { code: 70017, desc: "No video stream", retried: "remote" },
	unknown_format: { code: 70018, desc: "Unknown or broken format", retried: "remote" },
	unsupported_codec: { code: 70019, desc: "Unsupported codec", retried: false },
	decode_failed: { code: 70020, desc: "Decoding failed", retried: "remote" },
	decoder_crashed: { code: 70021, desc: "Decoder crashed", retried: true },
	decoder_stuck: { code: 70022, desc: "Decoder did not answer", retried: true },
	source_failed: { code: 70023, desc: "Source failed", retried: true },
} as const satisfies Record<string, SourceErrorEntry>;

export type SourceErrorKind = keyof typeof SOURCE_ERRORS;

/** A failure of a source. The detail is masked and cut to what feedback may carry. */
export class SourceError extends Error {
	readonly kind: SourceErrorKind;

	constructor(kind: SourceErrorKind, detail: string) {
		super(cut(maskText(detail), 2048));
		this.name = "SourceError";
		this.kind = kind;
	}

	/** Whether another attempt can help, for a source on the network or one in a local file. */
	retriedFor(local: boolean): boolean {
		const { retried } = SOURCE_ERRORS[this.kind];
		return retried === "remote" ? !local : retried;
	}

	/** The error as it is reported. */
	toStreamError(): StreamError {
		const { code, desc } = SOURCE_ERRORS[this.kind];
		return { error_code: code, desc, detail: this.message };
	}
}

/** Lengths in the API count code points, and U+0000 and lone surrogates are refused there. */
function cut(text: string, length: number): string {
	return Array.from(text.replace(/\0|\p{Surrogate}/gu, "\uFFFD"))
		.slice(0, length)
		.join("");
}
