import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { startOptions } from "../../scripts/start-options.ts";

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the image and the systemd unit tell Node what `npm start` tells it", () => {
	expect(startOptions).toEqual(["--max-semi-space-size=32"]);
	const command = ["node", ...startOptions, "--enable-source-maps", "dist/server/main.js"];
	expect(text("Dockerfile")).toContain(`\nCMD ${JSON.stringify(command).replaceAll(",", ", ")}\n`);
	expect(text("docs/deploy/perigee.service")).toMatch(new RegExp(`^ExecStart=/usr/bin/${command.join(" ")}`, "m"));
});
