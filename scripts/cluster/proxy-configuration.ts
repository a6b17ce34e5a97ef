import { readFileSync } from "node:fs";

export interface ProxyOptions {
	/** Where it listens, as `host:port` or `:port`. */
	listen: string;
	/** The nodes' addresses, as `host:port`. */
	nodes: readonly string[];
}

/** HAProxy's configuration, from the template beside this file. */
export function proxyConfiguration({ listen, nodes }: ProxyOptions): string {
	const template = readFileSync(new URL("./haproxy.cfg", import.meta.url), "utf8");
	const servers = nodes.map((address, at) => `\tserver node-${at + 1} ${address}`);
	const tracking = nodes.map((address, at) => `\tserver node-${at + 1} ${address} track nodes/node-${at + 1}`);
	return template
		.replace(/^#.*\n/, "# HAProxy in front of the nodes. Made from scripts/cluster/haproxy.cfg.\n")
		.replace("{{listen}}", listen)
		.replace("{{nodes}}", servers.join("\n"))
		.replace("{{previews}}", tracking.join("\n"));
}
