import { constants } from "node:fs";
import { access, chmod, mkdir, realpath, rename, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type Account, closedFolder } from "./account.ts";

/** The folder, made when it is not there, by its real path: the one that PostgreSQL itself will show. */
export async function openFolder(dataDir: string): Promise<string> {
	try {
		const first = await mkdir(resolve(dataDir), { recursive: true });
		const path = await realpath(dataDir);
		if (process.geteuid?.() === 0) await makePassable(path, first === undefined ? path : await realpath(first));
		await access(path, constants.W_OK | constants.X_OK);
		return path;
	} catch (cause) {
		const { code } = cause as NodeJS.ErrnoException;
		throw new Error(
			`The folder ${resolve(dataDir)} cannot be written (${code}): make it writable, or set DATA_DIR to another one.`,
			{
				cause,
			},
		);
	}
}

/**
 * Others may pass the data folder, and those above it that we have just made, whatever our umask is: PostgreSQL runs as
 * another user. Passing is all: what lies inside has its own rights, and the folder cannot be listed by them for this.
 */
async function makePassable(path: string, first: string): Promise<void> {
	for (let folder = path; folder.startsWith(first); folder = dirname(folder)) {
		const { mode } = await stat(folder);
		if ((mode & 0o011) !== 0o011) await chmod(folder, (mode & 0o7777) | 0o011);
	}
}

/** Throws the line that says which folder keeps that user away from the data folder. */
export async function requireReachable(dataDir: string, account: Account): Promise<void> {
	const closed = await closedFolder(dataDir, account);
	if (closed === null) return;
	throw new Error(
		`PostgreSQL runs as the user ${account.name}, who may not pass the folder ${closed}: allow it with "chmod o+x ${closed}", or set DATA_DIR to another place.`,
	);
}

/** Writes a file at once or not at all, readable for PostgreSQL's own user. */
export async function writeReadable(path: string, text: string): Promise<void> {
	await writeFile(`${path}.new`, text);
	await chmod(`${path}.new`, 0o644);
	await rename(`${path}.new`, path);
}
