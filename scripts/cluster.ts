import { mkdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { EmbeddedPostgres } from "../persistence/embedded/embedded-postgres.ts";
import { freePort } from "./cluster/answers.ts";
import { ClusterNode } from "./cluster/node.ts";
import { find, HAPROXY, type OutsideProgram, REDIS } from "./cluster/outside-program.ts";
import { startProxy } from "./cluster/proxy.ts";
import { startRedis } from "./cluster/redis.ts";
import { ensureFree } from "./demo/address.ts";
import { ensureBuilt } from "./ensure-built.mjs";

/**
 * `npm run cluster -- --nodes 3`: several nodes that act as one service, with all they need, until Ctrl-C. PostgreSQL and
 * Redis are started here unless DATABASE_URL and REDIS_URL name others. A node that dies is started again. Exit status 0
 * after Ctrl-C, 1 when something failed.
 */

const MOST_NODES = 16;
/** That a node opens to the database: its pool of ten, and those that look for a lost server. */
const CONNECTIONS = 13;
/** For whoever else looks into it. */
const SPARE_CONNECTIONS = 20;
/** A second Ctrl-C within this is the same one: npm passes on what the terminal has sent already. */
const SAME_SIGNAL_MS = 1_000;
const RESTART_PAUSE_MS = 1_000;

const ending = new AbortController();
const nodes = new Map<number, ClusterNode>();
/** What ends after the nodes, last started first. */
const below: (() => Promise<unknown>)[] = [];
let proxy: OutsideProgram | undefined;
let asked = 0;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
process.exitCode = await run();

async function run(): Promise<number> {
	let failure: unknown;
	try {
		await start();
		await new Promise((_, reject) => {
			if (ending.signal.aborted) reject(ending.signal.reason);
			ending.signal.addEventListener("abort", () => reject(ending.signal.reason), { once: true });
		});
	} catch (error) {
		failure = error;
	}
	if (asked === 0) console.error(failure instanceof Error ? failure.message : failure);
	ending.abort();
	const well = await stopAll();
	if (well && asked > 0) console.log("Ended; nothing is left running.");
	return well && asked > 0 ? 0 : 1;
}

async function start(): Promise<void> {
	const { count, port } = wanted();
	// What is missing is said before anything has been started.
	find(HAPROXY);
	const givenRedis = process.env["REDIS_URL"] ?? "";
	if (givenRedis === "") find(REDIS);
	const url = `http://127.0.0.1:${port}`;
	await ensureFree({ host: "127.0.0.1", port, url });
	await ensureBuilt();
	const data = resolve(process.env["DATA_DIR"] ?? "./data");
	const folder = join(data, "cluster");
	await mkdir(folder, { recursive: true });
	const database = process.env["DATABASE_URL"] || (await startPostgres(data, count));
	ending.signal.throwIfAborted();
	const redis = givenRedis || (await startOwnRedis(folder));
	ending.signal.throwIfAborted();
	// The proxy runs beside the nodes.
	const trusted = { LUNA_STREAMS_HTTP_SETTINGS__TRUSTED_PROXIES: "127.0.0.0/8" };
	const env = { ...trusted, DATABASE_URL: database, REDIS_URL: redis };
	const ports = await Promise.all(Array.from({ length: count }, freePort));
	console.log(`Starting ${count} nodes …`);
	await Promise.all(ports.map((each, at) => startNode(at + 1, each, env, folder)));
	const addresses = ports.map((each) => `127.0.0.1:${each}`);
	proxy = await startProxy({ listen: `127.0.0.1:${port}`, nodes: addresses }, join(folder, "haproxy.cfg"));
	void proxy.ended.then(() => ending.abort(new Error(`HAProxy ended:\n${proxy?.said}`)));
	console.log(`
  Page    ${url}/
  API     ${url}/1/streams
${ports.map((each, at) => `  Node ${at + 1}  http://127.0.0.1:${each}`).join("\n")}
  Logs    ${relative(process.cwd(), folder) || "."}/*.log

  Ctrl-C ends it; the next run goes on with the same data.
`);
}

function wanted(): { count: number; port: number } {
	const { values } = parseArgs({ options: { nodes: { type: "string", default: "3" }, port: { type: "string" } } });
	const count = Number(values.nodes);
	const port = Number(values.port ?? process.env["PORT"] ?? "5160");
	if (!(Number.isInteger(count) && count >= 1 && count <= MOST_NODES))
		throw new Error(`--nodes is a number from 1 to ${MOST_NODES}.`);
	if (!(Number.isInteger(port) && port > 0 && port < 65_536)) throw new Error("--port is a number from 1 to 65535.");
	return { count, port };
}

async function startPostgres(data: string, count: number): Promise<string> {
	const quiet = () => undefined;
	const logger = { info: quiet, warn: quiet, error: (values: object, text: string) => console.error(text, values) };
	const settings = { max_connections: String(count * CONNECTIONS + SPARE_CONNECTIONS) };
	const postgres = new EmbeddedPostgres({ dataDir: data, logger, settings });
	await postgres.start();
	below.push(() => postgres.stop());
	return postgres.url;
}

async function startOwnRedis(folder: string): Promise<string> {
	const port = await freePort();
	const redis = await startRedis(port, folder);
	below.push(() => redis.stop());
	return `redis://127.0.0.1:${port}`;
}

async function startNode(number: number, port: number, env: Record<string, string>, folder: string): Promise<void> {
	ending.signal.throwIfAborted();
	const node = new ClusterNode({ number, port, env, logFile: join(folder, `node-${number}.log`) });
	nodes.set(number, node);
	await node.ready(ending.signal);
	void node.child.ended.then(async (how) => {
		if (ending.signal.aborted) return;
		console.log(`  ${node.child.name} ended (${how}), the others go on; it is started again`);
		await delay(RESTART_PAUSE_MS);
		if (ending.signal.aborted) return;
		startNode(number, port, env, folder).catch((error: unknown) => ending.abort(error));
	});
}

/**
 * The proxy first: nobody is let in any more. Then the nodes, all at once, then what they need.
 *
 * @returns whether all ended well
 */
async function stopAll(): Promise<boolean> {
	let well = true;
	await proxy?.stop("SIGUSR1");
	await Promise.all(
		[...nodes.values()].map(async ({ child }) => {
			const how = await child.stop();
			// One that has not said a word yet may not know how to end in order; it has nothing to put in order either.
			if (how === undefined || how === "status 0" || (how === "SIGTERM" && child.silent)) return;
			well = false;
			console.error(`The ${child.name} did not end well (${how}):\n${child.explanation}`);
		}),
	);
	for (const stop of below.reverse()) await stop();
	return well;
}

function onSignal(): void {
	const now = performance.now();
	if (asked === 0) {
		asked = now;
		console.log("\nEnding …");
		ending.abort(new Error("asked to end"));
	} else if (now - asked > SAME_SIGNAL_MS) {
		console.error("Ending the nodes at once.");
		for (const { child } of nodes.values()) child.kill();
	}
}
