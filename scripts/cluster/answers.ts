import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Whether `/healthcheck` of this address says 200 within two seconds. */
export async function healthy(url: string): Promise<boolean> {
	return fetch(`${url}/healthcheck`, { signal: AbortSignal.timeout(2_000) }).then(
		async (response) => {
			await response.arrayBuffer();
			return response.ok;
		},
		// Not listening yet.
		() => false,
	);
}

/**
 * Resolves as soon as the check answers true.
 *
 * @throws Error `otherwise()`, after so many milliseconds; and what the signal was aborted with
 */
export async function until(
	check: () => Promise<boolean>,
	milliseconds: number,
	otherwise: () => string,
	signal?: AbortSignal,
): Promise<void> {
	const end = performance.now() + milliseconds;
	while (!(await check())) {
		signal?.throwIfAborted();
		if (performance.now() > end) throw new Error(otherwise());
		await delay(100, undefined, signal && { signal });
	}
}

/** A port on loopback that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (typeof address !== "object" || address === null) throw new Error("no address");
	return address.port;
}
