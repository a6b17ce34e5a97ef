import type { ActionProgress, BulkAction, ConsoleFilter, StreamSet } from "../../../client/console/protocol.ts";

/** Sends a request; the browser's `fetch`, or a test's. */
export type Send = (
	url: string,
	init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<Answer>;

interface Answer {
	readonly ok: boolean;
	readonly status: number;
	json(): Promise<unknown>;
}

/** An answer with an error, in the catalogue's words. */
export class Refusal extends Error {
	readonly error_code: number;

	constructor(error_code: number, text: string) {
		super(text);
		this.error_code = error_code;
	}
}

/** Which streams a set is made of. */
export type SetOf = { readonly filter: ConsoleFilter } | { readonly stream_ids: readonly string[] };

/** A search line under a name. */
export interface SavedView {
	readonly view_id: string;
	readonly name: string;
	/** What stands after `#/streams?`. */
	readonly query: string;
}

/** The resources that only the console uses: `/console/…`. */
export class ConsoleApi {
	readonly #base: string;
	readonly #send: Send;

	/** @param base where the page is served, with a slash at the end */
	constructor(base: string, send: Send) {
		this.#base = base;
		this.#send = send;
	}

	/** Freezes the ids of streams for five minutes. */
	async freeze(of: SetOf): Promise<StreamSet> {
		return (await this.#ask("POST", "console/sets", of)) as StreamSet;
	}

	/** Begins to do something with every stream of a set; how it goes is told over the socket. */
	async begin(set_id: string, action: BulkAction, group_id?: string): Promise<ActionProgress> {
		const body = group_id === undefined ? { action } : { action, group_id };
		return (await this.#ask("POST", `console/sets/${encodeURIComponent(set_id)}/actions`, body)) as ActionProgress;
	}

	/** @throws Refusal for an answer with an error; what `fetch` throws when there is none */
	async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
		const headers: Record<string, string> = { Accept: "application/json" };
		if (body !== undefined) headers["Content-Type"] = "application/json";
		const answer = await this.#send(this.#base + path, {
			method,
			headers,
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		if (answer.ok) return answer.status === 204 ? undefined : await answer.json();
		throw await refusalOf(answer);
	}
}

async function refusalOf(answer: Answer): Promise<Refusal> {
	let body: unknown;
	try {
		body = await answer.json();
	} catch {
		// A proxy's page, or nothing.
	}
	if (typeof body === "object" && body !== null && "error_code" in body && "desc" in body && "detail" in body) {
		return new Refusal(Number(body.error_code), `${body.desc}: ${body.detail}`);
	}
	return new Refusal(0, `The service answered ${answer.status}.`);
}
