import { execFile } from "node:child_process";
import { chmod, chown, mkdir, readdir, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import {
	type Account,
	chooseAccount,
	closedFolder,
	databaseAccount,
	parseUsers,
} from "../../persistence/embedded/account.ts";
import { createCluster } from "../../persistence/embedded/cluster.ts";
import { installedPrograms, type Programs, readyPrograms } from "../../persistence/embedded/programs.ts";
import { ask, dataFolder, embedded, emptyFolder } from "../support/embedded-folder.ts";

const run = promisify(execFile);

const users = parseUsers(
	[
		"# a comment",
		"root:x:0:0:root:/root:/bin/bash",
		"nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin",
		"postgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash",
		"ann:x:1000:1000::/home/ann:/bin/bash",
		"",
	].join("\n"),
);

describe("for root, PostgreSQL runs as", () => {
	test("the owner of the existing data folder", () => expect(chooseAccount(users, 1000)?.name).toBe("ann"));
	test("postgres, when there is no data folder yet", () => expect(chooseAccount(users, null)?.name).toBe("postgres"));
	test("postgres, when the data folder was given to root", () =>
		expect(chooseAccount(users, 0)?.name).toBe("postgres"));
	test("nobody, when there is no postgres", () => {
		const rest = users.filter(({ name }) => name !== "postgres");
		expect(chooseAccount(rest, null)).toEqual({ name: "nobody", uid: 65534, gid: 65534 });
	});
	test("never root", () => expect(chooseAccount(parseUsers("postgres:x:0:0::/:/bin/sh"), null)).toBeUndefined());
});

/** The whole of the installed package's programs, without the links that npm does not pack. */
async function bareCopy(folder: string): Promise<Programs> {
	const installed = await installedPrograms();
	const copy = join(folder, "package", "native");
	await mkdir(join(folder, "package"));
	await run("cp", ["-a", installed.folder, copy]);
	const bare = { ...installed, folder: copy };
	for (const { target } of await links(bare)) await rm(join(folder, "package", target), { force: true });
	return bare;
}

async function links({ folder }: Programs): Promise<{ source: string; target: string }[]> {
	return JSON.parse(await readFile(join(folder, "pg-symlinks.json"), "utf8"));
}

test("links that npm's archives cannot hold are added where they are missing, by any number of starts at once", async () => {
	const folder = await emptyFolder();
	const bare = await bareCopy(folder);
	const dataDirs = ["a", "b", "c"].map((name) => join(folder, name));
	const ready = await Promise.all(
		dataDirs.map(async (dataDir) => {
			await mkdir(dataDir);
			return readyPrograms(bare, dataDir, null);
		}),
	);
	expect(ready).toEqual([bare, bare, bare]);
	for (const { source, target } of await links(bare)) {
		expect(await realpath(join(bare.folder, "..", target))).toBe(join(bare.folder, "..", source));
	}
	for (const dataDir of dataDirs) expect(await readdir(dataDir)).toEqual([]);
});

const checkoutIsOpen = (await closedFolder(process.cwd(), { name: "nobody", uid: 65534, gid: 65534 })) === null;

describe.runIf(process.geteuid?.() === 0)("started as root", () => {
	test("the server and its folder belong to an unprivileged user, and nothing else is given away", async () => {
		const folder = await dataFolder();
		const server = embedded(folder);
		await server.start();
		const status = await readFile(`/proc/${server.pid}/status`, "utf8");
		const uid = (await stat(join(folder, "postgres"))).uid;
		expect(uid).not.toBe(0);
		expect(status).toMatch(new RegExp(`^Uid:\\s+${uid}\\s+${uid}\\s+${uid}`, "m"));
		expect(status).toMatch(/^Groups:\s*$/m);
		expect((await stat(join(folder, "postgres"))).mode & 0o777).toBe(0o700);
		for (const name of (await readdir(folder)).filter((entry) => entry !== "postgres")) {
			expect([name, (await stat(join(folder, name))).uid]).toEqual([name, 0]);
		}
	});

	test("a parent that the user may not pass is told in one line, and nothing is changed", async () => {
		const dataDir = await dataFolder();
		const parent = await emptyFolder();
		await rename(dataDir, join(parent, "data"));
		await chmod(parent, 0o700);
		const before = await readdir(join(parent, "data", "postgres"));
		const server = embedded(join(parent, "data"));
		await expect(server.start()).rejects.toThrow(
			new RegExp(
				`^PostgreSQL runs as the user \\w+, who may not pass the folder ${parent}: allow it with "chmod o\\+x ${parent}", or set DATA_DIR to another place\\.$`,
			),
		);
		expect((await stat(parent)).mode & 0o777).toBe(0o700);
		expect(await readdir(join(parent, "data", "postgres"))).toEqual(before);
		await chmod(parent, 0o711);
		await server.start();
	});

	test("a data folder that was there and is closed is opened for passing, and for nothing else", async () => {
		const folder = await emptyFolder();
		await chmod(folder, 0o700);
		const server = embedded(folder);
		await server.start();
		expect(await ask(server.url, "SELECT 1")).toEqual([1]);
		expect((await stat(folder)).mode & 0o777).toBe(0o711);
	});

	test("folders that are made for it can be passed, whatever the umask is", async () => {
		const folder = await emptyFolder();
		const umask = process.umask(0o077);
		try {
			const server = embedded(join(folder, "made", "for", "it"));
			await server.start();
			expect(await ask(server.url, "SELECT 1")).toEqual([1]);
		} finally {
			process.umask(umask);
		}
		expect((await stat(join(folder, "made"))).mode & 0o777).toBe(0o711);
	});

	test("programs that the user cannot reach are copied into DATA_DIR once, and run from there", async () => {
		const folder = await emptyFolder();
		const [secret, dataDir] = [join(folder, "root-only"), join(folder, "data")];
		await mkdir(secret);
		await mkdir(dataDir);
		const bare = await bareCopy(secret);
		await chmod(secret, 0o700);
		await mkdir(join(dataDir, "programs-17.0.0", "bin"), { recursive: true });
		const account = await databaseAccount(join(dataDir, "postgres"));
		const ready = await readyPrograms(bare, dataDir, account);
		expect(ready.folder).toBe(join(dataDir, `programs-${bare.version}`));
		expect(await readdir(dataDir)).toEqual([`programs-${bare.version}`]);
		const { ino } = await stat(ready.folder);
		expect(await readyPrograms(bare, dataDir, account)).toEqual(ready);
		expect((await stat(ready.folder)).ino).toBe(ino);

		await createCluster(join(dataDir, "postgres"), "password", { account, programs: ready });
		const server = embedded(dataDir);
		await server.start();
		expect(await ask(server.url, "SELECT 1")).toEqual([1]);
	});

	// In a checkout that is closed to others, the files of these very tests cannot be read by that user.
	describe.runIf(checkoutIsOpen)("and run as another user", () => {
		/** What this process does until the test ends, it does as that user. */
		function become(user: Account): void {
			process.setegid!(user.gid);
			process.seteuid!(user.uid);
			onTestFinished(() => {
				process.seteuid!(0);
				process.setegid!(0);
			});
		}

		test("programs that lack their links in a folder that cannot be written are copied", async () => {
			const folder = await emptyFolder();
			const bare = await bareCopy(folder);
			const dataDir = join(folder, "data");
			await mkdir(dataDir);
			const account = (await databaseAccount(dataDir))!;
			await chown(dataDir, account.uid, account.gid);
			become(account);
			expect((await readyPrograms(bare, dataDir, null)).folder).toBe(join(dataDir, `programs-${bare.version}`));
		});

		test("a database folder of somebody else is told in one line", async () => {
			const folder = await dataFolder();
			const nobody = parseUsers(await readFile("/etc/passwd", "utf8")).find(({ name }) => name === "nobody")!;
			await chown(join(folder, "postgres"), 1, 1);
			await chmod(folder, 0o777);
			become(nobody);
			await expect(embedded(folder).start()).rejects.toThrow(
				/^The folder .*postgres belongs to user id 1, and this process runs as \d+: start it as that user, or/,
			);
		});

		test("a DATA_DIR that cannot be written is told in one line", async () => {
			const folder = await emptyFolder();
			const nobody = parseUsers(await readFile("/etc/passwd", "utf8")).find(({ name }) => name === "nobody")!;
			become(nobody);
			await expect(embedded(join(folder, "data")).start()).rejects.toThrow(
				/^The folder .*data cannot be written \(EACCES\): make it writable, or set DATA_DIR to another one\.$/,
			);
		});
	});

	test("the folder that is closed to a user is the outermost one", async () => {
		const folder = await emptyFolder();
		const inner = join(folder, "a", "b", "c");
		await mkdir(inner, { recursive: true });
		const account = { name: "nobody", uid: 65534, gid: 65534 };
		expect(await closedFolder(inner, account)).toBeNull();
		await chmod(join(folder, "a", "b"), 0o750);
		await chmod(inner, 0o700);
		expect(await closedFolder(inner, account)).toBe(join(folder, "a", "b"));
		await chown(join(folder, "a", "b"), 0, account.gid);
		expect(await closedFolder(inner, account)).toBe(inner);
	});
});
