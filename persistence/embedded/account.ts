import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A user of the operating system. */
export interface Account {
	name: string;
	uid: number;
	gid: number;
}

/** Tried in this order when we run as root, which PostgreSQL refuses to do. */
const candidates = ["perigee", "postgres", "_postgres", "nobody"];

/**
 * Whom PostgreSQL runs as. Null: as we do. For root it is the owner of the existing data folder, else a user made for
 * such things, else `nobody`; where there is none, a system user `perigee` is created.
 *
 * @throws Error of one line when a data folder belongs to a user that we cannot become, or no user can be had.
 */
export async function databaseAccount(cluster: string): Promise<Account | null> {
	const owner = await ownerOf(cluster);
	const uid = process.geteuid?.() ?? 0;
	if (uid !== 0) {
		if (owner !== null && owner !== uid) {
			throw new Error(
				`The folder ${cluster} belongs to user id ${owner}, and this process runs as ${uid}: start it as that user, or give it a DATA_DIR of its own.`,
			);
		}
		requireName(uid);
		return null;
	}
	const users = parseUsers(await readFile("/etc/passwd", "utf8"));
	return chooseAccount(users, owner) ?? (await createdAccount());
}

/** The choice among the users of this system; undefined when none is suitable. */
export function chooseAccount(users: readonly Account[], owner: number | null): Account | undefined {
	const ofFolder = owner === null || owner === 0 ? undefined : users.find((user) => user.uid === owner);
	if (ofFolder !== undefined) return ofFolder;
	return candidates.map((name) => users.find((user) => user.name === name && user.uid > 0)).find((user) => user);
}

/** Reads the form of /etc/passwd. */
export function parseUsers(passwd: string): Account[] {
	return passwd.split("\n").flatMap((line) => {
		const [name, , uid, gid] = line.split(":");
		if (name === undefined || uid === undefined || gid === undefined || name === "" || name.startsWith("#")) return [];
		return [{ name, uid: Number(uid), gid: Number(gid) }];
	});
}

/**
 * The first folder on the way to `path` (itself included) that the user may not pass, or null. Judged by owner, group
 * and mode; where those say no, the kernel is asked, which also knows access lists.
 */
export async function closedFolder(path: string, account: Account): Promise<string | null> {
	const parents: string[] = [];
	for (let folder = path; parents.at(-1) !== folder; folder = dirname(folder)) parents.push(folder);
	for (const folder of parents.reverse()) {
		const { mode, uid, gid } = await stat(folder);
		const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
		if ((mode & bit) === 0 && !(await mayEnter(folder, account))) return folder;
	}
	return null;
}

async function mayEnter(folder: string, account: Account): Promise<boolean> {
	try {
		await run("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { uid: account.uid, gid: account.gid, cwd: "/" });
		return true;
	} catch {
		// The shell could not enter it either (or there is no shell, and the mode bits stand).
		return false;
	}
}

async function ownerOf(folder: string): Promise<number | null> {
	try {
		return (await stat(folder)).uid;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw error;
	}
}

function requireName(uid: number): void {
	try {
		userInfo();
	} catch {
		// PostgreSQL's initdb looks its user up as well, and fails with a message that helps nobody.
		throw new Error(
			`User id ${uid} has no name in /etc/passwd, which PostgreSQL needs: add a line for it, or set DATABASE_URL.`,
		);
	}
}

async function createdAccount(): Promise<Account> {
	try {
		await run("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "perigee"]);
	} catch (cause) {
		throw new Error(
			"PostgreSQL does not run as root, and there is neither a user postgres nor nobody: create one, or start as another user.",
			{ cause },
		);
	}
	const user = parseUsers(await readFile("/etc/passwd", "utf8")).find(({ name }) => name === "perigee");
	if (user === undefined) throw new Error("The system user perigee was created, but /etc/passwd does not list it.");
	return user;
}
