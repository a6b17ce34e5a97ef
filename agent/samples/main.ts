import "./disposables.ts";
import { parseArgs } from "node:util";

/**
 * The sample sources in a process of their own: `main.ts --folder ./data/demo`. Says where each is played; a parent
 * that started it with an IPC channel is sent `{ ready: SampleAddresses }` as well. Ends at SIGINT or SIGTERM.
 */
async function main(): Promise<void> {
	const { values } = parseArgs({ options: { folder: { type: "string", default: "./data/demo" } } });
	let stop: () => void = () => process.exit(0);
	process.on("SIGINT", () => stop());
	process.on("SIGTERM", () => stop());
	const { SampleSources, quiet } = await load();
	quiet();
	const sources = new SampleSources(values.folder);
	let stopping = false;
	stop = () => {
		if (!stopping) sources.stop().then(() => process.exit(0), fail);
		stopping = true;
	};
	await sources.start();
	if (stopping) return;
	for (const [name, address] of Object.entries(sources.addresses)) console.log(`${name.padEnd(8)} ${address}`);
	process.send?.({ ready: sources.addresses });
}

/** node-av is an optional dependency: without it the answer is one line that says what is missing. */
async function load() {
	try {
		const [{ SampleSources }, { Log }, { AV_LOG_ERROR }] = await Promise.all([
			import("./sources.ts"),
			import("node-av/lib"),
			import("node-av/constants"),
		]);
		return { SampleSources, quiet: () => Log.setLevel(AV_LOG_ERROR) };
	} catch (error) {
		throw new Error("The sample sources need the optional package node-av, which does not load here.", {
			cause: error,
		});
	}
}

function fail(error: unknown): void {
	console.error(error instanceof Error ? error.message : String(error));
	if (error instanceof Error && error.cause instanceof Error) console.error(`  ${error.cause.message}`);
	process.exit(1);
}

main().catch(fail);
