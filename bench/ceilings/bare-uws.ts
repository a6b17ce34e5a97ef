import { loadUws } from "../../server/http/uws.ts";
import { answering } from "../processes.ts";

/**
 * The ceiling of HTTP: uWebSockets.js with nothing around it. POST parses the JSON body and answers a text of the size that
 * the service answers; GET answers a given text.
 */
interface Question {
	answer: string;
}

answering(async ({ answer }: Question) => {
	const uws = loadUws();
	const app = uws.createApp();
	app.get("/*", (response) => {
		response.writeHeader("Content-Type", "application/json").end(answer);
	});
	app.post("/*", (response) => {
		let body = Buffer.alloc(0);
		response.onAborted(() => undefined);
		response.onData((chunk, last) => {
			body = body.length === 0 && last ? Buffer.from(chunk) : Buffer.concat([body, Buffer.from(chunk)]);
			if (!last) return;
			JSON.parse(body.toString());
			response.cork(() => {
				response.writeHeader("Content-Type", "application/json").end(answer);
			});
		});
	});
	return new Promise<{ port: number }>((resolve, reject) => {
		app.listen("127.0.0.1", 0, 1, (socket) => {
			if (socket) resolve({ port: uws.localPort(socket) });
			else reject(new Error("no port to listen on"));
		});
	});
});
