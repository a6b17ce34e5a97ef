import { stringify } from "yaml";
import type { Setting } from "../server/settings/kinds.ts";
import { type Entries, type Section, shortForms, table } from "../server/settings/table.ts";

const edit = "Made from server/settings/table.ts by `npm run docs:reference`";

/** The manual's page about settings, in Markdown. */
export function settingsPage(): string {
	const short = Object.entries(shortForms).map(([name, path]) => `\`${name}\` for \`${path.join(".")}\``);
	return `# Settings

<!-- ${edit}; do not edit here. -->

A setting is looked for in this order; the last one found counts:

1. its default, below;
2. the YAML file named by \`--config <path>\` (\`perigee.example.yaml\` holds every key with its default);
3. the environment, as \`SECTION__KEY\`, for instance \`LUNA_STREAMS_HTTP_SETTINGS__PORT=8080\`, deeper ones as
   \`LUNA_STREAMS_DB__DB_SETTINGS__CONNECTION_POOL_SIZE=20\`; lists are separated by commas;
4. the short forms of the environment: ${short.join(", ")}. An empty one counts as not given.

An unknown section or key and a value out of its bounds stop the start with exit status 2 and one line that names it.
Durations are in seconds, fractions allowed. \`GET /config\` shows what is in force, with secrets as \`********\`.

On SIGHUP the service reads its file again. What is marked *live* below changes at once; whatever else is other is named in
the log and counts after the next start.
${pageSections(table, [])}`;
}

/** Each setting has a heading of its own: the manual's search finds it by its name, and it can be linked to. */
function pageSections(entries: Entries, path: readonly string[]): string {
	return Object.entries(entries)
		.map(([name, entry]) => {
			const at = [...path, name];
			const heading = `\n## ${at.join(".")}\n\n`;
			if (entry.kind === "setting") return `${heading}${pageEntry(entry)}`;
			const settings = settingsOf(entry).map(([key, setting]) => `\n### ${key}\n\n${pageEntry(setting)}`);
			return `${heading}${entry.meaning}\n${settings.join("")}${pageSections(sectionsOf(entry), at)}`;
		})
		.join("");
}

function pageEntry(setting: Setting<unknown>): string {
	const marks = [...(setting.secret === "whole" ? ["secret"] : []), ...(setting.live ? ["*live*"] : [])];
	const facts = [typeOf(setting), `default \`${JSON.stringify(setting.default)}\``, ...marks];
	return `${setting.meaning}\n\n- ${facts.join("; ")}\n`;
}

/** A configuration file in which every key is there, explained and commented out: it means what no file means. */
export function exampleFile(): string {
	return `# Settings of Perigee. Copy this file, take the # from the lines you want to change, and start with --config <path>.
# Every key shows its default. ${edit}.
${exampleEntries(table, "")}`;
}

function exampleEntries(entries: Entries, indent: string): string {
	return Object.entries(entries)
		.map(([name, entry]) => {
			const gap = indent === "" ? "\n" : "";
			if (entry.kind === "section")
				return `${gap}${comment(entry.meaning, indent)}${indent}${name}:\n${exampleEntries(entry.entries, `${indent}  `)}`;
			const value = stringify(
				{ [name]: entry.default },
				{ flowCollectionPadding: false, collectionStyle: "flow", lineWidth: 0 },
			);
			const line = value.trim().replace(/^\{(.*)\}$/s, "$1");
			return `${gap}${comment(`${entry.meaning} (${typeOf(entry)})`, indent)}${indent}#${line}\n`;
		})
		.join("");
}

function comment(text: string, indent: string): string {
	const width = 116 - indent.length;
	const lines = text.match(new RegExp(`.{1,${width}}(?:\\s+|$)`, "g")) ?? [text];
	return lines.map((line) => `${indent}# ${line.trimEnd()}\n`).join("");
}

function typeOf({ type, unit }: Setting<unknown>): string {
	return unit === undefined ? type : `${type} ${unit}`;
}

function settingsOf({ entries }: Section<Entries>): [string, Setting<unknown>][] {
	return Object.entries(entries).flatMap(([name, entry]) => (entry.kind === "setting" ? [[name, entry]] : []));
}

function sectionsOf({ entries }: Section<Entries>): Entries {
	return Object.fromEntries(Object.entries(entries).filter(([, entry]) => entry.kind === "section"));
}
