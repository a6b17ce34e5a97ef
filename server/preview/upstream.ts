import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction, Socket } from "node:net";
import { urlOf } from "../url.ts";
import { isAllowed, literalAddress, type Networks } from "./address-rules.ts";
import { type ContentType, parseContentType } from "./content-type.ts";
import { type HostAddress, HostLookups, lookupsAtOnce, type Resolve } from "./host-lookups.ts";
import { refusalOf, refused } from "./refusal.ts";

/** For whom a url is asked, for the log: a stream, and the request that was the first to want its picture; pages have none. */
export interface AskedFor {
	readonly stream_id: string;
	readonly request_id?: string;
}

export function askedFor(stream_id: string, request_id: string | undefined): AskedFor {
	return request_id === undefined ? { stream_id } : { stream_id, request_id };
}

/** What the relay tells the log; pino's loggers fit. */
export interface RelayLogger {
	warn(fields: object, message: string): void;
}

export interface UpstreamSettings {
	/** Milliseconds for everything from the name's resolution to the end of the answer's headers. */
	readonly timeout: number;
	readonly networks: Networks;
	readonly resolve: Resolve;
	readonly logger: RelayLogger;
}

/** An upstream that answered well: 200 and its headers. Whoever gets one closes it. */
export interface Upstream {
	readonly contentType: ContentType;
	/** Bytes, or null when the upstream did not say. */
	readonly contentLength: number | null;
	/** Ends with the body; throws when the connection breaks before, or was closed by `close`. */
	readonly body: AsyncIterable<Uint8Array>;
	/** How many pieces of the body have come since it was asked last: they are joined where they waited. */
	takePieces(): number;
	/** Closes the connection, wherever the body is. Safe to call again. */
	close(): void;
}

/** An answer whose headers have come. */
interface Answer extends Pick<Upstream, "takePieces"> {
	readonly response: IncomingMessage;
}

const maxHeaderSize = 16_384;
/** Answers that only announce the real one (1xx); nobody needs more than one or two. */
const maxAnnouncements = 8;

/**
 * Opens connections to the urls that agents reported (contract, section 11). Each request has a connection of its own,
 * to an address that was checked after the name was resolved, and the name is not resolved again. No redirect is followed,
 * no proxy used, no cookie kept. Credentials in a url are sent as Basic authorization to its host and are told to nobody else.
 */
export class Upstreams {
	readonly #settings: UpstreamSettings;
	readonly #lookups: HostLookups;
	readonly #sockets = new Map<Socket, Promise<void>>();
	/** Requests so far, and those that came to no answer that holds pictures. */
	requests = 0;
	failures = 0;

	constructor(settings: UpstreamSettings) {
		this.#settings = settings;
		this.#lookups = new HostLookups(settings.resolve, lookupsAtOnce(process.env["UV_THREADPOOL_SIZE"]));
	}

	/** How many connections are open, or being opened. */
	get open(): number {
		return this.#sockets.size;
	}

	/**
	 * Asks for a url.
	 * @param signal gives the request up, before or after the headers; its reason, if a `Fault`, is what is thrown.
	 * @throws {Fault} 39010, or 39905 when too many names wait for their lookup.
	 */
	async request(text: string, signal: AbortSignal, askedFor: AskedFor): Promise<Upstream> {
		this.requests++;
		const giveUp = new AbortController();
		const onAbort = () => giveUp.abort(signal.reason);
		if (signal.aborted) onAbort();
		signal.addEventListener("abort", onAbort, { once: true });
		const timer = setTimeout(
			() => giveUp.abort(refused("the upstream did not answer in time")),
			this.#settings.timeout,
		);
		try {
			const url = parse(text);
			const addresses = await this.#addresses(url, giveUp.signal, askedFor);
			const { response, takePieces } = await this.#send(url, addresses, giveUp.signal);
			return answered(response, takePieces, signal);
		} catch (error) {
			// Nobody waits for it any more: that is not the upstream's failure.
			if (!signal.aborted) this.failures++;
			throw refusalOf(error);
		} finally {
			clearTimeout(timer);
			signal.removeEventListener("abort", onAbort);
		}
	}

	/** Breaks all connections; resolves when none is left. */
	async close(): Promise<void> {
		const closed = [...this.#sockets.values()];
		for (const socket of this.#sockets.keys()) socket.destroy();
		await Promise.all(closed);
	}

	/** The addresses of the url's host that may be connected to; at least one. */
	async #addresses(url: URL, signal: AbortSignal, askedFor: AskedFor): Promise<readonly HostAddress[]> {
		const literal = literalAddress(url);
		const all = literal === null ? await this.#lookups.find(url.hostname, signal) : [{ address: literal, family: 0 }];
		if (all.length === 0) throw refused("the upstream's host name was not found");
		const allowed = all.filter(({ address }) => isAllowed(address, this.#settings.networks));
		if (allowed.length > 0) return allowed;
		const addresses = all.map(({ address }) => address);
		const told = { ...askedFor, host: url.hostname, addresses };
		this.#settings.logger.warn(told, "a preview url leads outside the allowed networks");
		throw refused(`the host '${url.hostname}' is not within the allowed networks`);
	}

	#send(url: URL, addresses: readonly HostAddress[], signal: AbortSignal): Promise<Answer> {
		const options: RequestOptions = {
			method: "GET",
			// An agent of its own for each request: no connection is kept, and none is shared.
			agent: false,
			maxHeaderSize,
			hostname: literalAddress(url) ?? url.hostname,
			port: url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port),
			path: url.pathname + url.search,
			lookup: lookupAmong(addresses),
			headers: {
				Accept: "multipart/x-mixed-replace, image/*",
				"Accept-Encoding": "identity",
				"User-Agent": "perigee",
			},
		};
		if (url.username !== "" || url.password !== "") options.auth = `${decoded(url.username)}:${decoded(url.password)}`;
		return new Promise((resolve, reject) => {
			if (signal.aborted) return reject(refusalOf(signal.reason));
			const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(options);
			const onAbort = () => request.destroy(refusalOf(signal.reason));
			request.once("socket", (socket: Socket) => {
				this.#sockets.set(
					socket,
					new Promise((closed) =>
						socket.once("close", () => {
							this.#sockets.delete(socket);
							closed();
						}),
					),
				);
			});
			let announcements = 0;
			request.on("information", () => {
				if (++announcements > maxAnnouncements) request.destroy(refused("the upstream does not speak HTTP"));
			});
			request.once("response", (response: IncomingMessage) => {
				signal.removeEventListener("abort", onAbort);
				// Whoever reads the body hears of its errors; those that come when nobody reads say nothing new.
				response.on("error", () => undefined);
				resolve({ response, takePieces: counted(response) });
			});
			// The promise takes the first of these; after the headers they change nothing.
			request.on("error", reject);
			request.on("close", () => reject(refused("the upstream broke the connection")));
			signal.addEventListener("abort", onAbort, { once: true });
			request.end();
		});
	}
}

function parse(text: string): URL {
	const url = urlOf(text);
	if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
		throw refused("the preview url is not an http url");
	return url;
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		// A percent sign that escapes nothing stands for itself.
		return part;
	}
}

/** Hands the checked addresses to connect, in place of a resolution that could answer otherwise this time. */
function lookupAmong(addresses: readonly HostAddress[]): LookupFunction {
	return (_hostname, options, callback) => {
		const first = addresses[0];
		if (options.all === true) callback(null, [...addresses]);
		else if (first !== undefined) callback(null, first.address, first.family);
	};
}

/**
 * Counts the pieces of a body as they come. Those of a chunked one may have a byte each, of which each costs as much as a
 * large one; who reads the body gets them joined and could not tell.
 */
function counted(response: IncomingMessage): () => number {
	let pieces = 0;
	const push = response.push.bind(response);
	response.push = (...given) => {
		pieces += 1;
		return push(...given);
	};
	return () => {
		const come = pieces;
		pieces = 0;
		return come;
	};
}

/** Checks an answer's headers; closes the connection when they are not those of pictures. */
function answered(response: IncomingMessage, takePieces: () => number, signal: AbortSignal): Upstream {
	// The connection is gone with the body, however far it was read.
	const close = () => {
		signal.removeEventListener("abort", close);
		response.destroy();
	};
	const refuse = (reason: string) => {
		close();
		return refused(reason);
	};
	signal.addEventListener("abort", close, { once: true });
	if (signal.aborted) {
		close();
		throw refusalOf(signal.reason);
	}
	const status = response.statusCode ?? 0;
	if (status >= 300 && status < 400) throw refuse("the upstream redirects, which is not followed");
	if (status !== 200) throw refuse(`the upstream answered ${status}`);
	const encoding = (response.headers["content-encoding"] ?? "identity").trim().toLowerCase();
	if (encoding !== "identity" && encoding !== "") throw refuse("the upstream sends a compressed body");
	const length = response.headers["content-length"];
	return {
		contentType: parseContentType(response.headers["content-type"]),
		contentLength: length === undefined ? null : Number(length),
		body: response,
		takePieces,
		close,
	};
}
