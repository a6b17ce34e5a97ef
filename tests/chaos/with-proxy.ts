import { test } from "vitest";
import { find, HAPROXY } from "../../scripts/cluster/outside-program.ts";
import { describeWithRedis } from "../support/redis.ts";

function missing(): string | null {
	try {
		find(HAPROXY);
		return null;
	} catch (error) {
		// The line says what to install.
		return error instanceof Error ? error.message : String(error);
	}
}

/** A suite that needs HAProxy and Redis. Without them it is skipped, with the line that says what is missing; with CI set, that is a failure. */
export function describeWithProxy(name: string, suite: () => void): void {
	const why = missing();
	if (why === null) describeWithRedis(name, suite);
	else if (process.env["CI"])
		test(name, () => {
			throw new Error(why);
		});
	else {
		console.warn(`Skipped: ${name}: ${why}`);
		test.skip(`${name} (${why})`, () => undefined);
	}
}
