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

/** Who the service takes the page for. `mode` none: it takes everybody as they are, and there is nothing to log out of. */
export interface Me {
	readonly name: string;
	readonly role: string;
	readonly mode: "none" | "tokens";
	/** Accounts that it sees; null: all. */
	readonly accounts: readonly string[] | null;
	/** Groups that it sees, by name; null: all. */
	readonly groups: readonly string[] | null;
	/** What it may do. */
	readonly may: readonly string[];
}

/** Characters that what somebody logs in with may have: JWTs are long. */
export const MAX_LOGIN = 4096;

const UNAUTHORIZED = 39902;

/** Which streams a set is made of. */
export type SetOf = { readonly filter: ConsoleFilter } | { readonly stream_ids: readonly string[] };

/** A place with its filters, under a name; everybody with the same accounts and groups shares them. */
export interface SavedView {
	readonly view_id: string;
	readonly name: string;
	/** The path of its place. */
	readonly place: string;
	/** What stands after the place and the `?` in its address. */
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

	/** All saved views, by place and name. */
	async savedViews(): Promise<readonly SavedView[]> {
		return ((await this.#ask("GET", "console/views")) as { views: readonly SavedView[] }).views;
	}

	/** Saves a view; one of the same place and name is replaced. */
	async saveView(view: Omit<SavedView, "view_id">): Promise<SavedView> {
		return (await this.#ask("POST", "console/views", view)) as SavedView;
	}

	async deleteView(view_id: string): Promise<void> {
		await this.#ask("DELETE", `console/views/${encodeURIComponent(view_id)}`);
	}

	/**
	 * Opens a session for this browser.
	 *
	 * @throws Refusal when the token is not known
	 */
	async logIn(token: string): Promise<void> {
		await this.#ask("POST", "console/login", { token });
	}

	/** Closes the session of this browser; `everywhere`: every session of the same token or user, on every node. */
	async logOut({ everywhere = false } = {}): Promise<void> {
		await this.#ask("POST", everywhere ? "console/logout?everywhere=1" : "console/logout");
	}

	/** Who asks; null when somebody has to log in first. Throws when the service does not answer. */
	async me(): Promise<Me | null> {
		try {
			return (await this.#ask("GET", "console/me")) as Me;
		} catch (error) {
			if (error instanceof Refusal && error.error_code === UNAUTHORIZED) return null;
			throw error;
		}
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
