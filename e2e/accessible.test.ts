import { describe, expect } from "vitest";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { seriousFindings } from "./desk/axe.ts";
import { test } from "./desk/test.ts";

const PLACES = ["Streams", "Wall", "Groups", "Queue", "Logs", "Nodes", "Create"];

describeWithBrowser("for every eye and hand", () => {
	describe.each(PLACES)("%s", (title) => {
		test("axe finds nothing serious, in no theme", async ({ desk }) => {
			await desk.open(title.toLowerCase());
			await desk.page.getByRole("main", { name: title, exact: true }).waitFor();
			expect(await seriousFindings(desk.page)).toEqual([]);
			for (const theme of ["Dark theme", "Light theme"]) {
				await desk.press("t");
				await desk.page.getByRole("button", { name: theme }).waitFor();
				// What the themes change.
				expect(await seriousFindings(desk.page, ["color-contrast", "link-in-text-block"])).toEqual([]);
			}
		});
	});
});
