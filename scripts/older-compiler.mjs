// Module hooks: whoever imports `typescript` gets a compiler with the JavaScript API.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const common = pathToFileURL(createRequire(import.meta.url).resolve("@ts-morph/common")).href;
const compiler = `import common from ${JSON.stringify(common)}; export default common.ts;`;
const url = `data:text/javascript,${encodeURIComponent(compiler)}`;

export const resolve = (specifier, context, next) =>
	specifier === "typescript" ? { url, format: "module", shortCircuit: true } : next(specifier, context);
