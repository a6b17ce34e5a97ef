import { connect, createServer, type Server, type Socket } from "node:net";
import { RunningPart } from "../../persistence/service.ts";

export interface Target {
	host?: string;
	port: number;
}

/** Bytes of one direction that may lie in the proxy before it stops reading. */
const MOST_UNDERWAY = 1024 * 1024;

/**
 * Stands between a client and a TCP server (Postgres, Redis, the service, a camera) and does to their connections what
 * networks do: latency, silence, resets, ends that are gone without a word. Listens on loopback, on a port of its own.
 *
 * ```ts
 * const proxy = new FaultProxy({ port: redis.port });
 * await proxy.start();
 * connectTo(`redis://127.0.0.1:${proxy.port}`);
 * proxy.blackHole();
 * // …
 * proxy.heal();
 * await proxy.stop();
 * ```
 */
export class FaultProxy extends RunningPart {
	readonly name = "fault proxy";
	readonly #target: Target;
	readonly #pairs = new Set<Pair>();
	#server: Server | null = null;
	#port = 0;
	#latency = 0;
	#silent = false;
	#refusing = false;
	#accepted = 0;

	constructor(target: Target) {
		super();
		this.#target = target;
	}

	/** The same after a stop and a start. */
	get port(): number {
		return this.#port;
	}

	/** How many connections are open on the client's side. */
	get connections(): number {
		return this.#pairs.size;
	}

	/** How many there have ever been. */
	get accepted(): number {
		return this.#accepted;
	}

	/** Each byte takes so many milliseconds longer, in each direction. */
	delay(milliseconds: number): void {
		this.#latency = milliseconds;
	}

	/**
	 * Nothing comes through any more, in either direction, and nobody is told. New connections are accepted, and as
	 * silent.
	 */
	blackHole(): void {
		this.#silent = true;
		for (const pair of this.#pairs) pair.silence();
	}

	/**
	 * The server's ends of the present connections are gone, and their clients do not hear of it: what a machine that
	 * lost its power leaves behind. New connections are as they should be.
	 */
	halfOpen(): void {
		for (const pair of this.#pairs) pair.forgetServer();
	}

	/** Cuts the present connections, both ends are told (RST). New ones are as they should be. */
	reset(): void {
		for (const pair of this.#pairs) pair.reset();
	}

	/** Cuts the present connections, and new ones at once. */
	refuse(): void {
		this.#refusing = true;
		this.reset();
	}

	/**
	 * New connections are as they should be, bytes take no longer than they do. What was silenced or forgotten is cut.
	 */
	heal(): void {
		this.#latency = 0;
		this.#silent = false;
		this.#refusing = false;
		for (const pair of this.#pairs) if (pair.faulty) pair.reset();
	}

	protected override async onStart(): Promise<void> {
		const server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
		this.#server = server;
		await new Promise<void>((resolve, reject) => {
			server.once("error", reject);
			server.listen(this.#port, "127.0.0.1", resolve);
		});
		const address = server.address();
		if (typeof address === "object" && address !== null) this.#port = address.port;
	}

	protected override async onStop(): Promise<void> {
		const server = this.#server;
		this.#server = null;
		const closed = new Promise((resolve) => server?.close(resolve));
		this.reset();
		await closed;
	}

	#accept(client: Socket): void {
		this.#accepted++;
		if (this.#refusing) {
			client.resetAndDestroy();
			return;
		}
		const { host = "127.0.0.1", port } = this.#target;
		const pair = new Pair(client, connect({ host, port, allowHalfOpen: true }), () => this.#latency);
		this.#pairs.add(pair);
		client.once("close", () => this.#pairs.delete(pair));
		if (this.#silent) pair.silence();
	}
}

/** One connection: its client's end, its server's end, and what happens in between. */
class Pair {
	readonly #client: Socket;
	readonly #server: Socket;
	#forgotten = false;
	#silent = false;

	constructor(client: Socket, server: Socket, latency: () => number) {
		this.#client = client;
		this.#server = server;
		client.setNoDelay(true);
		server.setNoDelay(true);
		const through = () => !this.faulty;
		relay(client, server, latency, through);
		relay(server, client, latency, through);
		// An error is followed by the close, which is told to the other end.
		client.on("error", () => undefined);
		server.on("error", () => undefined);
		client.once("close", () => server.destroy());
		server.once("close", (failed) => {
			if (this.#forgotten) return;
			if (failed) client.resetAndDestroy();
			else client.destroySoon();
		});
	}

	get faulty(): boolean {
		return this.#silent || this.#forgotten;
	}

	silence(): void {
		this.#silent = true;
	}

	forgetServer(): void {
		this.#forgotten = true;
		this.#server.destroy();
	}

	reset(): void {
		this.#client.resetAndDestroy();
		this.#server.resetAndDestroy();
	}
}

/**
 * Carries bytes, and the end of them, from one socket to the other: in order, late by `latency()`, while
 * `through()`.
 */
function relay(from: Socket, to: Socket, latency: () => number, through: () => boolean): void {
	const queue: { due: number; work: () => void }[] = [];
	let timer: NodeJS.Timeout | null = null;
	let underway = 0;
	const work = () => {
		timer = null;
		for (let next = queue[0]; next !== undefined; next = queue[0]) {
			const wait = next.due - performance.now();
			if (wait > 0) {
				timer = setTimeout(work, wait);
				return;
			}
			queue.shift();
			next.work();
		}
	};
	/** One after the other, also when the latency has just become less. */
	const later = (what: () => void) => {
		queue.push({ due: performance.now() + latency(), work: what });
		if (timer === null) work();
	};
	const full = () => underway >= MOST_UNDERWAY || to.writableLength >= MOST_UNDERWAY;
	from.on("data", (data) => {
		if (!through()) return;
		underway += data.length;
		later(() => {
			underway -= data.length;
			if (through() && to.writable) to.write(data);
			if (!full()) from.resume();
		});
		if (full()) from.pause();
	});
	to.on("drain", () => from.resume());
	to.once("close", () => {
		if (timer) clearTimeout(timer);
		queue.length = 0;
	});
	from.on("end", () => {
		if (through()) later(() => through() && to.end());
	});
}
