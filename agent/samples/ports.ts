import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";

const HOST = "127.0.0.1";

/** What needs a port, and of which kind. */
export const PORTS = { cameras: "tcp", dock: "tcp", lobby: "udp" } as const;
export type Ports = Record<keyof typeof PORTS, number>;

/**
 * A free port for every network source. They are kept in a file, so that addresses stay the same from run to run; one
 * that something else has taken meanwhile is replaced.
 *
 * @throws when the file cannot be written
 */
export async function choosePorts(file: string): Promise<Ports> {
	const saved = await readSaved(file);
	const ports: Ports = { cameras: 0, dock: 0, lobby: 0 };
	for (const name of ["cameras", "dock", "lobby"] as const) {
		const wanted = saved[name];
		const taken = Object.values(ports);
		const kept = wanted !== undefined && !taken.includes(wanted) ? await probe(PORTS[name], wanted) : undefined;
		ports[name] = kept ?? (await freePort(PORTS[name]));
	}
	await mkdir(dirname(file), { recursive: true });
	await writeFile(`${file}.part`, `${JSON.stringify(ports)}\n`);
	await rename(`${file}.part`, file);
	return ports;
}

async function readSaved(file: string): Promise<Partial<Record<string, number>>> {
	let text: string;
	try {
		text = await readFile(file, "utf8");
	} catch {
		// The first run: there is none yet.
		return {};
	}
	try {
		const saved: unknown = JSON.parse(text);
		if (typeof saved !== "object" || saved === null) return {};
		return Object.fromEntries(Object.entries(saved).filter((entry): entry is [string, number] => isPort(entry[1])));
	} catch {
		// Cut off or edited by hand: new ports are as good.
		return {};
	}
}

function isPort(value: unknown): value is number {
	return typeof value === "number" && Number.isInteger(value) && value > 0 && value < 65_536;
}

async function freePort(kind: "tcp" | "udp"): Promise<number> {
	const port = await probe(kind, 0);
	if (port === undefined) throw new Error(`No free ${kind} port on ${HOST}.`);
	return port;
}

/** @returns the port if it can be bound (a free one for 0), else undefined */
async function probe(kind: "tcp" | "udp", port: number): Promise<number | undefined> {
	const listener = kind === "tcp" ? createServer() : createSocket("udp4");
	try {
		if ("bind" in listener) listener.bind(port, HOST);
		else listener.listen(port, HOST);
		await once(listener, "listening");
		const address = listener.address();
		return typeof address === "object" && address !== null ? address.port : undefined;
	} catch {
		// Taken, which is what was asked.
		return undefined;
	} finally {
		await new Promise<void>((resolve) => {
			listener.close(() => resolve());
		}).catch(() => undefined); // A listener that never listened has nothing to close.
	}
}
