import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Finding {
	id: string;
	impact: string | null;
	help: string;
	nodes: { target: string[]; failureSummary?: string }[];
}

/**
 * What axe-core holds against the page as it is shown now, serious or critical, in a line each. `rules`: these alone.
 * The script comes in by the browser's debugger: the page's policy would not let it in.
 */
export async function seriousFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
	await page.evaluate(`globalThis.axe ?? (() => { ${source} })()`);
	const options = {
		resultTypes: ["violations"],
		...(rules && { runOnly: { type: "rule", values: rules } }),
	};
	const violations = (await page.evaluate(
		`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
	)) as Finding[];
	return violations
		.filter(({ impact }) => impact === "serious" || impact === "critical")
		.flatMap(({ id, help, nodes }) =>
			nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(" ")}: ${failureSummary ?? ""}`),
		);
}
