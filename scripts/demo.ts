import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { SampleAddresses } from "../agent/samples/sources.ts";
import { ensureFree, serviceAddress } from "./demo/address.ts";
import { Child } from "./demo/child.ts";
import { demoFolder } from "./demo/data-folder.ts";
import { endLeftoverDatabase } from "./demo/leftover-database.ts";
import { Report } from "./demo/report.ts";
import { ServiceApi } from "./demo/service-api.ts";
import { ACCOUNT, type DemoStream, demoStreams, GROUP, prepare } from "./demo/streams.ts";
import { ensureBuilt } from "./ensure-built.mjs";
import { startOptions } from "./start-options.ts";

/**
 * `npm run demo`: the service, sample cameras of its own making and an agent, until Ctrl-C. Takes the service's
 * environment (PORT, HOST, DATA_DIR, DATABASE_URL, …). Exit status 0 after Ctrl-C, 1 when something failed or died.
 */

const HEALTHY_WITHIN_MS = 60_000;
const POLL_MS = 500;
/** A second Ctrl-C within this is the same one: npm passes on what the terminal has sent already. */
const SAME_SIGNAL_MS = 1000;

const data = await demoFolder(process.env);
const children: Child[] = [];
const ending = new AbortController();
let asked = 0;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
process.exitCode = await run();

async function run(): Promise<number> {
	let failure: unknown;
	try {
		await show();
	} catch (error) {
		failure = error;
	}
	// What made it end says more than what failed because of that.
	if (ending.signal.aborted) failure = ending.signal.reason;
	if (asked === 0) console.error(failure instanceof Error ? failure.message : failure);
	ending.abort();
	const well = await stopAll();
	if (well && asked > 0) console.log("Ended; nothing is left running.");
	return well && asked > 0 ? 0 : 1;
}

async function show(): Promise<void> {
	const address = serviceAddress(process.env);
	await ensureFree(address);
	await ensureBuilt();
	const folder = join(data, "demo");
	await mkdir(folder, { recursive: true });
	const log = (name: string) => join(folder, `${name}.log`);

	const service = started({
		name: "service",
		script: "dist/server/main.js",
		options: startOptions,
		env: { DATA_DIR: data },
		logFile: log("service"),
	});
	const samples = started({
		name: "sample sources",
		script: "dist/agent/samples/main.js",
		args: ["--folder", folder],
		logFile: log("samples"),
	});
	console.log(
		"Starting the service and the sample sources; the first time the samples are made, which takes a few seconds.",
	);
	const api = new ServiceApi(address.url);
	const [at] = await Promise.all([addressesFrom(samples), untilHealthy(api, service)]);
	started({
		name: "agent",
		script: "dist/agent/main.js",
		args: ["--url", address.url, "--slots", "8", "--groups", GROUP, "--files", folder, "--pace", "realtime"],
		logFile: log("agent"),
	});
	const wanted = demoStreams(at);
	await prepare(api, wanted, at);
	welcome(address.url, folder, wanted);
	await watch(api);
}

/** Starts a child; its unexpected death ends the demo. */
function started(options: ConstructorParameters<typeof Child>[0]): Child {
	ending.signal.throwIfAborted();
	const child = new Child(options);
	children.push(child);
	void child.ended.then((how) => {
		if (!child.died || ending.signal.aborted) return;
		ending.abort(new Error(`The ${child.name} ended unexpectedly with ${how}:\n${child.explanation}`));
	});
	return child;
}

async function addressesFrom(samples: Child): Promise<SampleAddresses> {
	const message = await Promise.race([samples.message(), ended()]);
	if (typeof message === "object" && message !== null && "ready" in message && isAddresses(message.ready)) {
		return message.ready;
	}
	throw new Error("The sample sources said something that is not understood.");
}

function isAddresses(value: unknown): value is SampleAddresses {
	return typeof value === "object" && value !== null && "gate" in value && "stills" in value;
}

async function untilHealthy(api: ServiceApi, service: Child): Promise<void> {
	const until = performance.now() + HEALTHY_WITHIN_MS;
	while (!(await api.healthy())) {
		if (performance.now() > until) throw new Error(`The service did not become healthy:\n${service.explanation}`);
		await delay(200, undefined, { signal: ending.signal });
	}
}

function welcome(url: string, folder: string, wanted: readonly DemoStream[]): void {
	const width = Math.max(...wanted.map(({ name }) => name.length)) + 2;
	console.log(`
  Page   ${url}/
  API    ${url}/1/streams
  Logs   ${relative(process.cwd(), folder) || "."}/*.log

${wanted.map(({ name, about }) => `  ${name.padEnd(width)}${about}`).join("\n")}

  Ctrl-C ends it; the next run goes on with the same data.
`);
}

/** Prints what changes, until the end. */
async function watch(api: ServiceApi): Promise<void> {
	const report = new Report((line) => console.log(line));
	for (;;) {
		try {
			report.show(await api.streams(ACCOUNT, GROUP));
		} catch (error) {
			// Whether it is ending, or too busy for one answer: if it died, its end says so.
			if (ending.signal.aborted) return;
			console.error(`  (no answer: ${error instanceof Error ? error.message : error})`);
			await delay(2000, undefined, { signal: ending.signal });
		}
		await delay(POLL_MS, undefined, { signal: ending.signal });
	}
}

/** Rejects when the demo has to end. */
function ended(): Promise<never> {
	return new Promise((_, reject) => {
		if (ending.signal.aborted) reject(ending.signal.reason);
		ending.signal.addEventListener("abort", () => reject(ending.signal.reason), { once: true });
	});
}

/**
 * The agent first, so that it can give its streams back; then the service, which then stops its database; then the
 * sources.
 *
 * @returns whether all ended well
 */
async function stopAll(): Promise<boolean> {
	const order = ["agent", "service", "sample sources"];
	let well = true;
	for (const name of order) {
		for (const child of children.filter((one) => one.name === name)) {
			const how = await child.stop();
			if (name === "service" && (child.died || how === "SIGKILL")) await endLeftoverDatabase(data);
			// One that has not said a word yet may not know how to end in order; it has nothing to put in order either.
			if (how === undefined || how === "status 0" || (how === "SIGTERM" && child.silent)) continue;
			well = false;
			console.error(`The ${name} did not end well (${how}):\n${child.explanation}`);
		}
	}
	return well;
}

function onSignal(): void {
	const now = performance.now();
	if (asked === 0) {
		asked = now;
		console.log("\nEnding …");
		ending.abort(new Error("asked to end"));
	} else if (now - asked > SAME_SIGNAL_MS) {
		console.error("Ending at once.");
		for (const child of children) child.kill();
	}
}
