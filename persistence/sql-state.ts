/** Reads what the driver threw: which errors mean that the database is away, busy, or that the data was at fault. */

const CONNECTION_LOST = new Set([
	"CONNECTION_CLOSED",
	"CONNECTION_ENDED",
	"CONNECTION_DESTROYED",
	"CONNECT_TIMEOUT",
	"ECONNREFUSED",
	"ECONNRESET",
	"EPIPE",
	"ETIMEDOUT",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"ENOTFOUND",
	"EAI_AGAIN",
	"ENOENT", // a unix socket that is not there
]);

function codeOf(error: unknown): string {
	if (typeof error !== "object" || error === null || !("code" in error)) return "";
	return typeof error.code === "string" ? error.code : "";
}

/** The server cannot be reached, is starting, or is going down: nothing is known of what was under way. */
export function isConnectionLoss(error: unknown): boolean {
	const code = codeOf(error);
	// 57P01..57P03: shut down, crashed, starting up.
	return CONNECTION_LOST.has(code) || code.startsWith("08") || code.startsWith("57P0");
}

/** A collision with another writer: nothing was written, and the same statement may well succeed. */
export function isCollision(error: unknown): boolean {
	const code = codeOf(error);
	return code === "40P01" || code === "40001" || code === "55P03";
}

/**
 * The statement cannot be carried out now: it took too long, the disk is full, the database takes no writes, or there is no
 * connection left for it, while those that there are go on.
 */
export function isOverload(error: unknown): boolean {
	const code = codeOf(error);
	return code === "57014" || code === "25006" || code.startsWith("53");
}

/** The server has as many connections as it may have: one more was refused, before it was asked anything. */
export function isFull(error: unknown): boolean {
	return codeOf(error) === "53300";
}

/** The session takes no writes: its server does not, or did not when the session began. */
export function isReadOnly(error: unknown): boolean {
	return codeOf(error) === "25006";
}

/** The data of a statement was refused (SQLSTATE classes 22 and 23). */
export function isRefusedData(error: unknown): boolean {
	const code = codeOf(error);
	return code.length === 5 && (code.startsWith("22") || code.startsWith("23"));
}
