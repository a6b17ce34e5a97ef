import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { read } from "./source-tree.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const packages = ["node_modules/uWebSockets.js", "node_modules/uWebSockets.js-next"];

const renew = `find ${packages.join(" ")} -name '*.node' | LC_ALL=C sort | xargs sha256sum > scripts/native-bindings.sha256`;

/** What is checked in, by the file's path, in the form of sha256sum. */
const known = new Map(
	read("scripts/native-bindings.sha256")
		.split("\n")
		.flatMap((line) => {
			const [, hash, path] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
			return hash === undefined || path === undefined ? [] : [[path, hash] as const];
		}),
);

/** The binaries that are installed; the newer package is optional. */
function installed(): string[] {
	return packages.flatMap((folder) =>
		existsSync(root + folder)
			? readdirSync(root + folder, { recursive: true, encoding: "utf8" })
					.filter((name) => name.endsWith(".node"))
					.map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
			: [],
	);
}

test("the prebuilt bindings of uWebSockets.js are those that were checked in", () => {
	const found = new Map(
		installed().map((path) => [
			path,
			createHash("sha256")
				.update(readFileSync(root + path))
				.digest("hex"),
		]),
	);
	expect(found.size).toBeGreaterThan(10);
	const strange = [...found].filter(([path, hash]) => known.get(path) !== hash).map(([path]) => path);
	expect(
		strange,
		`after an update of the packages, and a look at where it comes from, renew the list: ${renew}`,
	).toEqual([]);
});

test("the list names no binary that a package does not have", () => {
	const present = installed();
	const folders = packages.filter((folder) => existsSync(root + folder));
	const expected = [...known.keys()].filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)));
	expect(
		expected.filter((path) => !present.includes(path)),
		`renew the list: ${renew}`,
	).toEqual([]);
});
