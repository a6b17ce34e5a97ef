import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../support/signals.ts";

/** Debian's package and its program have the same name. */
const program = "victoria-metrics";

/** Whether this machine has it. */
export const hasVictoriaMetrics = spawnSync(program, ["-version"]).error === undefined;

/** A VictoriaMetrics of a test's own: it takes what InfluxDB takes, and can be asked what it has. */
export class VictoriaMetrics {
	readonly #folder = mkdtempSync(join(tmpdir(), "perigee-victoria-"));
	#child: ChildProcess | undefined;
	port = 0;

	/** Resolves when it serves. Asked again after a stop, it has the same port and data. */
	async start(): Promise<this> {
		this.port ||= await freePort();
		const args = [
			`-storageDataPath=${this.#folder}`,
			`-httpListenAddr=127.0.0.1:${this.port}`,
			"-loggerLevel=ERROR",
			"-memory.allowedBytes=64MB",
		];
		this.#child = spawn(program, args, { stdio: "ignore" });
		await eventually(async () => (await fetch(`${this.#url}/health`)).ok, { timeoutMs: 20_000 });
		return this;
	}

	/** How many points of a series it has. */
	async count(series: string): Promise<number> {
		await this.#ask("/internal/force_flush");
		const query = new URLSearchParams({ "match[]": series });
		const lines = (await this.#ask(`/api/v1/export?${query}`)).split("\n").filter((line) => line !== "");
		return lines.reduce((sum, line) => sum + (JSON.parse(line) as { values: number[] }).values.length, 0);
	}

	/** The labels of every series that it has of this name. */
	async series(name: string): Promise<Record<string, string>[]> {
		const query = new URLSearchParams({ "match[]": name });
		return (JSON.parse(await this.#ask(`/api/v1/series?${query}`)) as { data: Record<string, string>[] }).data;
	}

	/** Ends it and keeps its data. */
	async stop(): Promise<void> {
		const child = this.#child;
		this.#child = undefined;
		if (child === undefined || child.exitCode !== null) return;
		const gone = once(child, "exit");
		child.kill("SIGKILL");
		await gone;
	}

	async remove(): Promise<void> {
		await this.stop();
		rmSync(this.#folder, { recursive: true, force: true });
	}

	get #url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	async #ask(path: string): Promise<string> {
		const answer = await fetch(this.#url + path);
		const text = await answer.text();
		if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
		return text;
	}
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	server.close();
	return typeof address === "object" && address !== null ? address.port : 0;
}
