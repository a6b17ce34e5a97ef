// Imported once by each process that runs tests: hears every answer that the service gives in it over node:http or fetch.
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";
import { isOurs, isReadable, seeAnswer } from "./seen-answers.ts";

subscribe("http.client.response.finish", (message) => {
	const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
	const { method, path } = request;
	const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
	const answer = { method, path, status: response.statusCode ?? 0, headers };
	if (!isOurs(answer)) return;
	const readable = isReadable(headers["content-type"]);
	const chunks: Buffer[] = [];
	const push = response.push.bind(response);
	// A listener would set it flowing before the one who asked listens. `null` is the end of a whole answer.
	response.push = (chunk, encoding) => {
		if (chunk === null) seeAnswer({ ...answer, body: readable ? Buffer.concat(chunks) : undefined });
		else if (readable) chunks.push(chunk);
		return push(chunk, encoding);
	};
});

const plainFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
	const response = await plainFetch(input, init);
	const asked = input instanceof Request ? input : { url: String(input), method: init?.method ?? "GET" };
	const { pathname, search } = new URL(asked.url);
	const headers = Object.fromEntries(response.headers);
	const answer = { method: asked.method, path: pathname + search, status: response.status, headers };
	if (!isOurs(answer)) return response;
	const body = isReadable(headers["content-type"]) ? await bodyOf(response.clone()) : undefined;
	seeAnswer({ ...answer, body });
	return response;
};

/** undefined: it was broken off, as the one who asked will see, too. */
async function bodyOf(response: Response): Promise<Uint8Array | undefined> {
	try {
		return new Uint8Array(await response.arrayBuffer());
	} catch {
		return undefined;
	}
}
