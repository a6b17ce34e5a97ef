import { setPriority } from "node:os";
import { hostileSocket } from "./hostile-socket.ts";

/**
 * A process of its own that wants to hold so many connections and says nothing on any of them:
 * `node … <host> <port> <count> <address>…`, from these addresses by turns. One that is refused or closed is tried again a second later.
 * Twice a second it writes `{"held": n, "refused": n}`: how many have been open for half a second or longer, and how many were refused
 * since the last line.
 */
const [host = "", port = "", count = "", ...addresses] = process.argv.slice(2);

const SETTLED = 500;
const AGAIN = 1_000;

// They come from elsewhere: what they cost there is not to be taken from the service, nor from who measures it.
setPriority(19);
// Nor do they go on when whoever measures has been killed.
const parent = process.ppid;
/** When each that is open was opened. */
const open = new Map<object, number>();
let refused = 0;
setInterval(() => {
	if (process.ppid !== parent) process.exit();
	const now = performance.now();
	const held = [...open.values()].filter((began) => now - began >= SETTLED).length;
	process.stdout.write(`${JSON.stringify({ held, refused })}\n`);
	refused = 0;
}, 500);

function begin(at: number): void {
	const socket = hostileSocket(Number(port), { host, localAddress: addresses[at % addresses.length] ?? "" });
	socket.resume();
	socket.on("connect", () => open.set(socket, performance.now()));
	socket.on("end", () => socket.destroy());
	socket.on("close", () => {
		const began = open.get(socket);
		if (began === undefined || performance.now() - began < SETTLED) refused++;
		open.delete(socket);
		setTimeout(begin, AGAIN, at);
	});
}

for (let at = 0; at < Number(count); at++) begin(at);
