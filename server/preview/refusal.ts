import { Fault } from "../../persistence/fault.ts";

/**
 * 502/39010: the preview cannot be relayed (contract, section 11). The reason goes to clients: it holds neither a url
 * nor credentials nor an address that a name resolved to.
 */
export function refused(reason: string, cause?: unknown): Fault {
	return new Fault(39010, { reason }, { cause });
}

const reasons: Readonly<Record<string, string>> = {
	ECONNREFUSED: "the upstream refused the connection",
	ECONNRESET: "the upstream broke the connection",
	EPIPE: "the upstream broke the connection",
	ERR_STREAM_PREMATURE_CLOSE: "the upstream broke the connection",
	ENOTFOUND: "the upstream's host name was not found",
	EAI_AGAIN: "the upstream's host name was not found",
	EHOSTUNREACH: "the upstream cannot be reached",
	ENETUNREACH: "the upstream cannot be reached",
	ETIMEDOUT: "the upstream cannot be reached",
	HPE_HEADER_OVERFLOW: "the upstream's headers are too large",
};

/** The fault for whatever a request to an upstream failed with. A `Fault` stays what it is. */
export function refusalOf(error: unknown): Fault {
	if (error instanceof Fault) return error;
	// Only the code is told: messages of Node name addresses and paths.
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	if (code.startsWith("HPE_") && code !== "HPE_HEADER_OVERFLOW")
		return refused("the upstream does not speak HTTP", error);
	return refused(reasons[code] ?? `the upstream failed${code ? ` (${code})` : ""}`, error);
}
