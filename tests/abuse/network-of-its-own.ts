import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "hdr-histogram-js";
import { startProxy } from "../../scripts/cluster/proxy.ts";
import { Caller } from "../chaos/caller.ts";
import { Program, ServiceProcess } from "../main-job/service-process.ts";
import { ACCOUNT } from "../main-job/stream-bodies.ts";

/**
 * A process in a network of its own, which reaches nothing else: `unshare --net node … <front> <family> <count> <seconds>`. There stands
 * a node behind its firewall or behind HAProxy, as docs/deploy/ has them, with its database; one host asks it a hundred times a second,
 * first alone, then while another holds as many silent connections as it can. Writes one line of figures.
 */
const [front = "", family = "", count = "", given = ""] = process.argv.slice(2);

/** Addresses that are nobody's (RFC 5737, RFC 3849). Of IPv6, the hog has two of one network. */
const hosts = {
	ipv4: { site: "192.0.2.1", node: "192.0.2.2", good: "192.0.2.3", hog: ["192.0.2.4"] },
	ipv6: { site: "2001:db8::1", node: "2001:db8::2", good: "2001:db8:1::1", hog: ["2001:db8:2::1", "2001:db8:2::2"] },
}[family === "ipv6" ? "ipv6" : "ipv4"];
const RATE = 100;
const PORT = 5160;
const seconds = Number(given);

const run = (...command: string[]) => execFileSync(command[0] ?? "", command.slice(1), { stdio: "pipe" });
const named = (host: string) => (family === "ipv6" ? `[${host}]` : host);

run("ip", "link", "set", "lo", "up");
for (const each of [hosts.site, hosts.node, hosts.good, ...hosts.hog])
	run("ip", "address", "add", each, "dev", "lo", ...(family === "ipv6" ? ["nodad"] : []));

const folder = mkdtempSync(join(tmpdir(), "perigee-network-"));
// The embedded database runs as somebody else.
chmodSync(folder, 0o755);
const behind = front === "proxy";
const service = new ServiceProcess({
	DATA_DIR: join(folder, "data"),
	HOST: behind ? hosts.node : hosts.site,
	PORT: String(PORT),
	AUTH__ALLOW_ANONYMOUS: "1",
	LUNA_STREAMS_HTTP_SETTINGS__ALLOWED_HOSTS: hosts.site,
	...(behind && { LUNA_STREAMS_HTTP_SETTINGS__TRUSTED_PROXIES: "192.0.2.0/24,2001:db8::/32" }),
});
try {
	await service.ready();
	if (behind) {
		const listen = `${named(hosts.site)}:${PORT}`;
		await startProxy({ listen, nodes: [`${named(hosts.node)}:${PORT}`] }, join(folder, "haproxy.cfg"));
	} else run("nft", "-f", "docs/deploy/connections.nft");
	const good = new Caller(`http://${named(hosts.site)}:${PORT}`, { connections: 20, from: hosts.good });
	const alone = await traffic(good);
	const about = [hosts.site, String(PORT), count, ...hosts.hog];
	const hog = new Program(["--import", "tsx", "tests/abuse/silent-clients.ts", ...about]);
	// It has what it gets.
	await sleep(3_000);
	const beside = await traffic(good);
	hog.child.kill("SIGTERM");
	await hog.ended;
	good.close();
	const held = hog.lines.map(({ held }) => Number(held));
	const refused = hog.lines.reduce((sum, { refused }) => sum + Number(refused), 0);
	process.stdout.write(`${JSON.stringify({ alone, beside, most: Math.max(...held), refused })}\n`);
	if (hog.stderr !== "") throw new Error(hog.stderr);
} finally {
	await service.end();
	rmSync(folder, { recursive: true, force: true });
}
process.exit();

/** A request is due every hundredth of a second. How many were not answered 200, and the p99 in ms from when each was due. */
async function traffic(good: Caller): Promise<{ requests: number; wrong: number; p99: number }> {
	const times = build({ numberOfSignificantValueDigits: 3 });
	let wrong = 0;
	const began = performance.now();
	const one = async (due: number) => {
		const ask = () => good.ask("GET", `/1/streams/count?account_ids=${ACCOUNT}`);
		// Asked twice if need be: the service may be closing the idle connection at that very moment.
		const status = await ask()
			.catch(ask)
			.then(
				({ status }) => status,
				() => 0,
			);
		times.recordValue(Math.round(Math.max(0, performance.now() - due) * 1_000));
		if (status !== 200) wrong++;
	};
	const requests: Promise<void>[] = [];
	for (let sent = 0; sent < seconds * RATE; sent++) {
		const due = began + (sent / RATE) * 1_000;
		const wait = due - performance.now();
		if (wait > 0) await sleep(wait);
		requests.push(one(due));
	}
	await Promise.all(requests);
	return { requests: requests.length, wrong, p99: times.getValueAtPercentile(99) / 1_000 };
}
