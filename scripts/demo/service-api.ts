/** A stream as the demo reads it from the service. */
export interface SeenStream {
	readonly stream_id: string;
	readonly name: string;
	readonly status: string;
	readonly data: { readonly reference: string };
	readonly last_error: { readonly error_code: number; readonly desc: string; readonly detail: string } | null;
	readonly video_info: { readonly width?: number | null; readonly height?: number | null } | null;
	readonly autorestart: {
		readonly restart: number;
		readonly status: string;
		readonly attempt_count: number;
		readonly current_attempt: number;
		readonly delay: number;
	};
}

/** The service refused a request. */
export class Refused extends Error {
	readonly code: number;

	constructor(what: string, code: number, text: string) {
		super(`${what}: ${text}`);
		this.name = "Refused";
		this.code = code;
	}
}

/** The few requests that the demo makes. All throw Refused for an error answer, and what fetch throws. */
export class ServiceApi {
	readonly url: string;

	constructor(url: string) {
		this.url = url;
	}

	async healthy(): Promise<boolean> {
		return fetch(`${this.url}/healthcheck`, { signal: AbortSignal.timeout(2000) }).then(
			async (response) => {
				await response.arrayBuffer();
				return response.ok;
			},
			// Not listening yet.
			() => false,
		);
	}

	async createGroup(group: object): Promise<void> {
		await this.#send("POST", "/1/groups", group);
	}

	async create(stream: object): Promise<void> {
		await this.#send("POST", "/1/streams", stream);
	}

	async replace(id: string, stream: object): Promise<void> {
		await this.#send("PUT", `/1/streams/${id}`, stream);
	}

	async resume(id: string): Promise<void> {
		await this.#send("PATCH", `/1/streams/${id}`, { status: "pending" });
	}

	/** Up to 1,000 streams of one account in one group. */
	async streams(accountId: string, group: string): Promise<SeenStream[]> {
		const answer = await this.#send<{ streams: SeenStream[] }>(
			"GET",
			`/1/streams?account_id=${accountId}&group_name=${group}&page_size=1000`,
		);
		return answer.streams;
	}

	/** @typeParam T what the contract says the answer is; nothing for an empty one */
	async #send<T = void>(method: string, path: string, body?: object): Promise<T> {
		const response = await fetch(this.url + path, {
			method,
			signal: AbortSignal.timeout(10_000),
			...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
		});
		const text = await response.text();
		const answer = text === "" ? undefined : JSON.parse(text);
		if (!response.ok) {
			throw new Refused(
				`${method} ${path}`,
				Number(answer?.error_code ?? 0),
				String(answer?.detail ?? response.status),
			);
		}
		return answer;
	}
}
