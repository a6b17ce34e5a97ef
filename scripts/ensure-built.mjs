// Brings dist/ up to date with its sources: `await ensureBuilt()`. When nothing is stale it costs a few milliseconds.
// What it says goes to standard error, so that the standard output of `npm start` stays the service's own.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const layers = ["machines", "actors", "persistence", "server", "agent", "client"];

/**
 * The parts of dist/: what each is made from, what it leaves there, and how. The service is only translated here;
 * its types are the business of `npm run check`.
 */
const parts = [
	{
		name: "service",
		sources: [...layers, "tsconfig.json", "tsconfig.build.json", "tsconfig.client.json", "package-lock.json"],
		output: layers,
		async build() {
			await run("node_modules/typescript/bin/tsc", ["-p", "tsconfig.build.json", "--noCheck"]);
			// The entry perigee/client is for other packages, which read its types.
			await run("node_modules/typescript/bin/tsc", ["-p", "tsconfig.client.json", "--noCheck"]);
			cpSync(join(root, "persistence/migrations"), join(root, "dist/persistence/migrations"), { recursive: true });
		},
	},
	{
		name: "web console",
		needs: "web-console/vite.config.ts",
		sources: ["web-console", "package-lock.json"],
		output: ["web-console"],
		build: () =>
			run("node_modules/vite/bin/vite.js", [
				"build",
				"web-console",
				"--outDir",
				"../dist/web-console",
				"--emptyOutDir",
			]),
	},
	{
		name: "manual",
		needs: "docs/.vitepress/config.ts",
		sources: ["docs", "package-lock.json"],
		output: ["manual"],
		async build() {
			await run("node_modules/vitepress/bin/vitepress.js", ["build", "docs"]);
			rmSync(join(root, "dist/.vitepress-cache"), { recursive: true, force: true });
		},
	},
];

/** Builds every part, or those named, whose sources are not those that it was built from. Throws when a build fails. */
export async function ensureBuilt(names = parts.map(({ name }) => name)) {
	const wanted = parts.filter(({ name }) => names.includes(name));
	if (wanted.every(isFresh)) return;
	mkdirSync(join(root, "dist"), { recursive: true });
	const release = await lock(join(root, "dist/.lock"));
	try {
		for (const part of wanted) if (!isFresh(part)) await build(part);
	} finally {
		release();
	}
}

async function build(part) {
	const began = performance.now();
	const digest = digestOf(part.sources);
	console.error(`Building the ${part.name} …`);
	rmSync(stampOf(part), { force: true });
	for (const folder of part.output) rmSync(join(root, "dist", folder), { recursive: true, force: true });
	await part.build();
	writeFileSync(stampOf(part), digest);
	console.error(`Built the ${part.name} in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
}

function isFresh(part) {
	if (part.needs && !existsSync(join(root, part.needs))) return true;
	return existsSync(stampOf(part)) && readFileSync(stampOf(part), "utf8") === digestOf(part.sources);
}

function stampOf(part) {
	return join(root, "dist", `.built-${part.name.replace(" ", "-")}`);
}

/** By content: times say nothing after a checkout or a copy. */
function digestOf(sources) {
	const hash = createHash("sha256");
	for (const source of sources.flatMap(filesOf))
		hash
			.update(source)
			.update("\0")
			.update(readFileSync(join(root, source)));
	return hash.digest("hex");
}

function filesOf(source) {
	const path = join(root, source);
	if (!existsSync(path)) return [];
	if (!statSync(path).isDirectory()) return [source];
	const names = readdirSync(path).filter((name) => !["node_modules", "dist", ".temp"].includes(name));
	return names.sort().flatMap((name) => filesOf(`${source}/${name}`));
}

/** Two nodes started at once in a fresh clone must not build into the same folder: the later one waits. */
async function lock(path) {
	for (;;) {
		try {
			writeFileSync(path, String(process.pid), { flag: "wx" });
			return () => rmSync(path, { force: true });
		} catch (error) {
			if (error.code !== "EEXIST") throw error;
		}
		if (isAbandoned(path)) rmSync(path, { force: true });
		else await delay(100);
	}
}

function isAbandoned(path) {
	try {
		// Empty for the moment between its making and its writing: then it is held.
		process.kill(Number(readFileSync(path, "utf8")) || process.pid, 0);
		return false;
	} catch (error) {
		// Released meanwhile (ENOENT) or held by somebody else's living process (EPERM): try again, wait on.
		return error.code === "ESRCH";
	}
}

/** Runs a tool of node_modules, its output on standard error. */
function run(tool, args) {
	if (!existsSync(join(root, tool)))
		throw new Error(`dist/ is not up to date, and ${tool} is not installed to build it: run npm ci first`);
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [tool, ...args], { cwd: root, stdio: ["ignore", 2, 2] });
		child.once("error", reject);
		child.once("exit", (code, signal) => {
			if (code === 0) resolve();
			else reject(new Error(`${tool} ended with ${signal ?? `status ${code}`}`));
		});
	});
}
