import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitepress";
import { codeColours, colourTheme } from "./code-colours.ts";
import { diagrams } from "./diagrams.ts";
import { scriptsToFiles } from "./scripts-to-files.ts";

const base = "/docs/dev/";
const page = (text: string, link: string) => ({ text, link });

/** The pages of `adr/`, by their first headings. */
function decisions() {
	const folder = new URL("../adr/", import.meta.url);
	const names = readdirSync(folder).filter((name) => name.endsWith(".md"));
	return names.sort().map((name) => {
		const [, title = name] = /^# (.*)$/m.exec(readFileSync(new URL(name, folder), "utf8")) ?? [];
		return page(title, `/adr/${name.replace(/\.md$/, "")}`);
	});
}

/**
 * The manual, served at /docs/dev/. What it emits has no inline script, no inline style and no address elsewhere: the
 * service's Content-Security-Policy permits none of them.
 */
export default defineConfig({
	title: "Perigee",
	description: "A realtime supervisor of video streams",
	base,
	head: [["link", { rel: "icon", type: "image/svg+xml", href: `${base}icon.svg` }]],
	outDir: "../dist/manual",
	cacheDir: "../dist/.vitepress-cache",
	// Pages are found by their files' names, as in the folder.
	cleanUrls: false,
	lastUpdated: false,
	// Switching the theme without it would put a style into the page for a moment.
	appearance: { disableTransition: false },
	// One script with the names of all pages instead of one inline in each.
	metaChunk: true,
	markdown: {
		theme: colourTheme,
		codeTransformers: [codeColours],
		config: (markdown) => diagrams(markdown),
	},
	transformHtml: (html, _, { siteConfig }) => scriptsToFiles(html, siteConfig.outDir, base),
	themeConfig: {
		// A name like REQUEST_MAX_SIZE is three words: pages that have all of them. (A function here would be made by eval.)
		search: { provider: "local", options: { miniSearch: { searchOptions: { combineWith: "AND" } } } },
		outline: [2, 3],
		docFooter: { prev: "Before", next: "Next" },
		sidebar: [
			{
				text: "Begin",
				items: [page("What it is", "/"), page("Getting started", "/getting-started")],
			},
			{
				text: "Concepts",
				items: [page("Streams, versions, queue", "/concepts"), page("The lifecycle of a stream", "/lifecycle")],
			},
			{
				text: "Agents",
				items: [page("Writing an agent", "/writing-an-agent"), page("The reference agent", "/agent")],
			},
			{
				text: "Operations",
				items: [
					page("The console", "/console"),
					page("Running it", "/operations"),
					page("Who may use it", "/access"),
					page("Many nodes", "/many-nodes"),
					page("The embedded database", "/operations-database"),
					page("Monitoring", "/monitoring"),
					page("Plugins", "/plugins"),
					page("Performance", "/performance"),
				],
			},
			{
				text: "Reference",
				items: [
					page("Settings", "/settings"),
					page("Errors of the API", "/errors"),
					page("Errors of the agent", "/agent-errors"),
					page("Metrics", "/metrics"),
					page("Licences", "/licences"),
				],
			},
			{
				text: "Decisions",
				collapsed: true,
				items: decisions(),
			},
		],
	},
});
