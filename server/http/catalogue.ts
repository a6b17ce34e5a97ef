import { Fault, type FaultCode } from "../../persistence/fault.ts";

/** One line of the error catalogue (contract, section 13). `{name}` in the detail stands for a value of the fault. */
export interface CatalogueEntry {
	http: number;
	desc: string;
	detail: string;
}

const badInput = "Bad/incomplete input data";
const notFound = "Object not found";

/** The error catalogue (contract, section 13). */
export const catalogue: Readonly<Record<FaultCode, CatalogueEntry>> = {
	1: { http: 500, desc: "internal server error", detail: "internal server error" },
	12012: { http: 400, desc: badInput, detail: "Bad query parameters '{name}'" },
	12013: { http: 404, desc: "Page not found", detail: "Page not found" },
	12014: { http: 400, desc: badInput, detail: "Required parameters '{names}' not found" },
	12021: { http: 405, desc: "Method not allowed", detail: "Method not allowed" },
	12022: { http: 400, desc: badInput, detail: "Failed to validate input json. Path: '{path}', message: '{message}'" },
	12023: { http: 415, desc: badInput, detail: "Content type is unacceptable, allowed types: '{types}'" },
	12024: { http: 406, desc: "Unsupported media type", detail: badInput },
	12027: { http: 400, desc: badInput, detail: "Failed to validate input json. Message: {message}" },
	39001: { http: 404, desc: notFound, detail: "Stream with id '{id}' not found" },
	39002: { http: 400, desc: "Bad input data", detail: "'{value}' is not valid stream status; permitted: {list}" },
	39003: {
		http: 409,
		desc: "Unable to stop processing",
		detail: "Processing of stream with id '{id}' is already in progress and cannot be stopped",
	},
	39004: {
		http: 409,
		desc: "Unable to resume processing",
		detail: "Processing of stream with id '{id}' is already in progress",
	},
	39005: {
		http: 409,
		desc: "Unable to cancel processing",
		detail: "Processing of stream with id '{id}' is finished and cannot be cancelled",
	},
	39006: { http: 409, desc: "Unique constraint error", detail: "Group named '{name}' already exists" },
	39007: { http: 404, desc: notFound, detail: "Group named '{name}' not found" },
	39008: { http: 404, desc: notFound, detail: "Group with id '{id}' not found" },
	39009: { http: 404, desc: notFound, detail: "Not found '{kind}' preview url for stream with id '{id}'" },
	39010: { http: 502, desc: "Preview processing error", detail: "{reason}" },
	39901: { http: 413, desc: "Payload too large", detail: "Request body is larger than {limit} bytes" },
	39902: { http: 401, desc: "Unauthorized", detail: "{reason}" },
	39903: { http: 403, desc: "Forbidden", detail: "{reason}" },
	39904: { http: 429, desc: "Too many requests", detail: "Retry after {seconds} s" },
	39905: { http: 503, desc: "Service unavailable", detail: "{part} is unavailable" },
};

/** The body of every error answer (contract, section 1). */
export interface ErrorBody {
	error_code: number;
	desc: string;
	detail: string;
}

export interface ErrorAnswer {
	status: number;
	body: ErrorBody;
	headers: Readonly<Record<string, string>>;
}

/** The answer that a fault becomes: status, body, `WWW-Authenticate` for 39902, and `Retry-After` (seconds) for 39904 and 39905. */
export function errorAnswer(fault: Fault): ErrorAnswer {
	const { http, desc, detail } = catalogue[fault.code];
	const headers: Record<string, string> = {};
	if (fault.code === 39902) headers["WWW-Authenticate"] = "Bearer";
	if (fault.code === 39904) headers["Retry-After"] = String(fault.values["seconds"] ?? 1);
	if (fault.code === 39905) headers["Retry-After"] = "1";
	return { status: http, body: { error_code: fault.code, desc, detail: fill(detail, fault.values) }, headers };
}

/** Whatever was thrown, as a fault: what is none becomes code 1, with the cause for the log. */
export function toFault(thrown: unknown): Fault {
	return thrown instanceof Fault ? thrown : new Fault(1, {}, { cause: thrown });
}

/** Names of unknown members are repeated as they came; half of a pair has no form in UTF-8, which MessagePack is written in. */
const loneSurrogate = /[\ud800-\udfff]/gu;

function fill(template: string, values: Fault["values"]): string {
	return template.replace(/\{(\w+)\}/g, (_, name: string) =>
		String(values[name] ?? "").replace(loneSurrogate, "\ufffd"),
	);
}
