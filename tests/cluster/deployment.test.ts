import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { validate } from "dockerfile-utils";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { find, HAPROXY } from "../../scripts/cluster/outside-program.ts";
import { composeProxyConfiguration, proxyConfiguration } from "../../scripts/cluster/proxy-configuration.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { table } from "../../server/settings/table.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const port = table.LUNA_STREAMS_HTTP_SETTINGS.entries.PORT.default;

interface Compose {
	services: Record<
		string,
		{ environment?: Record<string, string>; ports?: string[]; stop_grace_period?: string; volumes?: string[] }
	>;
	volumes: Record<string, unknown>;
}

const compose = parse(read("compose.yaml"), { merge: true }) as Compose;
const nodes = Object.entries(compose.services).filter(([name]) => name.startsWith("node-"));

describe("the proxy's configuration", () => {
	test("docs/deploy/haproxy.cfg is what the template makes of the nodes of compose.yaml (else: npm run docs:reference)", () => {
		expect(read("docs/deploy/haproxy.cfg")).toBe(composeProxyConfiguration());
		for (const [name] of nodes) expect(composeProxyConfiguration()).toContain(` ${name}:${port} `);
	});

	test("fills in whatever the template leaves open", () => {
		expect(proxyConfiguration({ listen: ":1", nodes: ["127.0.0.1:2"] })).not.toMatch(/[{}]{2}/);
	});

	test.each([
		["of addresses", proxyConfiguration({ listen: "127.0.0.1:5160", nodes: ["127.0.0.1:1", "127.0.0.1:2"] })],
		// The names are known to the engine alone.
		["of compose.yaml", read("docs/deploy/haproxy.cfg").replaceAll(/node-\d:/g, "127.0.0.1:")],
	])("%s is accepted by HAProxy without a warning", (_, text) => {
		const folder = mkdtempSync(join(tmpdir(), "perigee-haproxy-"));
		onTestFinished(() => rmSync(folder, { recursive: true }));
		const file = join(folder, "haproxy.cfg");
		writeFileSync(file, text);
		// -dW: a warning is an error.
		execFileSync(find(HAPROXY), ["-c", "-q", "-dW", "-f", file], { stdio: "pipe" });
	});
});

test.each([
	["docs/deploy/haproxy.cfg", /sc0_conn_cur gt (\d+)/g, 1],
	["docs/deploy/connections.nft", /ct count over (\d+)/g, 2],
])("%s lets in as many connections of an address as a node bears requests of one", (file, bound, times) => {
	const { default: most } = table.LUNA_STREAMS_LIMITS.entries.ADDRESS_REQUESTS;
	expect([...read(file).matchAll(bound)].map(([, value]) => Number(value))).toEqual(Array(times).fill(most));
	if (file.endsWith(".nft")) expect(read(file)).toMatch(new RegExp(`^define port = ${port}$`, "m"));
});

describe("compose.yaml", () => {
	test("gives every node settings that exist", () => {
		expect(nodes.length).toBe(3);
		for (const [, { environment = {} }] of nodes) {
			const env = Object.fromEntries(
				Object.entries(environment).map(([name, value]) => [name, value.replace(/\$\{[^}]*\}/g, "secret")]),
			);
			const settings = loadSettings({ argv: [], env });
			expect(settings.LUNA_STREAMS_DB.DB_TYPE).toBe("postgres");
			expect(settings.REDIS.URL).not.toBe("");
			for (const url of [settings.LUNA_STREAMS_DB.DSN, settings.REDIS.URL])
				expect(Object.keys(compose.services)).toContain(new URL(url).hostname);
		}
	});

	test("opens the proxy's port, and to this machine alone", () => {
		const open = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
			ports.map((each) => [name, each]),
		);
		expect(open).toEqual([["proxy", `127.0.0.1:${port}:${port}`]]);
	});

	test("leaves a node more time than its stop takes", () => {
		for (const [, { stop_grace_period = "" }] of nodes)
			expect(Number.parseInt(stop_grace_period, 10)).toBeGreaterThan(10);
	});

	test("keeps the database in a volume that it names", () => {
		const used = compose.services["database"]?.volumes?.map((each) => each.split(":")[0]);
		expect(used).toEqual(Object.keys(compose.volumes));
	});
});

describe("Dockerfile", () => {
	const text = read("Dockerfile");

	test("is one that Docker understands", () => {
		expect(validate(text)).toEqual([]);
	});

	test("ends in an image that runs as nobody special, listens on every address and is asked for its health", () => {
		const last = text.slice(text.lastIndexOf("\nFROM "));
		expect(last).toMatch(/^USER node$/m);
		expect(last).toMatch(/\bHOST=0\.0\.0\.0\b/);
		expect(last).toMatch(new RegExp(`^EXPOSE ${port}$`, "m"));
		expect(last).toContain(`http://127.0.0.1:${port}/healthcheck`);
		expect(last).toMatch(/^CMD \["node", .*"dist\/server\/main\.js"\]$/m);
	});
});
