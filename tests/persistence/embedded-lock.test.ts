import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { instanceOf, takeInstanceLock } from "../../persistence/embedded/instance-lock.ts";
import { processIdentity } from "../../persistence/embedded/process-identity.ts";
import { emptyFolder } from "../support/embedded-folder.ts";

/** Takes the lock many times at once: the locks that were given, and the messages of the refusals. */
async function race(folder: string, starts: number) {
	const results = await Promise.allSettled(Array.from({ length: starts }, () => takeInstanceLock(folder)));
	return {
		locks: results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
		refusals: results.flatMap((result) => (result.status === "rejected" ? [String(result.reason.message)] : [])),
	};
}

test("of any number of starts that race for a free folder, a released lock or that of a dead process, exactly one gets it", async () => {
	const folder = await emptyFolder();
	for (let round = 0; round < 30; round++) {
		const { locks, refusals } = await race(folder, 8);
		expect(locks).toHaveLength(1);
		expect(new Set(refusals)).toEqual(
			new Set([
				`The folder ${folder} is in use by another running Perigee (process ${process.pid}): stop that one, or give this one a DATA_DIR of its own.`,
			]),
		);
		if (round % 2 === 0) {
			await locks[0]!.release();
			expect(await instanceOf(folder)).toBeNull();
		} else {
			const [file] = (await readdir(folder)).filter((name) => name.endsWith(".lock"));
			await writeFile(join(folder, file!), JSON.stringify({ pid: 4_194_000, identity: "boot:1" }));
		}
	}
	expect(await readdir(folder)).toHaveLength(1);
});

test("a lock is not that of the process which got the number of a dead one", async () => {
	const folder = await emptyFolder();
	await writeFile(join(folder, "instance.7.lock"), JSON.stringify({ pid: process.pid, identity: "an earlier one" }));
	const lock = await takeInstanceLock(folder);
	expect(await instanceOf(folder)).toBe(process.pid);
	expect(await readdir(folder)).toEqual(["instance.8.lock"]);
	await lock.release();
});

test("a lock that a crash of the machine tore is nobody's", async () => {
	const folder = await emptyFolder();
	await writeFile(join(folder, "instance.3.lock"), '{"pid":1,"ident');
	await (await takeInstanceLock(folder)).release();
});

test("a process is known by its start, not by its number alone", async () => {
	expect(await processIdentity(process.pid)).toMatch(/\S/);
	expect(await processIdentity(process.pid)).toBe(await processIdentity(process.pid));
	expect(await processIdentity(4_194_000)).toBeNull();
});
