import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { decode } from "@msgpack/msgpack";

/** What came back: JSON and MessagePack are decoded, any other body is its text, and none is undefined. */
export interface Answer<Body = unknown> {
	status: number;
	headers: IncomingHttpHeaders;
	body: Body;
	bytes: Buffer;
}

export interface Question {
	/** Sent as JSON, unless it is a Buffer, which is sent as it is. */
	body?: unknown;
	headers?: Record<string, string>;
}

const requestIdForm = /^[0-9]{10},[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A client of the API that sends what it is told, also what no client should, and looks at every answer's form. */
export class Api {
	readonly url: string;
	readonly #agent: Agent;

	constructor(url: string, connections = 16) {
		this.url = url.replace(/\/$/, "");
		this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
	}

	/** Sends a request. Throws when the answer lacks what every answer has (contract, section 1). */
	ask<Body = unknown>(method: string, path: string, { body, headers = {} }: Question = {}): Promise<Answer<Body>> {
		const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
		const sent: Record<string, string | number> = bytes === undefined ? {} : { "Content-Type": "application/json" };
		if (bytes !== undefined && headers["Transfer-Encoding"] === undefined) sent["Content-Length"] = bytes.length;
		return new Promise((resolve, reject) => {
			const asked = request(
				this.url + path,
				{ method, agent: this.#agent, headers: { ...sent, ...headers } },
				(response) => {
					const chunks: Buffer[] = [];
					response.on("data", (chunk) => chunks.push(chunk));
					response.on("error", reject);
					response.on("end", () => {
						const all = Buffer.concat(chunks);
						const answer = { status: response.statusCode ?? 0, headers: response.headers, bytes: all };
						try {
							const decoded = { ...answer, body: decodedBody(response.headers, all) };
							checkForm(decoded, method);
							resolve(decoded as Answer<Body>);
						} catch (error) {
							reject(new Error(`${method} ${path}: ${answer.status} ${all}`, { cause: error }));
						}
					});
				},
			);
			asked.on("error", reject);
			asked.end(bytes);
		});
	}

	/** Follows a Location that was answered. A service that is asked below a path leads below it, one behind a proxy need not know of it. */
	follow<Body = unknown>({ headers }: Answer): Promise<Answer<Body>> {
		const { pathname, search } = new URL(String(headers.location), this.url);
		const below = new URL(this.url).pathname.replace(/\/$/, "");
		const path = below !== "" && pathname.startsWith(`${below}/`) ? pathname.slice(below.length) : pathname;
		return this.get(path + search);
	}

	get<Body = unknown>(path: string, headers: Record<string, string> = {}): Promise<Answer<Body>> {
		return this.ask("GET", path, { headers });
	}

	post<Body = unknown>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<Body>> {
		return this.ask("POST", path, { body, headers });
	}

	put<Body = unknown>(path: string, body: unknown): Promise<Answer<Body>> {
		return this.ask("PUT", path, { body });
	}

	patch(path: string, body: unknown): Promise<Answer> {
		return this.ask("PATCH", path, { body });
	}

	delete<Body = unknown>(path: string, body?: unknown): Promise<Answer<Body>> {
		return this.ask("DELETE", path, { body });
	}

	close(): void {
		this.#agent.destroy();
	}
}

function decodedBody(headers: IncomingHttpHeaders, bytes: Buffer): unknown {
	if (bytes.length === 0) return undefined;
	const type = headers["content-type"] ?? "";
	if (type.startsWith("application/json")) return JSON.parse(bytes.toString());
	if (type === "application/msgpack") return decode(bytes);
	return bytes.toString();
}

/** What every answer of the service has, whatever was asked. */
function checkForm({ status, headers, body, bytes }: Answer, method: string): void {
	if (!requestIdForm.test(String(headers["luna-request-id"]))) throw new Error("no Luna-Request-Id");
	if (bytes.length === 0) {
		const empty = [204, 302, 304].includes(status) || method === "HEAD";
		if (!empty) throw new Error("the answer has no body");
		return;
	}
	if (status === 204 || method === "HEAD") throw new Error("the answer has a body");
	if (status < 400) return;
	const { error_code, desc, detail, ...more } = body as Record<string, unknown>;
	if (!Number.isInteger(error_code) || typeof desc !== "string" || typeof detail !== "string")
		throw new Error("not an error body");
	if (Object.keys(more).length > 0) throw new Error("an error body with more members");
	if (/\bat .+:\d+:\d+|\b(SELECT|INSERT|UPDATE) /.test(detail)) throw new Error("a stack or a statement in an error");
}
