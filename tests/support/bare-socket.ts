import { connect, type Socket } from "node:net";
import { isReadable, seeAnswer } from "./seen-answers.ts";

/** Of an answer that is longer only the head is looked at. */
const LONGEST = 4 * 1_048_576;

interface Asked {
	method: string;
	path: string;
}

/**
 * A connection to a service, for tests that write what no client would. Answers that come over it whole are held against the
 * API's description, like those of every other client.
 */
export function openSocket(port: number): Socket {
	const socket = connect(port, "127.0.0.1");
	const asked: Asked[] = [];
	let came: Buffer = Buffer.alloc(0);
	const write = socket.write.bind(socket);
	socket.write = (bytes: string | Uint8Array, ...rest: never[]) => {
		asked.push(...requestsIn(bytes));
		return write(bytes, ...rest);
	};
	const push = socket.push.bind(socket);
	// A listener would set it flowing, and some tests read slowly.
	socket.push = (chunk, encoding) => {
		if (chunk instanceof Buffer && came.length < LONGEST) came = answersIn(Buffer.concat([came, chunk]), asked);
		return push(chunk, encoding);
	};
	return socket;
}

/** The requests whose heads begin in these bytes; what is none by HTTP is none here. */
function requestsIn(bytes: string | Uint8Array): Asked[] {
	const text = typeof bytes === "string" ? bytes : Buffer.from(bytes.subarray(0, 16_384)).toString("latin1");
	return [...text.matchAll(/([A-Z]+) (\/\S*) HTTP\/1\.1\r\n/g)].map(([, method = "", path = ""]) => ({ method, path }));
}

/** Sees the whole answers at the beginning, each to the next request; gives what is left. */
function answersIn(bytes: Buffer, asked: Asked[]): Buffer {
	let rest = bytes;
	for (;;) {
		const length = rest.indexOf("\r\n\r\n");
		const head = rest.subarray(0, length).toString("latin1");
		const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(head) ?? [];
		if (length < 0 || status === undefined) return rest;
		const fields = [...head.matchAll(/\r\n([^:\r\n]+): ?([^\r\n]*)/g)];
		const headers = Object.fromEntries(fields.map(([, name = "", value = ""]) => [name.toLowerCase(), value]));
		const [request] = asked;
		const bodiless = request?.method === "HEAD" || /^(1..|204|304)$/.test(status);
		// The end of one in chunks is its connection's, for these tests.
		const size = bodiless ? 0 : Number(headers["content-length"]);
		const body = rest.subarray(length + 4, length + 4 + size);
		if (Number.isNaN(size) || body.length < size) return rest;
		asked.shift();
		rest = rest.subarray(length + 4 + size);
		if (request !== undefined && !status.startsWith("1")) {
			seeAnswer({
				...request,
				status: Number(status),
				headers,
				body: isReadable(headers["content-type"]) ? body : undefined,
			});
		}
	}
}
