import { Fault } from "../../persistence/fault.ts";
import type { StreamRow } from "../../persistence/stream-row.ts";
import type { StreamToWrite } from "../schemas/stream.ts";
import { mask } from "../settings/mask.ts";
import { hiddenUrl } from "./hidden.ts";

/** What is stored of the members of an event handler that hold secrets. */
interface Stored {
	origin?: string;
	frame_store?: string;
	authorization?: { token?: string };
}

/**
 * A stream as the console writes it anew, with the stored secrets where `********` stands for them. A secret goes only
 * where it went before: a url keeps its password as long as it leads to the same host, a token as long as events and
 * frames go to the same hosts. Else whoever may change a stream could have its secrets sent to a host of their own.
 *
 * @throws {Fault} 12022 naming the member whose secret has to be given again
 */
export function withStoredSecrets(body: StreamToWrite, row: StreamRow): StreamToWrite {
	// Our own texts, checked against the schema when they came in.
	const stored: Stored = JSON.parse(row.event_handler);
	const handler = { ...body.event_handler };
	const { authorization } = handler;
	if (authorization !== undefined && "token" in authorization && authorization.token === mask) {
		const token = stored.authorization?.token;
		const before = [stored.origin, stored.frame_store].map(hostOf);
		const elsewhere = [handler.origin, handler.frame_store]
			.map(hostOf)
			.some((host) => host !== "" && !before.includes(host));
		if (token === undefined || elsewhere) throw missing("event_handler.authorization.token");
		handler.authorization = { token };
	}
	if (handler.origin !== undefined) handler.origin = kept(handler.origin, stored.origin, "event_handler.origin");
	if (handler.frame_store !== undefined)
		handler.frame_store = kept(handler.frame_store, stored.frame_store, "event_handler.frame_store");
	return { ...body, data: withStoredReference(body.data, row), event_handler: handler };
}

/**
 * The source of a stream with the stored password where `********` stands for it, for the same host only; without a
 * stored stream it stands for nothing.
 *
 * @throws {Fault} 12022
 */
export function withStoredReference(data: StreamToWrite["data"], row: StreamRow | null): StreamToWrite["data"] {
	// As above.
	const stored: { reference: string } | null = row && JSON.parse(row.data);
	return { ...data, reference: kept(data.reference, stored?.reference, "data.reference") };
}

/** A url in which `********` stands for what the stored one has there. */
function kept(given: string, stored: string | undefined, path: string): string {
	if (!given.includes(mask)) return given;
	if (stored === undefined) throw missing(path);
	if (given === hiddenUrl(stored)) return stored;
	if (hostOf(given) !== hostOf(stored) || hostOf(given) === "") throw missing(path);
	const secrets = secretsOf(stored);
	let next = 0;
	const whole = given.replaceAll(mask, () => secrets[next++] ?? mask);
	// As many stand there as before, or it cannot be told which is which.
	if (next !== secrets.length || whole.includes(mask)) throw missing(path);
	return whole;
}

/** What is hidden of a url, piece by piece: the texts that stand where its hidden form has `********`. */
function secretsOf(stored: string): string[] {
	const shown = hiddenUrl(stored).split(mask);
	const secrets: string[] = [];
	let at = 0;
	for (const [place, text] of shown.entries()) {
		const found = text === "" && place === shown.length - 1 ? stored.length : stored.indexOf(text, at);
		if (found < 0) return [];
		if (place > 0) secrets.push(stored.slice(at, found));
		at = found + text.length;
	}
	return secrets;
}

/** Scheme, host and port of a url; "" when it is none. Its user and password are no part of it. */
function hostOf(url: string | undefined): string {
	const [, scheme = "", authority = ""] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(url ?? "") ?? [];
	if (scheme === "") return "";
	return `${scheme}://${authority.slice(authority.lastIndexOf("@") + 1)}`.toLowerCase();
}

function missing(path: string): Fault {
	return new Fault(12022, {
		path,
		message: "the secret has to be given again: ******** keeps it for the same host only",
	});
}
