import { Fault } from "../../persistence/fault.ts";
import type { StreamRow, WrittenStream } from "../../persistence/stream-row.ts";
import type { StreamToWrite } from "../schemas/stream.ts";
import { mask } from "../settings/mask.ts";
import { hiddenUrl } from "./hidden.ts";

/** What is stored of the members of an event handler that hold secrets. */
interface Handler {
	origin?: string;
	frame_store?: string;
	authorization?: { token?: string };
}

/**
 * A stream as somebody writes it who reads its secrets as `********`, with the stored ones where that stands for them. A
 * secret goes only where it was before: a url keeps its password for the same user of the same host and the values of its
 * query under the same names, and a token stays as long as events and frames go to the same hosts. Else whoever may change
 * a stream could have its secrets sent to a host of their own, or shown to them.
 *
 * @param row what is stored; null for a stream that is new: `********` stands for nothing then
 * @throws {Fault} 12022 naming the member whose secret has to be given again
 */
export function withStoredSecrets(written: WrittenStream, row: StreamRow | null): WrittenStream {
	if (!written.event_handler.includes(mask) && !written.reference.includes(mask)) return written;
	// Our own texts, checked against the schema when they came in.
	const stored: Handler = row === null ? {} : JSON.parse(row.event_handler);
	const handler: Handler = JSON.parse(written.event_handler);
	if (handler.authorization?.token === mask) {
		const token = stored.authorization?.token;
		const before = [stored.origin, stored.frame_store].map(hostOf);
		const elsewhere = [handler.origin, handler.frame_store]
			.map(hostOf)
			.some((host) => host !== "" && !before.includes(host));
		if (token === undefined || elsewhere) throw missing("event_handler.authorization.token");
		handler.authorization.token = token;
	}
	if (handler.origin !== undefined) handler.origin = kept(handler.origin, stored.origin, "event_handler.origin");
	if (handler.frame_store !== undefined)
		handler.frame_store = kept(handler.frame_store, stored.frame_store, "event_handler.frame_store");
	const data = withStoredReference(JSON.parse(written.data) as StreamToWrite["data"], row);
	const { reference } = data;
	return { ...written, reference, data: JSON.stringify(data), event_handler: JSON.stringify(handler) };
}

/**
 * The source of a stream with the stored secrets where `********` stands for them, as above; without a stored stream it
 * stands for nothing.
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
	const host = hostOf(given);
	if (host === "" || host !== hostOf(stored) || isAmbiguous(given, hiddenUrl(stored))) throw missing(path);
	const secrets = secretsOf(stored);
	const [first = "", ...pieces] = given.split(mask);
	let whole = first;
	let before = first;
	for (const piece of pieces) {
		const secret = secrets.get(placeOf(before))?.shift();
		if (secret === undefined) throw missing(path);
		whole += secret + piece;
		before = piece;
	}
	// Nowhere a secret stands open that was hidden, however the two were cut into pieces.
	if (hiddenUrl(whole) !== hiddenUrl(given)) throw missing(path);
	return whole;
}

/** What is hidden of a url, in its order, by where it stands. */
function secretsOf(stored: string): Map<string, string[]> {
	const shown = hiddenUrl(stored).split(mask);
	const secrets = new Map<string, string[]>();
	let at = 0;
	for (const [piece, text] of shown.entries()) {
		const found = text === "" && piece === shown.length - 1 ? stored.length : stored.indexOf(text, at);
		if (found < 0) return new Map();
		const before = shown[piece - 1];
		if (before !== undefined) {
			const place = placeOf(before);
			secrets.set(place, [...(secrets.get(place) ?? []), stored.slice(at, found)]);
		}
		at = found + text.length;
	}
	return secrets;
}

/** Where a secret stands, by what is before it: behind its user, or behind its name in the query; else all of that counts. */
function placeOf(before: string): string {
	return /(?<=[?&;])[^?&;=]*=$/.exec(before)?.[0] ?? /^[a-z][a-z0-9+.-]*:\/\/[^:/?#]*:$/i.exec(before)?.[0] ?? before;
}

/** Scheme, host and port of a url; "" when it is none. Its user and password are no part of it. */
function hostOf(url: string | undefined): string {
	const { scheme, host } = partsOf(url ?? "");
	return scheme === "" ? "" : `${scheme}://${host}`.toLowerCase();
}

/** Signs that may stand in a user and a password (RFC 3986, 3.2.1). */
const plainUser = /^[\w.~%!$&'()*+,;=:-]*$/;

/**
 * Whether some who read addresses see another host in the given one than others: to many of them a backslash ends it. With the
 * user that was there before it goes where it went before.
 */
function isAmbiguous(given: string, shown: string): boolean {
	const { user } = partsOf(given);
	return user !== partsOf(shown).user && !plainUser.test(user);
}

function partsOf(url: string): { scheme: string; user: string; host: string } {
	const [, scheme = "", authority = ""] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(url) ?? [];
	const at = authority.lastIndexOf("@");
	return { scheme, user: authority.slice(0, Math.max(at, 0)), host: authority.slice(at + 1) };
}

function missing(path: string): Fault {
	return new Fault(12022, {
		path,
		message: "the secret has to be given again: ******** keeps it only where it was, and for the same host",
	});
}
