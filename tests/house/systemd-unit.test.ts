import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadSettings } from "../../server/settings/load.ts";
import { table } from "../../server/settings/table.ts";

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const unit = readFileSync(path("docs/deploy/perigee.service"), "utf8");
const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1] ?? "";

test("the unit's first lines make the files that it names, of what the project holds", () => {
	const made = [...unit.matchAll(/^# {3}install .* (\/\S+) (\/\S+)$/gm)].map(([, from, to]) => [to, from]);
	const sources = Object.fromEntries(made) as Record<string, string>;
	const config = / --config (\S+)/.exec(value("ExecStart"))![1]!;
	const secrets = value("EnvironmentFile").replace(/^-/, "");
	expect(Object.keys(sources).sort()).toEqual([config, secrets].sort());
	const file = sources[config]!.replace(`${value("WorkingDirectory")}/`, "");
	expect(loadSettings({ argv: ["--config", path(file)], env: {} })).toEqual(loadSettings({ argv: [], env: {} }));
});

test("the unit does not start again what ended for a mistake in the settings", () => {
	const main = readFileSync(path("server/main.ts"), "utf8");
	const status = /SettingsError \? (\d+) : 1/.exec(main)![1]!;
	expect(value("RestartPreventExitStatus")).toBe(status);
});

test("the unit gives a stop the time that it may take, and says up to which DRAIN_DELAY", () => {
	const main = readFileSync(path("server/main.ts"), "utf8");
	const constant = (name: string) => Number(new RegExp(`const ${name} = (\\d+);`).exec(main)![1]);
	const longest = (drainDelay: number) => Math.max(constant("STOP_DEADLINE"), drainDelay + constant("AFTER_DRAINING"));
	const most = Number(/with a DRAIN_DELAY above (\d+) s/.exec(unit)![1]);
	expect(most).toBeGreaterThan(table.LUNA_STREAMS_HTTP_SETTINGS.entries.DRAIN_DELAY.default);
	expect(Number(value("TimeoutStopSec"))).toBeGreaterThan(longest(most));
});

const reason = !existsSync("/usr/bin/node")
	? " (needs /usr/bin/node)"
	: spawnSync("systemd-analyze", ["--version"]).status !== 0
		? " (needs systemd-analyze)"
		: "";
test.skipIf(reason !== "")(`systemd finds nothing wrong with the unit${reason}`, () => {
	const { status, stderr } = spawnSync("systemd-analyze", ["verify", path("docs/deploy/perigee.service")]);
	// It also looks at units of the machine that ours comes after.
	const said = String(stderr)
		.split("\n")
		.filter((line) => line.includes("perigee.service"));
	expect({ status, said }).toEqual({ status: 0, said: [] });
});
