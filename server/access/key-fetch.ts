import { createLocalJWKSet } from "jose";
import type { Clock } from "../../actors/clock.ts";

const LARGEST_KEY_SET = 262_144;
/** Milliseconds after a failed fetch in which there is no other one. */
const PAUSE = 5_000;

/**
 * Fetches the keys that a provider of identities publishes. When they could not be had, it fails with the same error for five
 * seconds without asking: whoever makes up a token, which anybody may, would have an ill provider asked once more.
 */
export function keyFetch(clock: Clock): (url: string, options: RequestInit) => Promise<Response> {
	let failure: { error: unknown; until: number } | null = null;
	return async (url, options) => {
		if (failure !== null && clock.monotonic() < failure.until) throw failure.error;
		try {
			const keys = await fetchKeys(url, options);
			failure = null;
			return keys;
		} catch (error) {
			failure = { error, until: clock.monotonic() + PAUSE };
			throw error;
		}
	};
}

/** No redirects, no more bytes than a key set can have, and nothing that is none. */
async function fetchKeys(url: string, options: RequestInit): Promise<Response> {
	const response = await fetch(url, { ...options, redirect: "error" });
	const parts: Uint8Array[] = [];
	let size = 0;
	for await (const part of response.body ?? []) {
		size += part.byteLength;
		if (size > LARGEST_KEY_SET) throw new Error(`the key set is larger than ${LARGEST_KEY_SET} bytes`);
		parts.push(part);
	}
	if (response.status !== 200) throw new Error(`the key set was answered with ${response.status}`);
	const body = Buffer.concat(parts);
	// Throws what the reader of the answer would throw, who cannot tell it here.
	createLocalJWKSet(JSON.parse(body.toString()));
	return new Response(body, { headers: response.headers });
}
