import { spawnSync } from "node:child_process";
import {
	chmodSync,
	closeSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readFileSync,
	rmSync,
	statfsSync,
	writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { say, since } from "../chaos/rounds.ts";
import { ServiceProcess } from "../main-job/service-process.ts";
import { eventually } from "../support/signals.ts";
import { SteadyWriter } from "./refused-writes.ts";

/** The disk of the database. */
const SIZE = "300m";
/** Seconds that it stays full. */
const FULL = 30;
const MEBIBYTE = 1_048_576;

/** A small disk of its own, or why there is none. */
function smallDisk(): { folder: string; unmount(): void } | string {
	if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux, to mount a small disk";
	const folder = mkdtempSync(join(tmpdir(), "perigee-disk-"));
	const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE},mode=0755`, "tmpfs", folder]);
	if (status !== 0) {
		rmSync(folder, { recursive: true });
		return `a disk cannot be mounted: ${String(stderr).trim()}`;
	}
	return {
		folder,
		unmount: () => {
			spawnSync("umount", ["--lazy", folder]);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Writes until there is no room left. Returns the bytes. */
function fill(path: string): number {
	const file = openSync(path, "a");
	let written = 0;
	try {
		for (let size = MEBIBYTE; size >= 4_096; size /= 2)
			for (;;) {
				const count = written;
				try {
					written += writeSync(file, Buffer.alloc(size));
				} catch (error) {
					if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
					break;
				}
				if (written === count) break;
			}
	} finally {
		closeSync(file);
	}
	return written;
}

/** Writes what comes to no table, until the server ends for want of room. */
async function writeAhead(url: string): Promise<void> {
	const sql = postgres(url, { max: 1, onnotice: () => undefined });
	try {
		for (let times = 0; times < 100; times++)
			await sql`SELECT pg_logical_emit_message(false, 'room', repeat(md5(random()::text), 32768))`;
	} catch {
		// It is gone: that is what this is for.
		return;
	} finally {
		await sql.end({ timeout: 1 });
	}
	throw new Error("the server wrote 100 MiB to a full disk");
}

const disk = smallDisk();
if (typeof disk !== "string") disk.unmount();
if (typeof disk === "string") console.warn(`Skipped: the full disk: ${disk}`);

/** What has no room any more: a table, or what the database writes first of all, without which its server cannot run. */
const victims = ["a table", "the write-ahead log"] as const;

test.skipIf(typeof disk === "string").each(victims)(
	`a full disk, where %s cannot grow, is 503 to whoever writes, ends nothing, and is forgotten when there is room again${typeof disk === "string" ? ` (${disk})` : ""}`,
	async (victim) => {
		const disk = smallDisk();
		if (typeof disk === "string") throw new Error(disk);
		onTestFinished(disk.unmount);
		await ensureBuilt(["service"]);
		const data = join(disk.folder, "data");
		mkdirSync(data);
		chmodSync(data, 0o755);
		const service = await new ServiceProcess({ DATA_DIR: data }, ["dist/server/main.js"]).ready();
		onTestFinished(() => service.end());
		const writer = new SteadyWriter(service);
		writer.start();
		await eventually(() => writer.created.length > 50, { timeoutMs: 20_000 });
		const ballast = join(disk.folder, "ballast");
		let filled = fill(ballast);
		const began = performance.now();
		const lines = () => service.lines.filter(({ msg }) => msg !== "request").length;
		const linesBefore = lines();
		// What the database has put aside is used up first; what it lets go is taken at once.
		const filling = setInterval(() => {
			filled += fill(ballast);
		}, 200);
		onTestFinished(() => clearInterval(filling));
		await eventually(() => writer.heard.some(({ what, status }) => what === "create" && status === 503), {
			timeoutMs: 240_000,
		});
		const noticed = since(began);
		const created = writer.created.length;
		if (victim === "the write-ahead log") await writeAhead(readFileSync(join(data, "postgres-url"), "utf8").trim());
		await sleep(FULL * 1_000);
		const during = writer.told();
		writer.expectClear();
		if (victim === "a table") expect(Object.keys(during["list"] ?? {})).toEqual(["200"]);
		else expect(Object.keys(during["list"] ?? {})).toContain("503/39905");
		const said = lines() - linesBefore;
		clearInterval(filling);
		rmSync(ballast);
		const room = performance.now();
		writer.heard.length = 0;
		await eventually(() => writer.heard.some(({ what, status }) => what === "create" && status === 201), {
			timeoutMs: 60_000,
		});
		const back = since(room);
		await sleep(2_000);
		await writer.stop();
		writer.expectClear();
		await writer.expectKept();
		const { bavail, bsize } = statfsSync(disk.folder);
		say(
			`the disk was full for ${victim} (${(filled / MEBIBYTE).toFixed(0)} MiB of ballast): noticed after ${noticed.toFixed(1)} s and ${created} streams; ${JSON.stringify(during)}; ${said} lines of log; back ${back.toFixed(1)} s after there was room; ${writer.created.length} streams, none missing; ${((bavail * bsize) / MEBIBYTE).toFixed(0)} MiB free`,
		);
		expect(back).toBeLessThan(30);
		expect(said).toBeLessThan(2_000);
		expect(service.over).toBe(false);
		expect(service.lines.filter(({ level }) => level === "fatal")).toEqual([]);
	},
	600_000,
);
