import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { find, HAPROXY } from "../../scripts/cluster/outside-program.ts";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { say } from "../chaos/rounds.ts";
import { Program } from "../main-job/service-process.ts";

/** Silent connections of one client that are let in, as docs/deploy/ has it. */
const BOUND = 2_000;
const WANTED = 5_000;
/** Seconds of good traffic before they come, and beside them. */
const SECONDS = 10;

const fronts = ["HAProxy", "the firewall"].flatMap((front) => ["ipv4", "ipv6"].map((family) => ({ front, family })));

/** Why there is no network to try it in. */
function missing(): string {
	if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux, for a network of its own";
	const script = "ip link set lo up && nft -f docs/deploy/connections.nft";
	const { status, stderr, error } = spawnSync("unshare", ["--net", "sh", "-c", script], {
		cwd: join(import.meta.dirname, "../.."),
	});
	if (status !== 0) return `apt-get install nftables iproute2 (${error?.message ?? String(stderr).trim()})`;
	try {
		find(HAPROXY);
	} catch (error) {
		return String(error);
	}
	return "";
}

interface Traffic {
	requests: number;
	wrong: number;
	p99: number;
}

const why = missing();
if (why !== "") console.warn(`Skipped: many connections: ${why}`);

test.skipIf(why !== "").each(fronts)(
	`$front lets in ${BOUND} connections of one client that say nothing, and everybody else is answered ($family)${why}`,
	async ({ front, family }) => {
		await ensureBuilt(["service"]);
		const about = [front === "HAProxy" ? "proxy" : "firewall", family, String(WANTED), String(SECONDS)];
		const site = new Program(
			["--net", process.execPath, "--import", "tsx", "tests/abuse/network-of-its-own.ts", ...about],
			{},
			"unshare",
		);
		onTestFinished(() => site.kill());
		expect(await site.ended, `${site.stderr}${JSON.stringify(site.lines)}`).toBe(0);
		const figures = site.lines.find(({ alone }) => alone !== undefined) as unknown as {
			alone: Traffic;
			beside: Traffic;
			most: number;
			refused: number;
		};
		const { alone, beside, most, refused } = figures;
		say(
			`${front}, ${family}: of ${WANTED} connections that say nothing ${most} were held at once, ${refused} refused; p99 of another client ${alone.p99} → ${beside.p99} ms (${alone.requests} + ${beside.requests} requests)`,
		);
		expect(most).toBe(BOUND);
		expect(refused).toBeGreaterThan(WANTED - BOUND);
		expect([alone.wrong, beside.wrong]).toEqual([0, 0]);
	},
	120_000,
);
