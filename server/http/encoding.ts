import { encode } from "@msgpack/msgpack";
import { acceptedType } from "../accept.ts";

const json = "application/json";
const msgpack = "application/msgpack";

/** A body ready to be written. */
export interface Encoded {
	type: string;
	bytes: Uint8Array | string;
}

/**
 * JSON text as the client wants it: MessagePack when `Accept` prefers `application/msgpack`, else JSON, also for a client
 * that accepts neither (contract, section 1).
 */
export function encodeJson(text: string, accept: string): Encoded {
	if (accept.includes("msgpack") && acceptedType(accept, [json, msgpack]) === msgpack) {
		return { type: msgpack, bytes: encode(JSON.parse(text)) };
	}
	return { type: json, bytes: text };
}
