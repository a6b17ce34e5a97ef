import { base } from "../app/console.ts";
import { type PlacedError, placed } from "./server-errors.ts";

export type Sent = { readonly stream_id: string } | PlacedError;

/** Creates a stream of a form's body. */
export function createStream(body: unknown): Promise<Sent> {
	return send("POST", "1/streams", body);
}

/** Writes a stream anew by the console's own resource: a secret that stands as ******** in the body stays what it is. */
export function recreateStream(stream_id: string, body: unknown): Promise<Sent> {
	return send("PUT", `console/streams/${encodeURIComponent(stream_id)}`, body);
}

// Not by the typed client: the body comes from the form's own schema, and has been checked by it.
async function send(method: string, path: string, body: unknown): Promise<Sent> {
	try {
		const response = await fetch(new URL(path, base), {
			method,
			headers: { "Content-Type": "application/json", Accept: "application/json" },
			body: JSON.stringify(body),
		});
		const answer: unknown = await response.json();
		if (response.ok && hasText(answer, "stream_id")) return { stream_id: answer.stream_id };
		if (hasText(answer, "desc") && hasText(answer, "detail") && hasNumber(answer, "error_code")) return placed(answer);
	} catch {
		// No answer, or one that is none of the service's: said below.
	}
	return { path: "", message: "The service did not answer. Nothing may have been saved: look before you send again." };
}

function hasText<N extends string>(value: unknown, name: N): value is Record<N, string> {
	return typeof value === "object" && value !== null && name in value && typeof Reflect.get(value, name) === "string";
}

function hasNumber<N extends string>(value: unknown, name: N): value is Record<N, number> {
	return typeof value === "object" && value !== null && name in value && typeof Reflect.get(value, name) === "number";
}
