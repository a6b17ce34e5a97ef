import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { ownTime } from "./own-time.ts";

test("a process's own time goes on while it waits, never faster than time, and stands still while it is kept from running", async () => {
	let [began, own] = [performance.now(), ownTime()];
	while (ownTime() - own < 200) await sleep(1);
	expect(performance.now() - began).toBeGreaterThan(199);
	[began, own] = [performance.now(), ownTime()];
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
	expect(ownTime() - own).toBeLessThan(20);
	await sleep(1);
	expect(performance.now() - began).toBeGreaterThan(295);
	expect(ownTime() - own).toBeLessThan(200);
});
