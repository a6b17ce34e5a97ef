import { mkdir, readFile, writeFile } from "node:fs/promises";
import type { Curves } from "../bench/growth/curve.ts";
import { pictureOf } from "../bench/growth/picture.ts";
import { type Row, show, tableOf } from "../bench/report.ts";

/**
 * `npm run docs:performance`: writes docs/performance.md and its pictures from what the last whole `npm run bench` left in
 * bench/out.
 */

const root = new URL("../", import.meta.url);

async function measured<T>(name: string): Promise<T> {
	try {
		return JSON.parse(await readFile(new URL(`bench/out/${name}.json`, root), "utf8")) as T;
	} catch (error) {
		const why = error instanceof Error ? error.message : error;
		throw new Error(`there is no bench/out/${name}.json to be read (${why}): run npm run bench first`);
	}
}

const rows = await measured<Row[]>("full");
const { machine, curves } = await measured<{ machine: string; curves: Curves[] }>("growth");
const pictures = new URL("docs/images/performance/", root);
await mkdir(pictures, { recursive: true });
const sections: string[] = [];
for (const each of curves) {
	const file = `${each.name.replaceAll(" ", "-")}.svg`;
	await writeFile(new URL(file, pictures), pictureOf(each));
	const names = Object.keys(each.rates);
	const lines = each.values.map((value, at) => {
		const cells = names.map((name) => show(each.rates[name]?.[at] ?? 0));
		return `| ${show(value)} | ${cells.join(" | ")} |`;
	});
	sections.push(`## By ${each.name}

Items a second: ${each.sentence}.

![Items a second by ${each.name}](./images/performance/${file})

| ${each.along} | ${names.join(" | ")} |
|${"---|".repeat(names.length + 1)}
${lines.join("\n")}`);
}

const page = `# Performance

What \`npm run bench\` measured: each way of the service beside its ceilings (a bare uWebSockets.js handler, the same SQL statement
straight through the driver) and its peers, by turns in the same run, on one machine that service, database and load share.
The ratios say more than the figures: they hold on other machines as well.

Measured on ${machine}. \`npm run docs:performance\` writes this page.

${tableOf(rows)}

\`npm run bench -- --quick\` measures the first six of the table in 4 minutes. \`--only telemetry,get\` picks, \`--profile\` leaves a
profile of the service's processor in \`bench/out\`.

All queues of take_done are of the same length. graphile-worker is 0.16, as its bar was set; 0.17 takes 500 jobs at a time into a local queue and
removes what is done in batches, keeps no record of a job, and is three times as fast as ours. pg-boss sorts all that wait for each fetch:
from a queue of 10,000 it took 8,000 a second on the same machine, from one of 40,000 some 3,300.

${sections.join("\n\n")}
`;
await writeFile(new URL("docs/performance.md", root), page);
console.log(`docs/performance.md: ${rows.length} rows, ${curves.length} pictures`);
