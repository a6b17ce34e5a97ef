// `npm run check`: the types of everything, the browser's code under its own settings.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cwd = fileURLToPath(new URL("../", import.meta.url));
const projects = ["tsconfig.json", "web-console/tsconfig.json"].filter((path) => existsSync(`${cwd}${path}`));
let failed = false;
for (const project of projects) {
	const args = ["node_modules/typescript/bin/tsc", "--noEmit", "-p", project];
	failed = spawnSync(process.execPath, args, { cwd, stdio: "inherit" }).status !== 0 || failed;
}
process.exit(failed ? 1 : 0);
