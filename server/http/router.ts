import type { Method, Route } from "./route.ts";

const uuidSegment = /(?<=\/)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=\/|$)/g;
/** Characters of a uuid. */
const UUID = 36;
const none: Readonly<Record<string, string>> = {};

/** All verbs of one path. */
export interface Path {
	readonly pattern: string;
	readonly routes: ReadonlyMap<Method, Route>;
	/** The value of `Allow`. */
	readonly allow: string;
}

export interface Match {
	readonly path: Path;
	readonly parameters: Readonly<Record<string, string>>;
	/** The prefix that the path was asked under. */
	readonly prefix: string;
}

/**
 * Finds the routes of a path. Every pattern is known as it stands and below `prefix`. What stands for a `{name}` must be a
 * lower-case uuid: a path with anything else there is unknown (contract, section 1).
 */
export class Router {
	readonly #prefix: string;
	/** By the pattern with its names left out: `/1/streams/{}`. */
	readonly #paths = new Map<string, Path & { names: readonly string[] }>();
	/** Patterns that end in `/*`, longest first. */
	readonly #wide: { start: string; path: Path }[] = [];

	constructor(routes: readonly Route[], prefix: string) {
		this.#prefix = prefix;
		for (const pattern of new Set(routes.map((each) => each.pattern))) {
			const verbs = routes.filter((each) => each.pattern === pattern);
			const methods = new Map(verbs.map((each) => [each.method, each]));
			if (methods.size !== verbs.length) throw new Error(`${pattern} has the same verb twice`);
			const path = { pattern, routes: methods, allow: allowed([...methods.keys()]) };
			if (pattern.endsWith("/*")) this.#wide.push({ start: pattern.slice(0, -1), path });
			else this.#paths.set(pattern.replace(/\{\w+\}/g, "{}"), { ...path, names: namesOf(pattern) });
		}
		this.#wide.sort((a, b) => b.start.length - a.start.length);
	}

	/** The routes of a path, or undefined. The path is taken as it was sent: nothing is decoded. */
	match(path: string): Match | undefined {
		const prefix = this.#prefix;
		if (prefix !== "" && path.startsWith(prefix) && path[prefix.length] === "/") {
			return this.#find(path.slice(prefix.length), prefix) ?? this.#find(path, "");
		}
		return this.#find(path, "");
	}

	#find(path: string, prefix: string): Match | undefined {
		const exact = this.#paths.get(path);
		if (exact !== undefined && exact.names.length === 0) return { path: exact, parameters: none, prefix };
		const one = this.#findOne(path, prefix);
		if (one !== undefined) return one;
		const ids: string[] = [];
		const key = path.replace(uuidSegment, (id) => {
			ids.push(id);
			return "{}";
		});
		const found = this.#paths.get(key);
		if (found !== undefined && found.names.length === ids.length) {
			const parameters: Record<string, string> = {};
			for (const [at, name] of found.names.entries()) parameters[name] = ids[at] ?? "";
			return { path: found, parameters, prefix };
		}
		const wide = this.#wide.find((each) => path.startsWith(each.start));
		return wide && { path: wide.path, parameters: { "*": path.slice(wide.start.length) }, prefix };
	}

	/** Most paths with an id have just one, and replacing it by hand is quicker: 0.3 µs instead of 1.1. */
	#findOne(path: string, prefix: string): Match | undefined {
		const at = path.search(uuidSegment);
		if (at < 0) return undefined;
		const found = this.#paths.get(`${path.slice(0, at)}{}${path.slice(at + UUID)}`);
		const [name, ...more] = found?.names ?? [];
		if (found === undefined || name === undefined || more.length > 0) return undefined;
		return { path: found, parameters: { [name]: path.slice(at, at + UUID) }, prefix };
	}
}

function namesOf(pattern: string): string[] {
	return [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
}

function allowed(methods: Method[]): string {
	return [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
}
