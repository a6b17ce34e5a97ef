import { ACCOUNT, streamBody, UNKNOWN } from "../main-job/stream-bodies.ts";

/** A request by hand: a head without its last empty line, and a body. */
export interface HandMade {
	line: string;
	headers: [string, string][];
	body: string;
}

export function handMade(line: string, body: unknown = undefined): HandMade {
	const text = body === undefined ? "" : JSON.stringify(body);
	const about: [string, string][] =
		body === undefined
			? []
			: [
					["Content-Type", "application/json"],
					["Content-Length", String(Buffer.byteLength(text))],
				];
	return { line: `${line} HTTP/1.1`, headers: [["Host", "127.0.0.1"], ...about], body: text };
}

export function bytesOf({ line, headers, body }: HandMade, lineEnd = "\r\n"): Buffer {
	const head = [line, ...headers.map(([name, value]) => `${name}: ${value}`)].join(lineEnd);
	return Buffer.from(`${head}${lineEnd}${lineEnd}${body}`, "latin1");
}

const feedback = { streams: [{ stream_id: UNKNOWN, version: 1, status: "in_progress", video_info: { width: 1 } }] };

/** Requests that are all as they should be, of every kind that the service reads. */
export const goodRequests: readonly HandMade[] = [
	handMade("GET /version"),
	handMade("GET /healthcheck"),
	handMade("GET /1/streams?page_size=3"),
	handMade(`GET /1/streams/${UNKNOWN}`),
	handMade("GET /1/streams/logs?page_size=5"),
	handMade("GET /nowhere"),
	handMade("POST /1/streams", streamBody({ name: "by hand", description: "x".repeat(400) })),
	handMade("POST /1/streams/processing/queue", { filters: {}, limit: 2 }),
	handMade("POST /1/streams/processing/feedback", feedback),
	handMade(`PATCH /1/streams/${UNKNOWN}`, { description: "d" }),
	handMade(`PUT /1/streams/${UNKNOWN}`, streamBody()),
	handMade("DELETE /1/streams", { stream_ids: [UNKNOWN], names: [] }),
	handMade("POST /1/linker", { action: "attach", stream_ids: [UNKNOWN], group_id: UNKNOWN }),
	handMade("POST /1/groups", { account_id: ACCOUNT, group_name: "by-hand" }),
	handMade("POST /console/streams/search", { filter: {} }),
];

const post = handMade("POST /1/streams/processing/queue", { filters: {}, limit: 1 });

function withHeaders(headers: [string, string][], body = post.body): Buffer {
	const kept = post.headers.filter(([name]) => name !== "Content-Length");
	return bytesOf({ ...post, headers: [...kept, ...headers], body });
}

const smuggled = "GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
const chunked = `${post.body.length.toString(16)}\r\n${post.body}\r\n0\r\n\r\n`;
const length = String(post.body.length);

/**
 * Requests of which two readers could believe that they end at different places, each with another request behind the
 * earlier end. A server that answers the one behind has read it where a proxy in front of it may have read a body.
 */
export const ambiguous: Readonly<Record<string, Buffer>> = {
	"a length and chunks": withHeaders(
		[
			["Content-Length", String(chunked.length + smuggled.length)],
			["Transfer-Encoding", "chunked"],
		],
		chunked + smuggled,
	),
	"chunks and a length": withHeaders(
		[
			["Transfer-Encoding", "chunked"],
			["Content-Length", String(chunked.length + smuggled.length)],
		],
		chunked + smuggled,
	),
	"two lengths": withHeaders(
		[
			["Content-Length", length],
			["Content-Length", String(post.body.length + smuggled.length)],
		],
		post.body + smuggled,
	),
	"two lengths, the longer one first": withHeaders(
		[
			["Content-Length", String(post.body.length + smuggled.length)],
			["Content-Length", length],
		],
		post.body + smuggled,
	),
	"two lengths in one": withHeaders([["Content-Length", `${length}, 0`]], post.body + smuggled),
	"a length with a sign": withHeaders([["Content-Length", `+${length}`]], post.body + smuggled),
	"a negative length": withHeaders([["Content-Length", `-${length}`]], post.body + smuggled),
	"a length in hexadecimal": withHeaders(
		[["Content-Length", `0x${post.body.length.toString(16)}`]],
		post.body + smuggled,
	),
	"a length with a blank in it": withHeaders([["Content-Length", `1 ${length}`]], post.body + smuggled),
	"a length beyond all numbers": withHeaders([["Content-Length", "18446744073709551626"]], post.body + smuggled),
	"a length whose name ends in a blank": withHeaders([["Content-Length ", length]], post.body + smuggled),
	"a length on a folded line": withHeaders([["X-Folded", `a\r\n Content-Length: ${length}`]], post.body + smuggled),
	"a length behind a bare CR": withHeaders([["X-Bare", `a\rContent-Length: ${length}`]], post.body + smuggled),
	"a length behind a bare LF": withHeaders([["X-Bare", `a\nContent-Length: ${length}`]], post.body + smuggled),
	"chunks by another name": withHeaders([["Transfer-Encoding", "xchunked"]], chunked + smuggled),
	"chunks whose name ends in a blank": withHeaders([["Transfer-Encoding ", "chunked"]], chunked + smuggled),
	"chunks behind a tab": withHeaders([["Transfer-Encoding", "\tchunked"]], chunked + smuggled),
	"chunks twice": withHeaders(
		[
			["Transfer-Encoding", "chunked"],
			["Transfer-Encoding", "identity"],
		],
		chunked + smuggled,
	),
	"chunks and identity": withHeaders([["Transfer-Encoding", "chunked, identity"]], chunked + smuggled),
	"a chunk's length with a sign": withHeaders([["Transfer-Encoding", "chunked"]], `-1\r\n${smuggled}`),
	"a chunk's length beyond all numbers": withHeaders(
		[["Transfer-Encoding", "chunked"]],
		`fffffffffffffffff\r\n${smuggled}`,
	),
	"a chunk without its end": withHeaders([["Transfer-Encoding", "chunked"]], `1\r\nxx0\r\n\r\n${smuggled}`),
	"a body of a GET": Buffer.from(
		`GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
	),
};

/** Bytes that are no request at all, or no request of HTTP/1.1. */
export const nonsense: Readonly<Record<string, Buffer>> = {
	"HTTP/2": Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "latin1"),
	TLS: Buffer.from(`16030100c6010000c20303${"ab".repeat(190)}`, "hex"),
	"an older HTTP": Buffer.from("GET /version\r\n\r\n"),
	"HTTP/1.0": Buffer.from("GET /version HTTP/1.0\r\n\r\n"),
	"another version": Buffer.from("GET /version HTTP/3.7\r\nHost: a\r\n\r\n"),
	"no Host": Buffer.from("GET /version HTTP/1.1\r\n\r\n"),
	"two Hosts": Buffer.from("GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n"),
	"an address": Buffer.from("GET http://evil.example/version HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
	"a proxy's request": Buffer.from("CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n"),
	"a star": Buffer.from("OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
	"zero bytes": Buffer.alloc(3_000),
	"line ends": Buffer.from("\r\n".repeat(3_000)),
	"a head without end": Buffer.from(`GET /version HTTP/1.1\r\nX: ${"x".repeat(300_000)}`),
	"headers without end": Buffer.from(`GET /version HTTP/1.1\r\n${"X: y\r\n".repeat(30_000)}`),
	"a path without end": Buffer.from(`GET /${"a".repeat(300_000)}`),
	"a method without end": Buffer.from("G".repeat(300_000)),
	"a NUL in a header": Buffer.from("GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\0b\r\n\r\n"),
	"bytes in a path": Buffer.from("GET /\xff\xfe%00%zz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "latin1"),
	"lines that end with LF": Buffer.from("GET /version HTTP/1.1\nHost: 127.0.0.1\n\n"),
	"a SOCKS greeting": Buffer.from("050100", "hex"),
	"a Redis command": Buffer.from("*1\r\n$4\r\nPING\r\n"),
};

/** A page's upgrade, good but for what is given. */
export function upgrade(headers: Record<string, string> = {}): Buffer {
	const all = {
		Host: "127.0.0.1",
		Connection: "Upgrade",
		Upgrade: "websocket",
		"Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
		...headers,
	};
	return bytesOf({ line: "GET /console/socket HTTP/1.1", headers: Object.entries(all), body: "" });
}

/** WebSocket frames that no client may send, or that hold what no page says. */
export const frames: Readonly<Record<string, Buffer>> = {
	"not masked": Buffer.from("8105" + "68656c6c6f", "hex"),
	"of an unknown kind": Buffer.from("8b8000000000", "hex"),
	"with reserved bits": Buffer.from("f18000000000", "hex"),
	"a continuation of nothing": Buffer.from("808000000000", "hex"),
	"a control frame in parts": Buffer.from("098000000000", "hex"),
	"a control frame that is too long": Buffer.concat([Buffer.from("89fe0100", "hex"), Buffer.alloc(260)]),
	"of 2^63 bytes": Buffer.from("81ffffffffffffffffff00000000", "hex"),
	"of 4 GB": Buffer.from("81ff000000010000000000000000", "hex"),
	"text that is not UTF-8": Buffer.from("818200000000fffe", "hex"),
	"a close without a code": Buffer.from("88810000000001", "hex"),
	"a close with a bad code": Buffer.from("88820000000003e7", "hex"),
	binary: Buffer.from("82840000000001020304", "hex"),
	"JSON of nothing": masked("{}"),
	"JSON of everything": masked(`{"op":"rows","sub":-1,"from":1e308,"count":null,"__proto__":{"x":1}}`),
	"JSON without end": masked("[".repeat(60_000)),
	"an empty message": masked(""),
};

/** A text frame of a client; its mask is of zeros. */
function masked(text: string): Buffer {
	const length = Buffer.byteLength(text);
	const head = length < 126 ? Buffer.from([0x81, 0x80 | length]) : Buffer.from([0x81, 0xfe, length >> 8, length & 255]);
	return Buffer.concat([head, Buffer.alloc(4), Buffer.from(text)]);
}
