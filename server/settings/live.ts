import { type Entries, type Settings, table } from "./table.ts";

/** What became of settings that were read again. */
export interface Reloaded {
	/** Those in force from now on: the old ones, with what may change while the service runs taken from the new. */
	settings: Settings;
	/** Dotted names of what changed. */
	changed: string[];
	/** Dotted names of what is other now and counts after the next start. */
	waiting: string[];
}

/** Takes from newly read settings what is marked `live` in the table, and tells what else is other. */
export function reloaded(inForce: Settings, read: Settings): Reloaded {
	const changed: string[] = [];
	const waiting: string[] = [];
	const merge = (entries: Entries, path: readonly string[], old: object, fresh: object): object => {
		const [before, after] = [
			new Map<string, unknown>(Object.entries(old)),
			new Map<string, unknown>(Object.entries(fresh)),
		];
		const values = Object.entries(entries).map(([name, entry]) => {
			const [was, is] = [before.get(name), after.get(name)];
			if (entry.kind === "section") return [name, merge(entry.entries, [...path, name], Object(was), Object(is))];
			if (JSON.stringify(was) === JSON.stringify(is)) return [name, was];
			(entry.live ? changed : waiting).push([...path, name].join("."));
			return [name, entry.live ? is : was];
		});
		return Object.freeze(Object.fromEntries(values));
	};
	// The tree is built by walking the very table that the type is made from.
	return { settings: merge(table, [], inForce, read) as Settings, changed, waiting };
}
