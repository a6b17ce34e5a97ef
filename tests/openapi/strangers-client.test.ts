import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { startService } from "../main-job/service-fixture.ts";
import { startPassingProxy } from "../support/passing-proxy.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);

/** How strangers compile: strictly. */
const settings = {
	compilerOptions: {
		strict: true,
		module: "nodenext",
		target: "es2023",
		types: ["node"],
		skipLibCheck: true,
		outDir: "out",
	},
};

test("a client that another generator makes from /docs/spec is sound, and goes the way from create to done", {
	timeout: 120_000,
}, async () => {
	const service = await startService();
	onTestFinished(service.stop);
	const proxy = await startPassingProxy(service.url);
	onTestFinished(proxy.stop);
	const folder = await mkdtemp(join(tmpdir(), "perigee-stranger-"));
	onTestFinished(() => rm(folder, { recursive: true }));

	const document = await fetch(`${service.url}/docs/spec`, { headers: { Accept: "application/x-yaml" } });
	await writeFile(join(folder, "spec.yaml"), await document.text());
	await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
	await writeFile(join(folder, "tsconfig.json"), JSON.stringify(settings));
	await symlink(join(root, "node_modules"), join(folder, "node_modules"));
	await copyFile(join(import.meta.dirname, "stranger/main.ts"), join(folder, "main.ts"));

	const node = (...args: string[]) => run(process.execPath, args, { cwd: folder });
	await node(join(root, "node_modules/oazapfts/dist/cli.js"), "spec.yaml", "client.ts");
	expect(await readFile(join(folder, "client.ts"), "utf8")).toContain("export function takeFromQueue");
	await node(join(root, "node_modules/typescript/bin/tsc"));
	const { stdout } = await node("out/main.js", proxy.url);
	expect(JSON.parse(stdout)).toEqual({
		taken: "in_progress",
		modified: ["in_progress", "done"],
		read: ["A stranger's, with: every & character?", "done", 1],
		logs: ["done", "in_progress", "pending"],
		unknown: 39001,
	});
});
