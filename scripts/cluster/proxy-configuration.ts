import { readFileSync } from "node:fs";

export interface ProxyOptions {
	/** Where it listens, as `host:port` or `:port`. */
	listen: string;
	/** The nodes' addresses, as `host:port`. */
	nodes: readonly string[];
	/** The name server (`host:port`) that is asked again and again when the nodes' addresses are names. */
	nameServer?: string;
}

/** HAProxy's configuration, from the template beside this file. */
export function proxyConfiguration({ listen, nodes, nameServer }: ProxyOptions): string {
	const template = readFileSync(new URL("./haproxy.cfg", import.meta.url), "utf8");
	const found = nameServer === undefined ? "" : " resolvers names init-addr last,libc,none";
	const servers = nodes.map((address, at) => `\tserver node-${at + 1} ${address}${found}`);
	const tracking = servers.map((server, at) => `${server} track nodes/node-${at + 1}`);
	const names = `\nresolvers names\n\tnameserver first ${nameServer}\n\thold valid 1s\n`;
	return template
		.replace(/^#.*\n/, "# HAProxy in front of the nodes. Made from scripts/cluster/haproxy.cfg.\n")
		.replace("{{listen}}", listen)
		.replace("{{nodes}}", servers.join("\n"))
		.replace("{{previews}}", tracking.join("\n"))
		.concat(nameServer === undefined ? "" : names);
}

/** The configuration that compose.yaml uses: its nodes' names, asked of the engine's name server. */
export function composeProxyConfiguration(): string {
	const nodes = ["node-1:5160", "node-2:5160", "node-3:5160"];
	return proxyConfiguration({ listen: ":5160", nodes, nameServer: "127.0.0.11:53" });
}
