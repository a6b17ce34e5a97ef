import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { startPassingProxy } from "../support/passing-proxy.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);

/** A program of somebody who has this package installed. */
const program = `
import { createPerigeeClient, type Schemas } from "perigee/client";

declare const process: { argv: string[] };
const perigee = createPerigeeClient({ baseUrl: process.argv[2] ?? "", agentId: "stranger-1" });
const { data, error } = await perigee.GET("/1/streams", { params: { query: { names: ["Front door"], page_size: 1 } } });
if (error) throw new Error(error.detail);
const first: Schemas["stream"] | undefined = data.streams[0];
type IsMember<Name extends string> = Name extends keyof Schemas["stream"] ? true : false;
const known: IsMember<"status"> = true;
const unknown: IsMember<"faces"> = false;
console.log(first?.name, first?.status, known, unknown);
`;

test("the package's entry perigee/client has types and runs for who has it installed", async () => {
	await ensureBuilt(["service"]);
	const service = await startService();
	onTestFinished(service.stop);
	const proxy = await startPassingProxy(service.url);
	onTestFinished(proxy.stop);
	await service.api.create(streamBody({ name: "Front door" }));
	const folder = mkdtempSync(join(tmpdir(), "perigee-package-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	mkdirSync(join(folder, "node_modules"));
	symlinkSync(root, join(folder, "node_modules/perigee"));
	writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
	writeFileSync(join(folder, "program.ts"), program);
	const options = { target: "es2023", module: "nodenext", strict: true, types: [], noEmitOnError: true };
	writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["program.ts"] }));
	await run(process.execPath, [join(root, "node_modules/typescript/bin/tsc")], { cwd: folder }).catch(
		({ stdout }: { stdout: string }) => expect.fail(stdout),
	);
	const { stdout } = await run(process.execPath, ["program.js", proxy.url], { cwd: folder });
	expect(stdout).toBe("Front door pending true false\n");
});
