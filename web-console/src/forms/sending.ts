import type { ReferenceTest } from "../../../client/console/protocol.ts";
import { base } from "../app/console.ts";
import type { PlacedError } from "./invalid-body.ts";
import { placed } from "./server-errors.ts";

export type Sent = { readonly stream_id: string } | PlacedError;

/** Creates a stream of a form's body. */
export function createStream(body: unknown): Promise<Sent> {
	return send("POST", "1/streams", body);
}

/** Writes a stream anew by the console's own resource: a secret that stands as ******** in the body stays what it is. */
export function recreateStream(stream_id: string, body: unknown): Promise<Sent> {
	return send("PUT", `console/streams/${encodeURIComponent(stream_id)}`, body);
}

/** What of a form says where its video comes from, and for whom. */
export interface SourceOfForm {
	readonly account_id: unknown;
	readonly data: Readonly<Record<string, unknown>>;
	readonly group_name?: unknown;
	/** The stream that the form writes anew. */
	readonly stream_id?: string;
}

/** Seconds that a test waits for an agent's first signs. */
const TEST_WAIT = 20;

/** Has an agent try a source; until `signal` is aborted, 20 s at most. @throws AbortError */
export async function testSource(source: SourceOfForm, signal: AbortSignal): Promise<ReferenceTest | PlacedError> {
	const answer = await ask("POST", `console/reference-tests?wait=${TEST_WAIT}`, source, signal);
	if (hasText(answer, "outcome")) return answer as unknown as ReferenceTest;
	return refusalIn(answer) ?? { path: "", message: "The service did not answer. Nothing is known of the source." };
}

// Not by the typed client: the body comes from the form's own schema, and has been checked by it.
async function send(method: string, path: string, body: unknown): Promise<Sent> {
	const answer = await ask(method, path, body);
	if (hasText(answer, "stream_id")) return { stream_id: answer.stream_id };
	const message = "The service did not answer. Nothing may have been saved: look before you send again.";
	return refusalIn(answer) ?? { path: "", message };
}

/** The answer, whatever it says; undefined when there is none, or one that is none of the service's. */
async function ask(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
	try {
		const response = await fetch(new URL(path, base), {
			method,
			headers: { "Content-Type": "application/json", Accept: "application/json" },
			body: JSON.stringify(body),
			signal: signal ?? null,
		});
		return await response.json();
	} catch (error) {
		if (signal?.aborted) throw error;
		return undefined;
	}
}

function refusalIn(answer: unknown): PlacedError | undefined {
	const isRefusal = hasText(answer, "desc") && hasText(answer, "detail") && hasNumber(answer, "error_code");
	return isRefusal ? placed(answer) : undefined;
}

function hasText<N extends string>(value: unknown, name: N): value is Record<N, string> {
	return typeof value === "object" && value !== null && name in value && typeof Reflect.get(value, name) === "string";
}

function hasNumber<N extends string>(value: unknown, name: N): value is Record<N, number> {
	return typeof value === "object" && value !== null && name in value && typeof Reflect.get(value, name) === "number";
}
