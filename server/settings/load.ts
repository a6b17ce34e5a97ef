import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseDocument } from "yaml";
import { BadValue, type Setting } from "./kinds.ts";
import { type Entries, type Section, type Settings, shortForms, table } from "./table.ts";

/** The start cannot go on: its message is the one line to show, naming the setting and where it came from. */
export class SettingsError extends Error {
	constructor(message: string) {
		super(message.replace(/\s*\n\s*/g, " "));
		this.name = "SettingsError";
	}
}

export interface SettingsSources {
	/** Arguments without the program's own name: `--config <path>` or none. */
	argv: readonly string[];
	env: Readonly<Record<string, string | undefined>>;
}

type Path = readonly string[];
/** What was given, by dotted path; a later source writes over an earlier one. */
type Given = Map<string, unknown>;

/**
 * The settings of this process: defaults, then the YAML file of `--config`, then `SECTION__KEY` of the environment,
 * then its short forms (contract, section 12). Throws `SettingsError` for an argument, name or value that is not good.
 */
export function loadSettings({ argv, env }: SettingsSources): Settings {
	const given: Given = new Map();
	const file = configPath(argv);
	if (file !== undefined) readFile(file, given);
	readEnvironment(env, given);
	decideDatabase(given);
	// The tree is built by walking the very table that the type is made from.
	return withDefaults(table, [], given) as Settings;
}

function configPath(argv: readonly string[]): string | undefined {
	try {
		return parseArgs({ args: [...argv], options: { config: { type: "string" } } }).values.config;
	} catch (error) {
		throw new SettingsError(error instanceof Error ? error.message : String(error));
	}
}

function readFile(file: string, given: Given): void {
	let text: string;
	try {
		text = readFileSync(file, "utf8");
	} catch (error) {
		throw new SettingsError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
	}
	const document = parseDocument(text, { prettyErrors: false });
	const mistake = document.errors[0] ?? document.warnings[0];
	if (mistake) {
		const line = text.slice(0, mistake.pos[0]).split("\n").length;
		throw new SettingsError(`${file}, line ${line}: ${mistake.message}`);
	}
	let content: unknown;
	try {
		content = document.toJS();
	} catch (error) {
		// An alias without its anchor, or too many of them.
		throw new SettingsError(`${file}: ${error instanceof Error ? error.message : error}`);
	}
	readTree(content, table, [], file, given);
}

/** Checks one level of the file. A section that holds nothing (all its keys commented out) is good. */
function readTree(content: unknown, entries: Entries, path: Path, file: string, given: Given): void {
	if (content === null || content === undefined) return;
	if (typeof content !== "object" || Array.isArray(content))
		throw new SettingsError(`${file}: ${path.join(".") || "the file"} must hold names and values`);
	for (const [name, value] of Object.entries(content)) {
		const entry = find(entries, name);
		const at = [...path, name];
		if (!entry) throw new SettingsError(`${file}: ${at.join(".")} is not a known setting`);
		if (entry.kind === "section") readTree(value, entry.entries, at, file, given);
		else take(entry, at, value, `${file}: ${at.join(".")}`, given);
	}
}

function readEnvironment(env: SettingsSources["env"], given: Given): void {
	for (const [name, text] of Object.entries(env)) {
		if (text === undefined) continue;
		const [first = "", ...rest] = name.split("__");
		const entry = find(table, first);
		// Other names, those that only begin like a section of ours among them, belong to somebody else.
		if (!entry || (entry.kind === "section" && rest.length === 0)) continue;
		takeText(findSetting(entry, rest), [first, ...rest], text, name, given);
	}
	for (const [name, path] of Object.entries(shortForms)) {
		const text = env[name];
		// `DATABASE_URL=` in a compose file means that there is none.
		if (text === undefined || text === "") continue;
		const [first, ...rest] = path;
		takeText(findSetting(table[first], rest), path, text, name, given);
	}
}

function findSetting(entry: Setting<unknown> | Section<Entries> | undefined, path: Path): Setting<unknown> | undefined {
	const [name, ...rest] = path;
	if (name === undefined) return entry?.kind === "setting" ? entry : undefined;
	return entry?.kind === "section" ? findSetting(find(entry.entries, name), rest) : undefined;
}

function find(entries: Entries, name: string): Setting<unknown> | Section<Entries> | undefined {
	return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

function takeText(setting: Setting<unknown> | undefined, path: Path, text: string, name: string, given: Given): void {
	if (!setting) throw new SettingsError(`environment: ${name} is not a known setting`);
	take(setting, path, setting.read(text), `environment: ${name}`, given);
}

function take(setting: Setting<unknown>, path: Path, value: unknown, where: string, given: Given): void {
	try {
		given.set(path.join("."), setting.check(value));
	} catch (error) {
		if (error instanceof BadValue) throw new SettingsError(`${where} ${error.message}`);
		throw error;
	}
}

/** An address makes the database Postgres; one that contradicts a given DB_TYPE is refused rather than left unused. */
function decideDatabase(given: Given): void {
	const address = ["DSN", "DB_HOST"].find((key) => (given.get(`LUNA_STREAMS_DB.${key}`) ?? "") !== "");
	const type = given.get("LUNA_STREAMS_DB.DB_TYPE");
	if (type === "embedded" && address !== undefined)
		throw new SettingsError(`LUNA_STREAMS_DB.DB_TYPE is embedded, and LUNA_STREAMS_DB.${address} is given: keep one`);
	if (address !== undefined) given.set("LUNA_STREAMS_DB.DB_TYPE", "postgres");
	else if (type === "postgres") given.set("LUNA_STREAMS_DB.DB_HOST", "127.0.0.1");
}

function withDefaults(entries: Entries, path: Path, given: Given): object {
	const values = Object.entries(entries).map(([name, entry]) => {
		const at = [...path, name];
		if (entry.kind === "section") return [name, withDefaults(entry.entries, at, given)];
		const key = at.join(".");
		return [name, given.has(key) ? given.get(key) : entry.default];
	});
	return Object.freeze(Object.fromEntries(values));
}
