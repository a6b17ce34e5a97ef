import { setPriority } from "node:os";
import { seededRandom } from "../support/seeded-random.ts";
import { hostileSocket } from "./hostile-socket.ts";

/**
 * A process of its own that keeps slow connections open: `node … <port> <count> <seconds> <seed>`. Half of them send the head of a
 * request, half a body, a byte at a time or nothing at all; they are opened over so many seconds, and each that is closed is opened
 * again within PAUSE. It writes `{"opened": n}` each time that so many more were opened. On SIGTERM it opens no more, and when the last
 * is closed it writes how many seconds each was open, `{"seconds": [...]}`.
 */
const [port = 0, count = 0, spread = 1, seed = 0] = process.argv.slice(2).map(Number);

/**
 * Milliseconds. The service closes all that are due at once, every four seconds. They come back each in its own time, as clients of
 * many addresses do: the same instant for all would be that of this one process.
 */
const PAUSE = 1_000;
const random = seededRandom(seed);

/** How a connection is slow: what it sends at once, and how often a byte follows, in ms (0: never). */
const manners: readonly { first: string; every: number; byte: string }[] = [
	{ first: "", every: 0, byte: "" },
	{ first: "GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", every: 1_000, byte: "x" },
	{ first: "GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\n", every: 3_000, byte: "X-More: yes\r\n" },
	{ first: head(1_000_000), every: 0, byte: "" },
	{ first: head(1_000_000), every: 1_000, byte: " " },
	{ first: head(null), every: 2_000, byte: "1\r\n \r\n" },
];

function head(length: number | null): string {
	const how = length === null ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
	return `POST /1/streams HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${how}\r\n\r\n`;
}

// They come from elsewhere: what they cost there is not to be taken from the service, nor from who measures it.
setPriority(19);
// Nor do they go on when whoever measures has been killed.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(), 1_000).unref();
const seconds: number[] = [];
let open = 0;
let opened = 0;
let stopping = false;
process.on("SIGTERM", () => {
	stopping = true;
	tellEnd();
});

function tellEnd(): void {
	if (stopping && open === 0) process.stdout.write(`${JSON.stringify({ seconds })}\n`);
}

function begin(at: number): void {
	if (stopping) return;
	const { first, every, byte } = manners[at % manners.length] ?? { first: "", every: 0, byte: "" };
	const socket = hostileSocket(port);
	let began: number | undefined;
	let timer: NodeJS.Timeout | undefined;
	socket.resume();
	socket.on("connect", () => {
		began = performance.now();
		if (first !== "") socket.write(first);
		if (every > 0) timer = setInterval(() => socket.write(byte), every);
		open++;
		if (++opened % count === 0) process.stdout.write(`${JSON.stringify({ opened })}\n`);
	});
	// The service's end of it is closed: nothing of it is left there.
	socket.on("end", () => socket.destroy());
	socket.on("close", () => {
		clearInterval(timer);
		if (began !== undefined) {
			open--;
			seconds.push((performance.now() - began) / 1_000);
		}
		if (!stopping) setTimeout(begin, random() * PAUSE, at);
		tellEnd();
	});
}

for (let at = 0; at < count; at++) setTimeout(begin, (at / count) * spread * 1_000, at);
