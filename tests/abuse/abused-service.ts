import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { ServiceProcess } from "../main-job/service-process.ts";
import { freshDatabase } from "../support/database.ts";

/** What a process holds when it has collected its garbage. Bytes, and a count. */
export interface Held {
	heap: number;
	resident: number;
	/** What Node counts as a handle, and open files, sockets included. */
	handles: number;
}

/** Of Linux, in a second. */
const TICKS = 100;

/** The built service in a process of its own, on a database of its own, that is measured before and after it is abused. */
export class AbusedService extends ServiceProcess {
	readonly #drop: () => Promise<void>;

	private constructor(env: Record<string, string>, drop: () => Promise<void>) {
		super(env, ["--import", "./tests/abuse/collect-garbage.mjs", "dist/server/main.js"]);
		this.#drop = drop;
	}

	static async start(env: Record<string, string> = {}): Promise<AbusedService> {
		await ensureBuilt(["service"]);
		const { url, drop } = await freshDatabase();
		const service = new AbusedService({ DATABASE_URL: url, ...env }, drop);
		await service.ready();
		return service;
	}

	/** What it holds, the least of a few looks: what is under way for a moment is not held. */
	async held(): Promise<Held> {
		const looks: Held[] = [];
		for (let look = 0; look < 4; look++) {
			this.child.kill("SIGUSR2");
			await sleep(300);
			looks.push(await this.#look());
		}
		const least = (of: (held: Held) => number) => Math.min(...looks.map(of));
		return {
			heap: least(({ heap }) => heap),
			resident: least(({ resident }) => resident),
			handles: least(({ handles }) => handles),
		};
	}

	/** Seconds of a processor that it has had so far. */
	get processorSeconds(): number {
		const [user = 0, system = 0] = readFileSync(`/proc/${this.pid}/stat`, "utf8").split(" ").slice(13, 15).map(Number);
		return (user + system) / TICKS;
	}

	async #look(): Promise<Held> {
		const text = await (await fetch(`${this.url}/metrics`)).text();
		const metric = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
		const status = readFileSync(`/proc/${this.pid}/status`, "utf8");
		return {
			heap: metric("nodejs_heap_size_used_bytes") + metric("nodejs_external_memory_bytes"),
			resident: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1_024,
			handles: metric("nodejs_active_resources_total") + readdirSync(`/proc/${this.pid}/fd`).length,
		};
	}

	/** It is the same process, answers, and wrote of no failure of its own. */
	async expectSound(): Promise<void> {
		expect(this.over, this.stderr).toBe(false);
		expect((await fetch(`${this.url}/healthcheck`)).status).toBe(200);
		const failures = this.lines.filter(({ level }) => level === "error" || level === "fatal");
		expect(failures.slice(0, 5)).toEqual([]);
		expect(this.stderr).toBe("");
	}

	override async end(): Promise<void> {
		await super.end();
		await this.#drop();
	}
}

/** Two measurements as text. */
export function compared(before: Held, after: Held): string {
	const megabytes = (bytes: number) => (bytes / 1_048_576).toFixed(1);
	return `heap ${megabytes(before.heap)} → ${megabytes(after.heap)} MiB, resident ${megabytes(before.resident)} → ${megabytes(after.resident)} MiB, handles ${before.handles} → ${after.handles}`;
}
