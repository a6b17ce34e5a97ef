import { randomBytes, randomInt } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { databaseName } from "./cluster.ts";

/** How the database is reached. */
export interface DatabaseAccess {
	password: string;
	port: number;
}

/** A connection string for every PostgreSQL client. */
export function accessUrl({ password, port }: DatabaseAccess): string {
	return `postgres://${databaseName}:${password}@127.0.0.1:${port}/${databaseName}`;
}

/** Reads the connection string that the last start wrote; null when there is none. */
export async function readAccess(path: string): Promise<DatabaseAccess | null> {
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw error;
	}
	const [, password, port] = /^postgres:\/\/\w+:([\w-]+)@[\d.]+:(\d+)\//.exec(text) ?? [];
	return password === undefined || port === undefined ? null : { password, port: Number(port) };
}

/** Writes it, readable for our user only. */
export async function writeAccess(path: string, access: DatabaseAccess): Promise<void> {
	const fresh = `${path}.new`;
	await writeFile(fresh, `${accessUrl(access)}\n`, { mode: 0o600 });
	await rename(fresh, path);
}

export function newPassword(): string {
	return randomBytes(24).toString("base64url");
}

/**
 * A free port of the loopback address: the preferred one when nobody has it. The others come from below the range
 * that systems give to outgoing connections, so that the port is most likely still free after a restart.
 */
export async function freePort(preferred: number | null): Promise<number> {
	if (preferred !== null && (await isFree(preferred))) return preferred;
	for (let attempt = 0; attempt < 100; attempt++) {
		const port = randomInt(20_000, 32_000);
		if (await isFree(port)) return port;
	}
	throw new Error("No free port between 20000 and 32000 was found on 127.0.0.1 for PostgreSQL.");
}

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", () => resolve(false));
		server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
	});
}
