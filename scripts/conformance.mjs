// `npm run conformance -- --url http://127.0.0.1:5160 [files or options of vitest]`: holds any service of this API against
// the contract, over HTTP alone. It makes streams and groups of its own and removes them in the end.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("../", import.meta.url));
const { values, tokens } = parseArgs({
	options: { url: { type: "string" } },
	strict: false,
	tokens: true,
	allowPositionals: true,
});
const url = typeof values.url === "string" ? values.url : "";
if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
	console.error("usage: npm run conformance -- --url http://127.0.0.1:5160 [files or options of vitest]");
	process.exit(2);
}
const own = tokens.find((each) => each.kind === "option" && each.name === "url");
const rest = process.argv.slice(2);
rest.splice(own.index, own.inlineValue ? 1 : 2);
const child = spawn(
	process.execPath,
	["node_modules/vitest/vitest.mjs", "run", "--config", "tests/conformance/vitest.config.ts", ...rest],
	{ cwd: root, stdio: "inherit", env: { ...process.env, CONFORMANCE_URL: url } },
);
child.once("exit", (code) => {
	process.exitCode = code ?? 1;
});
