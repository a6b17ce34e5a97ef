import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { ApiClient } from "./api-client.ts";
import { Program } from "./service-process.ts";
import { streamBody } from "./stream-bodies.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const NOBODY = 65_534;

/** The system as a unit with ProtectSystem=strict sees it: the tree at `$1/perigee`, all read-only but for `$1/data`. */
const confine = `
set -e
mount --bind "$2" "$1/perigee"
mount --bind "$1/data" "$1/data"
mount -o remount,bind,ro "$1/perigee"
mount -o remount,bind,ro /
cd "$1/perigee"
shift 2
exec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups --no-new-privs --bounding-set=-all "$@"`;

/** What runs a command so, in namespaces of its own, of which nothing is left after it. */
function confined(base: string, command: readonly string[]): string[] {
	return ["--mount", "--propagation", "private", "sh", "-c", confine, "sh", base, root, ...command];
}

function folder(): string {
	const base = mkdtempSync(join(tmpdir(), "perigee-ordinary-"));
	chmodSync(base, 0o755);
	for (const name of ["perigee", "data"]) mkdirSync(join(base, name));
	chownSync(join(base, "data"), NOBODY, NOBODY);
	return base;
}

/** Why it cannot be tried here, or null. */
function missing(): string | null {
	if (process.platform !== "linux") return "needs the namespaces of Linux";
	if (process.getuid?.() !== 0) return "needs root, to become somebody else";
	const base = folder();
	try {
		const { status, stderr } = spawnSync("unshare", confined(base, [process.execPath, "--version"]));
		return status === 0 ? null : `namespaces or Node cannot be had: ${String(stderr).trim()}`;
	} finally {
		rmSync(base, { recursive: true, force: true });
	}
}

const reason = missing();
if (reason !== null) console.warn(`Skipped: the service as an ordinary user: ${reason}`);

test.skipIf(reason !== null)(
	`the service runs as an ordinary user without any right, in a system that is read-only but for DATA_DIR${reason === null ? "" : ` (${reason})`}`,
	async () => {
		await ensureBuilt(["service"]);
		const base = folder();
		onTestFinished(() => rmSync(base, { recursive: true, force: true }));
		const env = { PORT: "0", DATA_DIR: join(base, "data"), HOME: "/nonexistent", TMPDIR: "/nonexistent" };
		const start = async () => {
			const command = confined(base, [process.execPath, "dist/server/main.js"]);
			const program = new Program(command, env, "unshare");
			onTestFinished(() => (program.over ? undefined : program.kill()));
			const { url } = await program.said("ready");
			const api = new ApiClient(String(url));
			onTestFinished(() => api.close());
			return { program, api };
		};

		const first = await start();
		const id = await first.api.create(streamBody());
		expect(await first.api.take(1)).toHaveLength(1);
		const status = execFileSync("sh", [
			"-c",
			`grep -E '^(Uid|CapBnd|CapEff|NoNewPrivs)' /proc/${first.program.pid}/status`,
		]);
		expect(status.toString().replaceAll("\t", " ")).toBe(
			`Uid: ${Array(4).fill(NOBODY).join(" ")}\nCapEff: 0000000000000000\nCapBnd: 0000000000000000\nNoNewPrivs: 1\n`,
		);
		first.program.child.kill("SIGTERM");
		expect(await first.program.ended).toBe(0);

		// All that it needs is there when it comes back.
		const second = await start();
		expect((await second.api.get(id)).status).toBe("in_progress");
		second.program.child.kill("SIGTERM");
		expect(await second.program.ended).toBe(0);
		expect(second.program.stderr).toBe("");
		expect(readdirSync(join(base, "perigee"))).toEqual([]);
	},
	60_000,
);
