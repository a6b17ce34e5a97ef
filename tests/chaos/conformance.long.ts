import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { say } from "./rounds.ts";
import { type Site, startSite } from "./site.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

describe("the conformance suite", () => {
	let site: Site;
	let url = "";
	beforeAll(async () => {
		// The page and the manual are part of the contract.
		await ensureBuilt();
		site = await startSite();
		url = await site.startProxy();
		// The manual alone takes minutes on a busy machine.
	}, 600_000);
	afterAll(() => site?.stop());

	test("passes through the proxy against three nodes", async () => {
		const child = spawn(process.execPath, ["scripts/conformance.mjs", "--url", url], {
			cwd: root,
			stdio: ["ignore", "pipe", "inherit"],
			env: { ...process.env, NO_COLOR: "1" },
		});
		let said = "";
		child.stdout.on("data", (bytes: Buffer) => {
			said += bytes.toString();
		});
		const [status] = await once(child, "close");
		const [, counts = ""] = /Tests +(.*)\n/.exec(said) ?? [];
		say(`conformance through the proxy: ${counts}`);
		if (status !== 0) console.log(said);
		expect(status).toBe(0);
	});
});
