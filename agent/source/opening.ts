import { stat } from "node:fs/promises";
import { SourceError } from "../source-errors.ts";
import type { Folders } from "./folders.ts";

/** How FFmpeg is to open a source: where, and with what it may do. */
export interface Opening {
	url: string;
	/** Options of the demuxer and its protocols, with the lists of protocols and formats it may use. */
	options: Readonly<Record<string, string>>;
	/** A file ends and has a length; a live source goes on. */
	live: boolean;
	/** Whether it gives its data as fast as it is read, so that the agent has to keep the time. */
	pulled: boolean;
	/** FFmpeg's name of the demuxer, where it is not to find out by itself. */
	format?: string;
}

export interface OpeningOptions {
	folders: Folders;
	/** Whether a `videofile` may be an http(s) address. */
	httpFiles: boolean;
	/** Milliseconds for each operation. */
	timeout: number;
}

/** Containers and raw streams that are one file and name no other. Playlists and scripts (hls, concat, sdp, …) are not. */
const FILE_FORMATS =
	"mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,mpegvideo,avi,flv,ogg,asf,mxf,gif,h264,hevc,av1,ivf,m4v,mjpeg,nut,dv,rm,vc1,wtv,yuv4mpegpipe";
/** Over http a playlist may name further addresses: of the same protocols only, which the list of those sees to. */
const HTTP_FORMATS = `hls,mpjpeg,${FILE_FORMATS}`;
const HTTP_PROTOCOLS = "http,https,tcp,tls,crypto";

/**
 * Says how a reference of type tcp, udp or videofile is opened, or throws a SourceError when it may not be. Each gets
 * only the protocols and formats that it needs, whatever the opened data then asks for.
 */
export async function openingOf(type: string, reference: string, options: OpeningOptions): Promise<Opening> {
	if (type === "videofile") return openFile(reference, options);
	if (type !== "tcp" && type !== "udp")
		throw new SourceError("unsupported_type", `this agent knows no sources of type '${type}'`);
	const scheme = schemeOf(reference);
	if (scheme === null || !reference.slice(scheme.length).startsWith("://"))
		throw new SourceError("bad_reference", `'${reference}' is no address of a ${type} source`);
	// A line break in an address would become one in what is sent to its host.
	if (/[\s\p{Cc}]/u.test(reference))
		throw new SourceError("bad_reference", "an address holds no blank or control character");
	// FFmpeg would open a port and wait there for whoever comes.
	if (!/^https?$/.test(scheme) && /[?&]listen\b/i.test(reference))
		throw new SourceError("bad_reference", "an agent connects to its source, it does not listen");
	const opening = (type === "tcp" ? tcpOptions : udpOptions)(scheme, String(options.timeout * 1000));
	if (opening === null) throw new SourceError("forbidden_protocol", `a ${type} source is not opened with '${scheme}'`);
	return { url: reference, options: opening, live: true, pulled: /^https?$/.test(scheme) };
}

type Options = Record<string, string>;

/** `timeout` and `rw_timeout` are microseconds here. */
function tcpOptions(scheme: string, timeout: string): Options | null {
	switch (scheme) {
		case "rtsp":
		case "rtsps":
			return {
				protocol_whitelist: scheme === "rtsps" ? "tls,tcp" : "tcp",
				rtsp_transport: "tcp",
				allowed_media_types: "video",
				timeout,
			};
		case "http":
		case "https":
			return { protocol_whitelist: HTTP_PROTOCOLS, format_whitelist: HTTP_FORMATS, rw_timeout: timeout };
		case "rtmp":
			return { protocol_whitelist: "rtmp,tcp", format_whitelist: "flv", rw_timeout: timeout };
		case "rtmps":
			return { protocol_whitelist: "rtmps,tls,tcp", format_whitelist: "flv", rw_timeout: timeout };
		case "tcp":
			return { protocol_whitelist: "tcp", format_whitelist: FILE_FORMATS, timeout, rw_timeout: timeout };
		default:
			return null;
	}
}

function udpOptions(scheme: string, timeout: string): Options | null {
	switch (scheme) {
		case "rtsp":
			return { protocol_whitelist: "udp,rtp,tcp", rtsp_transport: "udp", allowed_media_types: "video", timeout };
		case "udp":
			return {
				protocol_whitelist: "udp",
				format_whitelist: "mpegts,h264,hevc,mpegvideo,mjpeg",
				timeout,
				// A burst that does not fit costs pictures, not the stream.
				overrun_nonfatal: "1",
				fifo_size: "40000",
			};
		case "rtp":
			return { protocol_whitelist: "rtp,udp", format_whitelist: "rtp,rtsp,sdp,mpegts", timeout };
		default:
			return null;
	}
}

async function openFile(reference: string, { folders, httpFiles, timeout }: OpeningOptions): Promise<Opening> {
	const scheme = schemeOf(reference);
	if (scheme === "http" || scheme === "https") {
		if (!httpFiles) throw new SourceError("forbidden_protocol", "this agent reads video files from its folders only");
		return {
			url: reference,
			options: {
				protocol_whitelist: HTTP_PROTOCOLS,
				format_whitelist: FILE_FORMATS,
				rw_timeout: String(timeout * 1000),
			},
			live: false,
			pulled: true,
		};
	}
	if (scheme !== null && scheme !== "file")
		throw new SourceError("forbidden_protocol", `a video file is not opened with '${scheme}'`);
	const path = await folders.find(reference.replace(/^file:(\/\/)?/i, ""));
	if (!(await stat(path)).isFile()) throw new SourceError("bad_reference", `'${reference}' is no file`);
	return {
		url: `file:${path}`,
		options: { protocol_whitelist: "file", format_whitelist: FILE_FORMATS },
		live: false,
		pulled: true,
	};
}

function schemeOf(reference: string): string | null {
	return /^([a-z][a-z0-9+.-]*):/i.exec(reference)?.[1]?.toLowerCase() ?? null;
}
