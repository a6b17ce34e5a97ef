import { writeFile } from "node:fs/promises";
import { until } from "./answers.ts";
import { find, HAPROXY, OutsideProgram } from "./outside-program.ts";
import { type ProxyOptions, proxyConfiguration } from "./proxy-configuration.ts";

/** Milliseconds that it may take until it listens. */
const START_PATIENCE = 10_000;

/**
 * Starts HAProxy in front of the nodes; its configuration is written to `file`. Resolves when it listens. SIGUSR1 lets it
 * finish the requests under way.
 *
 * @throws Error one line: it is not installed, or what it says
 */
export async function startProxy(options: ProxyOptions, file: string): Promise<OutsideProgram> {
	const program = find(HAPROXY);
	await writeFile(file, proxyConfiguration(options));
	const proxy = new OutsideProgram("HAProxy", [program, "-db", "-f", file]);
	const listens = async () => {
		if (proxy.over) throw new Error(`HAProxy does not start: ${proxy.said}`);
		// Whatever it answers, it does: without a node that is up this is a 503 of its own.
		return fetch(`http://${options.listen.replace(/^(:|0\.0\.0\.0:)/, "127.0.0.1:")}/version`).then(
			() => true,
			() => false,
		);
	};
	try {
		await until(listens, START_PATIENCE, () => `HAProxy does not listen: ${proxy.said}`);
	} catch (error) {
		await proxy.stop();
		throw error;
	}
	return proxy;
}
