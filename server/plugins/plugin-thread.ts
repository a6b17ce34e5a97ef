import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { FromPlugin, PluginModule, StatusChange, ToPlugin } from "./messages.ts";
import { thrownText } from "./thrown-text.ts";

// Runs in the thread of one plugin: loads its module, calls its functions one at a time, and says how they went.

/** Milliseconds between two signs of life while a batch is under way. */
const SIGN_OF_LIFE = 500;
const names = ["start", "onStatusChange", "stop"] as const;

if (parentPort === null) throw new Error("this file runs as the thread of a plugin only");
const port = parentPort;
let where = "import";
/** The calls, one after the other. */
let work: Promise<void> = run(async () => {
	const loaded: unknown = await import(addressOf(String(workerData)));
	const plugin = pluginOf(loaded);
	where = "start";
	await plugin.start?.();
	port.on("message", (message: ToPlugin) => {
		work = work.then(() => run(() => hear(plugin, message)));
	});
	tell({ kind: "started" });
});

async function hear(plugin: PluginModule, message: ToPlugin): Promise<void> {
	if (message.kind === "stop") {
		where = "stop";
		await plugin.stop?.();
		await printed();
		tell({ kind: "stopped" });
		return;
	}
	where = "onStatusChange";
	await deliver(plugin, message.changes);
	tell({ kind: "ready" });
}

async function deliver(plugin: PluginModule, changes: readonly StatusChange[]): Promise<void> {
	if (plugin.onStatusChange === undefined) return;
	let told = performance.now();
	for (const change of changes) {
		await plugin.onStatusChange(change);
		if (performance.now() - told < SIGN_OF_LIFE) continue;
		told = performance.now();
		tell({ kind: "alive" });
	}
}

async function run(call: () => Promise<void>): Promise<void> {
	try {
		await call();
	} catch (error) {
		// Whatever a plugin throws ends it; the service says so and ends this thread.
		await printed();
		tell({ kind: "failed", error: { where, ...thrownText(error) } });
	}
}

/** The service has read what the plugin printed: it comes by another way than the messages. */
async function printed(): Promise<void> {
	for (const stream of [process.stdout, process.stderr])
		await new Promise<void>((resolve) => stream.write("", () => resolve()));
}

function tell(message: FromPlugin): void {
	port.postMessage(message);
}

/** A path is relative to the working directory; anything else is the name of an installed package. */
function addressOf(name: string): string {
	return /^\.{0,2}\//.test(name) ? pathToFileURL(resolve(name)).href : name;
}

function pluginOf(loaded: unknown): PluginModule {
	const exported = new Map<string, unknown>(Object.entries(Object(loaded)));
	const members = names.flatMap((name) => (exported.has(name) ? [[name, exported.get(name)] as const] : []));
	if (members.length === 0) throw new Error(`exports none of ${names.join(", ")}`);
	const wrong = members.find(([, member]) => typeof member !== "function");
	if (wrong) throw new Error(`its export ${wrong[0]} is not a function`);
	return Object.fromEntries(members);
}
