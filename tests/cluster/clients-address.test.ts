import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startProxy } from "../../scripts/cluster/proxy.ts";
import { describeWithProxy } from "../chaos/with-proxy.ts";
import { startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { freePort } from "../support/redis.ts";

describeWithProxy("behind HAProxy as it is configured here", () => {
	test("a client does not choose where it comes from", async () => {
		const service = await startService({ LUNA_STREAMS_HTTP_SETTINGS__TRUSTED_PROXIES: "127.0.0.0/8" });
		const folder = await mkdtemp(join(tmpdir(), "perigee-proxy-"));
		const listen = `127.0.0.1:${await freePort()}`;
		const proxy = await startProxy({ listen, nodes: [new URL(service.url).host] }, join(folder, "haproxy.cfg"));
		try {
			const answer = await fetch(`http://${listen}/1/streams`, {
				method: "POST",
				headers: { "Content-Type": "application/json", "X-Forwarded-For": "6.6.6.6" },
				body: JSON.stringify(streamBody()),
			});
			expect(answer.status).toBe(201);
			const { records } = await service.api.expect<{ records: { address: string }[] }>(200, "GET", "/console/audit");
			expect(records.map(({ address }) => address)).toEqual(["127.0.0.1"]);
		} finally {
			await proxy.stop();
			await rm(folder, { recursive: true });
			await service.stop();
		}
	});
});
