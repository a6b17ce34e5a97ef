import { expect } from "vitest";
import { ACCOUNT, streamBody } from "../tests/main-job/stream-bodies.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { reads, SHOWN_WITHIN } from "./desk/desk.ts";
import { test } from "./desk/test.ts";
import { failure, report, run, unique } from "./site/fleet.ts";

/** Would run, hide or turn things round if it were anything but text. */
const HOSTILE = [
	`<img src=x onerror="globalThis.hurt=1">`,
	`"><script>globalThis.hurt=1</script>`,
	`</title></textarea><svg onload=globalThis.hurt=1>`,
	`\u202eكاميرا\u202c بوابة ‏مدخل`,
	`👩‍👩‍👧‍👦🏳️‍🌈 e\u0301\u0323`,
	"{{7*7}} javascript:alert(1)",
].join(" ");

describeWithBrowser("text of others", () => {
	test("full of HTML, right-to-left letters and emoji, it is shown as text in every place", async ({ desk, api }) => {
		const mark = unique("mark");
		const text = `${mark} ${HOSTILE}`;
		const name = [...text].slice(0, 128).join("");
		const group_name = unique("hostile");
		await api.expect(201, "POST", "/1/groups", { account_id: ACCOUNT, group_name, description: text });
		const members = { name, description: text, group_name };
		const [failed, waiting] = [
			await api.create(streamBody(members)),
			await api.create(
				streamBody({ ...members, data: { type: "udp", reference: `rtsp://${mark}.test/<b>x</b>?"'=\u202egpj` } }),
			),
		];
		await run(api, [failed]);
		const [desc, detail] = [[...text].slice(0, 256).join(""), `${text} <b>detail</b>`];
		await report(api, [failed], "failure", failure(desc, detail));

		/** The text stands there as it is, and nothing was made of it. */
		const shows = async (expected: string) => {
			// Letters that are not drawn, and blanks, are told apart by no browser.
			const plain = (words: string) => words.replaceAll(/\s+/g, " ");
			await expect
				.poll(async () => plain(String(await desk.page.evaluate("document.body.textContent"))), {
					timeout: SHOWN_WITHIN,
				})
				.toContain(plain(expected));
			expect(await desk.page.evaluate("globalThis.hurt")).toBeUndefined();
			expect(await desk.page.locator('img[src="x"], main b, main script').count()).toBe(0);
		};

		await desk.open(`streams?q=group:${group_name}&order=oldest`);
		await shows(name);
		await shows(desc);
		await shows(`rtsp://${mark}.test/<b>x</b>`);
		await desk.press("Shift+A", "p");
		await desk.page.getByRole("dialog").waitFor();
		await reads(desk.page.getByRole("dialog"), mark);
		await desk.press("Escape");
		await desk.open(`stream/${failed}`);
		for (const each of [name, text, desc, detail]) await shows(each);
		expect(await desk.page.title()).toContain(mark);
		await desk.page.getByRole("link", { name: "Recreate" }).click();
		await expect.poll(() => desk.page.getByLabel("Description").inputValue()).toBe(text);
		await shows(name);
		await desk.open(`wall?q=group:${group_name}`);
		await shows(name);
		await desk.open("groups");
		await shows(text);
		await desk.open("queue");
		await shows(name);
		await desk.open(`logs?stream=${failed}`);
		await shows(name);
		await shows(desc);
		await api.expect(204, "PATCH", `/1/streams/${waiting}`, { status: "pause" });
	});

	test("a name in the other direction does not turn round what stands beside it", async ({ desk, api }) => {
		const mark = unique("rtl");
		await api.create(streamBody({ name: `\u202e${mark}` }));
		await desk.open(`streams?q=${mark}`);
		const row = desk.page.getByRole("row").filter({ hasText: mark });
		await row.waitFor();
		const cells = await row
			.getByRole("gridcell")
			.evaluateAll((all) => all.map((cell) => cell.getBoundingClientRect().x));
		expect(cells).toEqual(cells.toSorted((a, b) => a - b));
		await reads(row, /rtsp:\/\/camera\.test\/1/);
	});
});
