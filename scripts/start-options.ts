import { readFileSync } from "node:fs";

const { scripts } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
	scripts: { start: string };
};

/** What `npm start` tells Node: whoever starts the service otherwise, to measure or to try it, tells it the same. */
export const startOptions: readonly string[] = scripts.start.match(/--\S+/g) ?? [];
