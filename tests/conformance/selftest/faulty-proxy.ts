import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Defect, ProxiedAnswer, ProxiedRequest } from "./defects.ts";

/**
 * Stands before a good service and makes a bad one of it: below `/<name of a defect>` everything is passed on, with that
 * defect put in; below `/none` with none.
 */
export class FaultyProxy {
	readonly #service: string;
	readonly #defects: ReadonlyMap<string, Defect>;
	/** A connection for each request: one that is kept may be closed by the service just when it is used again. */
	readonly #agent = new Agent({ maxSockets: 64 });
	readonly #server = createServer((incoming, outgoing) => {
		this.#pass(incoming, outgoing).catch(() => outgoing.destroy());
	});

	constructor(service: string, defects: readonly Defect[]) {
		this.#service = service;
		this.#defects = new Map(defects.map((each) => [each.name, each]));
	}

	/** Gives its address. */
	async start(): Promise<string> {
		this.#server.keepAliveTimeout = 0;
		await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.#agent.destroy();
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const [, name = "", path = ""] = /^\/([^/]+)(\/.*)$/s.exec(incoming.url ?? "") ?? [];
		const defect = this.#defects.get(name);
		const { method = "", headers } = incoming;
		const question: ProxiedRequest = { method, path, headers, body: await read(incoming) };
		const asked = defect?.ask?.(question) ?? question;
		// A watcher that leaves leaves the service too.
		const gone = new AbortController();
		outgoing.once("close", () => gone.abort());
		const passed = "status" in asked ? asked : await this.#forward(asked, outgoing, gone.signal, defect);
		if (passed === undefined) return;
		const { status, headers: sent, body } = defect?.answer?.(passed, question) ?? passed;
		outgoing.writeHead(status, sent);
		outgoing.end(body);
	}

	/** The service's answer; undefined for a live one, which is passed on as it comes. */
	#forward(
		{ method, path, headers, body }: ProxiedRequest,
		outgoing: ServerResponse,
		signal: AbortSignal,
		defect: Defect | undefined,
	): Promise<ProxiedAnswer | undefined> {
		const length = "content-length" in headers ? { "content-length": String(body.length) } : {};
		return new Promise((resolve, reject) => {
			const options = { method, agent: this.#agent, headers: { ...headers, ...length }, signal };
			const asked = request(this.#service + path, options, (response) => {
				const status = response.statusCode ?? 0;
				const whole = { status, headers: response.headers, body: Buffer.alloc(0) };
				if (response.headers["content-type"]?.startsWith("multipart/")) {
					const changed = defect?.answer?.(whole, { method, path, headers, body }) ?? whole;
					outgoing.writeHead(changed.status, changed.headers);
					response.on("error", () => outgoing.destroy());
					response.pipe(outgoing);
					resolve(undefined);
					return;
				}
				read(response).then((all) => resolve({ ...whole, body: all }), reject);
			});
			asked.on("error", reject);
			asked.end(body);
		});
	}
}

async function read(message: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of message) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}
