import { stringify } from "yaml";
import type { Setting } from "./kinds.ts";
import { mask, maskSecrets } from "./mask.ts";
import { type Entries, type Settings, table } from "./table.ts";

/** A plain tree of what `GET /config` shows. */
export interface Description {
	[name: string]: unknown;
}

/** All settings in force, secrets as `********`, set or not (contract, sections 1 and 2). */
export function describe(settings: Settings): Description {
	return describeEntries(table, settings);
}

/** The same as YAML text. */
export function describeAsYaml(settings: Settings): string {
	return stringify(describe(settings));
}

function describeEntries(entries: Entries, values: object): Description {
	const all = new Map<string, unknown>(Object.entries(values));
	const shown: Description = {};
	for (const [name, entry] of Object.entries(entries)) {
		const value = all.get(name);
		if (entry.kind === "setting") shown[name] = show(entry, value);
		else if (typeof value === "object" && value !== null) shown[name] = describeEntries(entry.entries, value);
	}
	return shown;
}

function show(setting: Setting<unknown>, value: unknown): unknown {
	if (setting.secret === "whole") return mask;
	// An address shows where it leads; one that is not set shows no more than that it is a secret.
	if (setting.secret === "url" && typeof value === "string") return value === "" ? mask : maskSecrets(value);
	return value;
}
