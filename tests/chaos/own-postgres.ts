import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { endLeftovers } from "../../persistence/embedded/leftover-postmaster.ts";
import { quietLogger } from "../support/postgres-server.ts";

/** A PostgreSQL server of a test's own, that the test may end: with every setting as the service has it. */
export interface OwnPostgres {
	url: string;
	/**
	 * SIGKILL: what it had not written is lost, and so is every connection. Resolves when it is gone, with the moment (of
	 * `performance.now()`) of the kill.
	 */
	kill(): Promise<number>;
	/** Starts it again on the same data, at the same address. Resolves when it takes connections. */
	restart(): Promise<void>;
	/** Ends it and removes its folder. */
	stop(): Promise<void>;
}

const program = fileURLToPath(new URL("../support/embedded-process.mjs", import.meta.url));

interface Running {
	/** The process that keeps the server running; it ends in peace when its input does. */
	keeper: ChildProcess;
	url: string;
	pid: number;
}

export async function startPostgres(): Promise<OwnPostgres> {
	const folder = await mkdtemp(join(await realpath(tmpdir()), "perigee-chaos-"));
	// mkdtemp closes it to everybody else, and PostgreSQL may run as another user.
	await chmod(folder, 0o711);
	const cluster = join(folder, "postgres");
	let running = await run(folder);
	const { url } = running;
	return {
		url,
		async kill() {
			// The keeper first: it would start the server again at once.
			const ended = once(running.keeper, "exit");
			running.keeper.kill("SIGKILL");
			await ended;
			const killed = performance.now();
			process.kill(running.pid, "SIGKILL");
			await endLeftovers(cluster, quietLogger);
			return killed;
		},
		async restart() {
			running = await run(folder);
			if (running.url !== url) throw new Error("the server came back at another address");
		},
		async stop() {
			if (running.keeper.exitCode === null && running.keeper.signalCode === null) {
				const ended = once(running.keeper, "exit");
				running.keeper.stdin?.end();
				await ended;
			}
			await endLeftovers(cluster, quietLogger);
			await rm(folder, { recursive: true, force: true });
		},
	};
}

async function run(folder: string): Promise<Running> {
	const keeper = spawn(process.execPath, [program, folder], { stdio: ["pipe", "pipe", "inherit"] });
	const [line] = (await once(createInterface(keeper.stdout), "line")) as [string];
	const said = JSON.parse(line) as { url: string; pid: number } | { error: string };
	if ("error" in said) throw new Error(`PostgreSQL does not start: ${said.error}`);
	return { keeper, ...said };
}
