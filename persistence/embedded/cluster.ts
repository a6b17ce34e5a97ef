import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, chown, mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Account } from "./account.ts";
import type { Programs } from "./programs.ts";

/** The name of the database, and of the superuser that owns it. */
export const databaseName = "perigee";

/** The environment of PostgreSQL's programs: nothing of ours, which may hold secrets. */
export const cleanEnvironment = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/** How the names of clusters in the making begin. */
const unfinished = "postgres-new-";

/** What a program of PostgreSQL is run with. */
export interface Runner {
	programs: Programs;
	/** Null: as ourselves. */
	account: Account | null;
}

/**
 * The major version that wrote the data folder, or null when there is none yet.
 *
 * @throws Error of one line when the folder holds something else.
 */
export async function clusterMajor(cluster: string): Promise<number | null> {
	try {
		return Number.parseInt(await readFile(join(cluster, "PG_VERSION"), "utf8"), 10);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
	}
	try {
		// Somebody made the folder beforehand.
		await rmdir(cluster);
		return null;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw new Error(
			`The folder ${cluster} holds something, but no PostgreSQL database: move it away, or give another DATA_DIR.`,
			{ cause: error },
		);
	}
}

/**
 * Makes a database cluster: UTF-8, the order of code points (of PostgreSQL itself, so that no update of the system
 * changes it), checksums. It is made beside its place and moved there when it is whole and on the disk, so an
 * interrupted attempt leaves nothing that looks like a cluster.
 */
export async function createCluster(cluster: string, password: string, runner: Runner): Promise<void> {
	const parent = dirname(cluster);
	const work = join(parent, `${unfinished}${randomUUID()}`);
	const [data, secret] = [join(work, "data"), join(work, "password")];
	await mkdir(work, { mode: 0o700 });
	await writeFile(secret, password, { mode: 0o600 });
	if (runner.account !== null) {
		await chown(secret, runner.account.uid, runner.account.gid);
		await chown(work, runner.account.uid, runner.account.gid);
	}
	await run(runner, work, "initdb", [
		`--pgdata=${data}`,
		`--username=${databaseName}`,
		`--pwfile=${secret}`,
		"--auth=scram-sha-256",
		"--encoding=UTF8",
		"--locale=C",
		"--locale-provider=builtin",
		"--builtin-locale=C.UTF-8",
		"--data-checksums",
		"--no-instructions",
	]);
	await rename(data, cluster);
	await rm(work, { recursive: true });
	await syncFolder(parent);
}

/** Removes what interrupted attempts left. One of them may still be writing: it fails by itself when its folder is gone. */
export async function removeUnfinished(parent: string): Promise<void> {
	for (const entry of await readdir(parent)) {
		if (!entry.startsWith(unfinished)) continue;
		await rm(join(parent, entry), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
	}
}

/** Gives the superuser a new password, while no server runs: for when the file that held it is gone. */
export async function resetPassword(cluster: string, password: string, runner: Runner): Promise<void> {
	// Our passwords consist of letters, digits, - and _.
	const statement = `ALTER ROLE ${databaseName} PASSWORD '${password}';\n`;
	await run(runner, cluster, "postgres", ["--single", "-D", cluster, "template1"], statement);
}

/** Makes the folder itself the user's own; PostgreSQL insists on that and on its mode. */
export async function ownCluster(cluster: string, account: Account | null): Promise<void> {
	if (account === null) return;
	await chown(cluster, account.uid, account.gid);
	await chmod(cluster, 0o700);
}

async function run(runner: Runner, cwd: string, program: string, args: string[], input = ""): Promise<void> {
	const { account, programs } = runner;
	const child = spawn(join(programs.folder, "bin", program), args, {
		cwd,
		env: cleanEnvironment,
		stdio: ["pipe", "ignore", "pipe"],
		detached: true,
		...(account === null ? {} : { uid: account.uid, gid: account.gid }),
	});
	let told = "";
	child.stderr.on("data", (chunk: Buffer) => {
		told = (told + chunk.toString("utf8")).slice(-4096);
	});
	// A program that ends early leaves its input unread; how it ended says more.
	child.stdin.on("error", () => undefined);
	child.stdin.end(input);
	const code = await new Promise<number | string | null>((resolve, reject) => {
		child.once("error", (cause) => reject(cannotRun(program, cause)));
		child.once("close", (status, signal) => resolve(status ?? signal));
	});
	if (code !== 0) {
		const reason =
			told
				.split("\n")
				.filter((line) => /error|fatal|hint/i.test(line))
				.join(" ") || told.trim();
		throw new Error(`PostgreSQL's ${program} failed (${code}): ${reason.replaceAll("\n", " ")}`);
	}
}

/** For a program that the system refuses to run at all. */
export function cannotRun(program: string, cause: Error): Error {
	return new Error(
		`PostgreSQL's ${program} cannot be run on this system (${cause.message}): set DATABASE_URL to a PostgreSQL server.`,
		{ cause },
	);
}

async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}
