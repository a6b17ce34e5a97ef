import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { StreamEvent } from "../../actors/cluster/cluster.ts";
import { inProcessCluster } from "../../actors/cluster/in-process.ts";
import { createLogger } from "../../server/log.ts";
import type { PluginBounds } from "../../server/plugins/plugin.ts";
import { Plugins } from "../../server/plugins/plugins.ts";
import { eventually } from "../support/signals.ts";
import { stressService } from "../support/stress-service.ts";

const folder = mkdtempSync(join(tmpdir(), "perigee-plugins-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
/** The path of a module with this text. */
function moduleOf(text: string): string {
	const path = join(folder, `${files++}.mjs`);
	writeFileSync(path, text);
	return path;
}

const good = moduleOf(`
	export const start = () => console.log("started");
	export const onStatusChange = ({ stream_id, status }) => console.log(stream_id + " " + status);
	export const stop = async () => console.log("stopped");
`);

function event(members: Partial<StreamEvent> = {}): StreamEvent {
	const id = "00000000-0000-4000-8000-000000000001";
	return {
		stream_id: id,
		account_id: id,
		revision: 1,
		version: 1,
		status: "done",
		records: ["done"],
		at: 0,
		...members,
	};
}

interface Line {
	msg: string;
	plugin: string;
	where?: string;
	err?: { message: string };
}

/** Threads take their time to start where everything else runs as well. */
const patience = { timeoutMs: 30_000 };

/** @param finished the test's own hook; tests that run side by side must give it, the imported one is any test's */
async function open(names: string[], bounds: Partial<PluginBounds> = {}, finished = onTestFinished) {
	const { bus } = inProcessCluster({ node_id: "a", boot_id: "b" });
	const lines: Line[] = [];
	const log = createLogger(
		{ LUNA_STREAMS_LOGGER: { LOG_LEVEL: "info" } },
		{ write: (line) => void lines.push(JSON.parse(line)) },
	);
	const plugins = new Plugins({ names, bus, log, bounds });
	finished(() => plugins.stop());
	await plugins.start();
	return {
		plugins,
		lines,
		publish: (...events: StreamEvent[]) => bus.publish({ events }),
		said: (text: string) => eventually(() => lines.some(({ msg }) => msg === text), patience),
		running: (...states: number[]) =>
			eventually(() => expect(plugins.list().map(({ running }) => running)).toEqual(states), patience),
		failure: () =>
			eventually(() => lines.find(({ msg }) => msg === "a plugin failed and was stopped") ?? false, patience),
	};
}

describe("a plugin", () => {
	test("is started, hears of committed status changes in their order, and is stopped", async () => {
		const { plugins, publish, running, lines } = await open([good], { lines: 5000 });
		expect(plugins.list()).toEqual([{ name: good, running: 0 }]);
		await running(1);
		for (let at = 0; at < 1200; at++) publish(event({ stream_id: `s${at}`, status: at % 2 ? "done" : "pending" }));
		// What it has not heard when the service stops, it hears before its `stop`.
		await plugins.stop();
		const heard = Array.from({ length: 1200 }, (_, at) => `s${at} ${at % 2 ? "done" : "pending"}`);
		expect(lines.map(({ msg }) => msg)).toEqual(["started", ...heard, "stopped"]);
		expect(plugins.list()).toEqual([{ name: good, running: 0 }]);
	});

	test("is told what happened, with its time and the records, and only when the change left any", async () => {
		const printing = moduleOf(`export const onStatusChange = (change) => console.log(JSON.stringify(change));`);
		const { publish, running, lines, plugins } = await open([printing]);
		await running(1);
		const { stream_id } = event();
		publish(event({ records: [] }), event({ version: 7, status: "pending", records: ["restart", "pending"] }));
		await plugins.stop();
		expect(lines.map(({ msg }) => JSON.parse(msg))).toEqual([
			{
				stream_id,
				account_id: stream_id,
				version: 7,
				status: "pending",
				records: ["restart", "pending"],
				time: "1970-01-01T00:00:00.000Z",
			},
		]);
	});

	test("hears of changes that were committed while it was starting", async () => {
		const { publish, said } = await open([good]);
		publish(event({ stream_id: "early" }));
		await said("early done");
	});

	test("that is behind misses the oldest changes, and the service counts them", async () => {
		const slow = moduleOf(`
			let first = true;
			export async function onStatusChange({ stream_id }) {
				console.log(stream_id);
				if (first) await new Promise((resolve) => setTimeout(resolve, 300));
				first = false;
			}`);
		const { plugins, publish, said, running, lines } = await open([slow], { queue: 10 });
		await running(1);
		publish(event({ stream_id: "first" }));
		await said("first");
		for (let at = 0; at < 25; at++) publish(event({ stream_id: `s${at}` }));
		await said("s24");
		expect(plugins.missed).toBe(15);
		const heard = lines.map(({ msg }) => msg).filter((msg) => /^s\d/.test(msg));
		expect(heard).toEqual(Array.from({ length: 10 }, (_, at) => `s${at + 15}`));
		await running(1);
	});
});

/** What a plugin does, its text, where it is found out, and what is said of it. */
type BadPlugin = [does: string, text: string, where: string, message: RegExp];

/** Runs one next to a good one. `callTime` is also what that one may take to start on a busy machine. */
async function expectStopped([, text, where, message]: BadPlugin, callTime: number, finished: typeof onTestFinished) {
	const path = text === "" ? join(folder, "none.mjs") : moduleOf(text);
	const { publish, said, running, failure, plugins } = await open(
		[path, good],
		{ callTime, lines: 20, heap: 48 },
		finished,
	);
	await eventually(() => plugins.list()[1]?.running === 1, patience);
	publish(event({ stream_id: "before" }));
	const line = await failure();
	expect(line.plugin).toBe(path);
	expect(line.where).toContain(where);
	expect(line.err?.message).toMatch(message);
	await running(0, 1);
	publish(event({ stream_id: "after" }));
	await said("before done");
	await said("after done");
	expect(plugins.failures).toBe(1);
}

const forever = "new Promise(() => setInterval(() => undefined, 1000))";

describe("a plugin that does not answer", () => {
	const silent: BadPlugin[] = [
		["hangs in start", `export const start = () => ${forever}`, "import and start", /did not answer/],
		["loops in start", "export const start = () => { for (;;); }", "import and start", /did not answer/],
		["hangs in its hook", `export const onStatusChange = () => ${forever}`, "onStatusChange", /did not answer/],
		["loops in its hook", "export const onStatusChange = () => { for (;;); }", "onStatusChange", /did not answer/],
	];
	// By themselves: those that loop leave little of the machine to others that start.
	test.concurrent.for(silent)(
		"and %s is stopped, shown as running 0, and harms nothing",
		(plugin, { onTestFinished }) => expectStopped(plugin, 5_000, onTestFinished),
	);
});

describe("a plugin that", () => {
	const bad: BadPlugin[] = [
		["is no file", "", "import", /Cannot find module/],
		["is no JavaScript", "export const = 1;", "import", /Unexpected token/],
		["exports nothing that a plugin has", "export const begin = () => 1;", "import", /exports none of start/],
		["exports what is no function", "export const start = 1;", "import", /start is not a function/],
		["throws when it is loaded", "throw new Error('on load'); export const start = 1", "import", /on load/],
		["throws in start", "export const start = () => { throw new Error('in start'); }", "start", /in start/],
		["rejects in start", "export const start = () => Promise.reject('in start')", "start", /in start/],
		[
			"throws in its hook",
			"export const onStatusChange = () => { throw new Error('in hook'); }",
			"onStatusChange",
			/in hook/,
		],
		["rejects in its hook", "export const onStatusChange = async () => { throw null; }", "onStatusChange", /null/],
		[
			"throws in a timer",
			"export const start = () => setTimeout(() => { throw new Error('later'); })",
			"background",
			/later/,
		],
		[
			"rejects unheard",
			"export const start = () => { setTimeout(() => Promise.reject(new Error('unheard'))); }",
			"background",
			/unheard/,
		],
		["ends its process", "export const start = () => { setTimeout(() => process.exit(3)); }", "background", /status 3/],
		[
			"floods the log",
			"export const start = () => { setInterval(() => console.log('x')); }",
			"print",
			/more than 20 lines/,
		],
		["floods the log at once", "export const start = () => { for (;;) console.log('x'); }", "", /./],
		[
			"fills the memory",
			"export const start = () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); }",
			"background",
			/memory/,
		],
	];

	test.concurrent.for(bad)("%s is stopped, shown as running 0, and harms nothing", (plugin, { onTestFinished }) =>
		expectStopped(plugin, 30_000, onTestFinished),
	);

	test("hangs in stop is ended all the same", async () => {
		const hanging = moduleOf(`export const stop = () => ${forever};`);
		const { plugins, running, failure } = await open([hanging, good], { stopTime: 200 });
		await running(1, 1);
		await plugins.stop();
		expect((await failure()).where).toBe("stop");
	});

	test("throws in stop is ended all the same", async () => {
		const { plugins, running, failure } = await open([moduleOf("export const stop = () => { throw 1; };")]);
		await running(1);
		await plugins.stop();
		expect((await failure()).err?.message).toBe("1");
	});
});

test("plugins start and stop like every part, and leave nothing behind", async () => {
	const { bus } = inProcessCluster({ node_id: "a", boot_id: "b" });
	const log = createLogger({ LUNA_STREAMS_LOGGER: { LOG_LEVEL: "silent" } });
	await stressService(() => new Plugins({ names: [good], bus, log }), { rounds: 4 });
});
