import { SOURCE_ERRORS, type SourceErrorKind } from "../agent/source-errors.ts";
import type { FaultCode } from "../persistence/fault.ts";
import { catalogue } from "../server/http/catalogue.ts";

const edit = "by `npm run docs:reference`; do not edit here.";

/** When a client meets each error, and what to do. Complete, or it does not compile. */
const advice: Readonly<Record<FaultCode, string>> = {
	1: "A defect of the service. The log has the cause under the answer's `Luna-Request-Id`.",
	12012: "A known query parameter, or the header `Agent-Id`, has a bad value. Unknown parameters are ignored.",
	12013: "No such path, or an id in it that is no UUID.",
	12014: "A query parameter that this request needs is missing.",
	12021: "The path exists and not with this verb; `Allow` names those that it has.",
	12022: "The body is JSON and not what is asked for: the path leads to the first bad member.",
	12023: "`Content-Type` must name one of these types.",
	12024: "`Accept` permits none of the forms that there are.",
	12027: "The body is no JSON.",
	39001: "There is no such stream, or not in this account.",
	39002: "A status that a stream cannot be given by hand.",
	39003: "A video file that is being processed cannot be paused; cancel it, or wait for its end.",
	39004: "The stream is being processed already.",
	39005: "The stream has ended; nothing is left to cancel.",
	39006: "Another group has this name.",
	39007: "There is no group of this name.",
	39008: "There is no such group, or not in this account.",
	39009: "The stream is not in progress, or its agent reported no such address.",
	39010: "The agent's picture could not be fetched, or may not be: the reason says why.",
	39901: "Ask in parts, or raise `LUNA_STREAMS_HTTP_SETTINGS.REQUEST_MAX_SIZE`.",
	39902: "The request carries no credentials, or others than are wanted.",
	39903: "The `Host` header names no host of this service: add it to `LUNA_STREAMS_HTTP_SETTINGS.ALLOWED_HOSTS`.",
	39904: "Ask again after the seconds in `Retry-After`.",
	39905: "The part is away or full, or the node is stopping. Ask again after `Retry-After`, or ask another node.",
};

/** The manual's page about the errors of the API, in Markdown. */
export function errorsPage(): string {
	const rows = Object.entries(catalogue).map(
		([code, { http, desc, detail }]) =>
			`| ${code} | ${http} | ${desc} | \`${detail}\` | ${advice[Number(code) as FaultCode]} |\n`,
	);
	return `# Errors of the API

<!-- Made from server/http/catalogue.ts ${edit} -->

Every error answer has the same body, and no other:

\`\`\`json
{ "error_code": 39001, "desc": "Object not found", "detail": "Stream with id '…' not found" }
\`\`\`

\`error_code\` never changes its meaning; write programs by it, not by the texts. \`{…}\` in a detail stands for a value. Every
answer carries \`Luna-Request-Id\`, by which the log is searched. The errors that agents report of their sources are
[a list of their own](agent-errors.md).

| code | HTTP | desc | detail | when, and what to do |
|---|---|---|---|---|
${rows.join("")}`;
}

/** What happened, for each error of a source. */
const happenings: Readonly<Record<SourceErrorKind, string>> = {
	unsupported_type: "`data.type` is none of tcp, udp, videofile, images",
	bad_reference: "not an address, a folder where a file was expected, or an address that asks the agent to listen",
	forbidden_path: "the path, after links, lies outside the folders given with `--files`, or none were given",
	forbidden_protocol: "the reference's protocol is not one of its type's; a video file by http needs `--http-files 1`",
	forbidden_format: "the content is of no permitted format, for instance a playlist where a video file was expected",
	file_not_found: "there is no such file or folder",
	file_not_readable: "the agent's user may not read it",
	no_pictures: "the folder or pattern means no pictures",
	area_outside: "nothing of `data.roi` lies within the rotated picture",
	not_found: "the server knows no such path",
	refused: "nothing listens there",
	unreachable: "the name is not resolved, or there is no way to the host",
	unauthorized: "401 or 403",
	timeout: "nothing came within `policies.healthcheck.timeout`, or the agent's `--timeout`",
	connection_lost: "it broke while it was read",
	ended: "it opened and closed",
	no_video: "there is sound or data, but no video",
	unknown_format: "the content is not understood",
	unsupported_codec: "FFmpeg has no decoder for it",
	decode_failed: "packet after packet gave no picture",
	decoder_crashed: "the decoder's process ended by itself",
	decoder_stuck: "the decoder's process gave no sign of life for 15 s",
	source_failed: "anything else; the detail has FFmpeg's words",
};

/** The manual's page about the errors that the reference agent reports, in Markdown. */
export function agentErrorsPage(): string {
	const kinds = Object.keys(SOURCE_ERRORS) as SourceErrorKind[];
	const rows = kinds.map((kind) => {
		const { code, desc, retried } = SOURCE_ERRORS[kind];
		const again = retried === "remote" ? "remote" : retried ? "yes" : "no";
		return `| ${code} | ${desc} | ${again} | ${happenings[kind]} |\n`;
	});
	return `# Errors of the stream agent

<!-- Made from agent/source-errors.ts ${edit} -->

When a source fails, the reference agent reports \`{error_code, desc, detail}\`. The codes are the agent's own; other
agents have theirs. They never change their meaning. \`detail\` says where and why, without the user name, the password
and the query values of the reference.

*Tried again* says whether the agent follows \`policies.healthcheck\` (errors within \`period\`, \`retry_delay\` between
attempts) or fails the stream at once, because waiting heals nothing; *remote* is yes for what comes over the network and
no for a local file, whose content stays what it is. \`LUNA_STREAMS_AUTORESTART.FATAL_ERROR_CODES\` of
the service may name codes after which a stream is not restarted either.

| code | desc | tried again | what happened |
|---|---|---|---|
${rows.join("")}`;
}
