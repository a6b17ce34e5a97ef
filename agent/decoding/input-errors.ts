import { constants as os } from "node:os";
import { SourceError, type SourceErrorKind } from "../source-errors.ts";
import type { Av } from "./av.ts";

/** Says what an error code of FFmpeg means for a source. `reference` is masked on its way into the detail. */
export function sourceErrorOf(av: Av, code: number, doing: string, reference: string, live: boolean): SourceError {
	const detail = `${doing} '${reference}': ${av.FFmpegError.strerror(code)}`;
	return new SourceError(kindOf(av, code, live), detail);
}

function kindOf(av: Av, code: number, live: boolean): SourceErrorKind {
	const { constants: c } = av;
	const known = new Map<number, SourceErrorKind>([
		[c.AVERROR_EXIT, "timeout"],
		[c.AVERROR_EOF, "ended"],
		[c.AVERROR_INVALIDDATA, "unknown_format"],
		[c.AVERROR_DEMUXER_NOT_FOUND, "unknown_format"],
		[c.AVERROR_DECODER_NOT_FOUND, "unsupported_codec"],
		[c.AVERROR_PROTOCOL_NOT_FOUND, "forbidden_protocol"],
		[c.AVERROR_STREAM_NOT_FOUND, "no_video"],
		[c.AVERROR_HTTP_UNAUTHORIZED, "unauthorized"],
		[c.AVERROR_HTTP_FORBIDDEN, "unauthorized"],
		[c.AVERROR_HTTP_NOT_FOUND, "not_found"],
		[-os.errno.ECONNREFUSED, "refused"],
		[-os.errno.ETIMEDOUT, "timeout"],
		[-os.errno.EHOSTUNREACH, "unreachable"],
		[-os.errno.ENETUNREACH, "unreachable"],
		[-os.errno.EADDRNOTAVAIL, "unreachable"],
		[-os.errno.ECONNRESET, "connection_lost"],
		[-os.errno.EPIPE, "connection_lost"],
		// FFmpeg gives this for a name that is not resolved, and for a connection that breaks.
		[-os.errno.EIO, live ? "unreachable" : "source_failed"],
		[-os.errno.ENOENT, live ? "not_found" : "file_not_found"],
		[-os.errno.EACCES, live ? "source_failed" : "file_not_readable"],
	]);
	return known.get(code) ?? "source_failed";
}
