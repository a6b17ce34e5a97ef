import { expect, test } from "vitest";
import { accessMistake } from "../../server/settings/access-check.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { startService } from "../main-job/service-fixture.ts";
import { ServiceProcess } from "../main-job/service-process.ts";

const refusals: [Record<string, string>, string][] = [
	[
		{ HOST: "0.0.0.0" },
		"LUNA_STREAMS_HTTP_SETTINGS.HOST is 0.0.0.0 and AUTH.MODE is none: set AUTH.MODE to tokens, or AUTH.ALLOW_ANONYMOUS to 1 if everybody who reaches that address may do everything",
	],
	[{ HOST: "::" }, "LUNA_STREAMS_HTTP_SETTINGS.HOST is :: and AUTH.MODE is none"],
	[{ HOST: "127.0.0.1.example.org" }, "and AUTH.MODE is none"],
	[{ AUTH__MODE: "tokens", AUTH__JWT__JWKS_URL: "https://id.example/keys" }, "AUTH.JWT.JWKS_URL needs AUTH.JWT.ISSUER"],
	[
		{ AUTH__JWT__JWKS_URL: "https://id.example/keys", AUTH__JWT__ISSUER: "https://id.example" },
		"AUTH.JWT.JWKS_URL needs AUTH.JWT.AUDIENCE",
	],
];

test.each(refusals)("%j is a mistake", (env, line) => {
	expect(accessMistake(loadSettings({ argv: [], env }))).toContain(line);
});

test("the service does not start with a mistake, and says why in one line", async () => {
	// Nothing is asked of this database: the line comes before it.
	const service = new ServiceProcess({ DATABASE_URL: "postgres://127.0.0.1:1/none", HOST: "0.0.0.0" });
	expect(await service.ended).toBe(2);
	expect(service.stderr).toBe(`perigee: ${refusals[0]![1]}\n`);
});

test.each([
	[{ HOST: "0.0.0.0", AUTH__ALLOW_ANONYMOUS: "1" }, 200],
	[{ HOST: "0.0.0.0", AUTH__MODE: "tokens" }, 401],
	[{ HOST: "::1" }, 200],
])("it starts with %j, and a request without a token is answered %d", async (env, status) => {
	const service = await startService(env);
	try {
		const host = env.HOST === "::1" ? "[::1]" : "127.0.0.1";
		expect((await fetch(`http://${host}:${service.port}/1/streams`)).status).toBe(status);
	} finally {
		await service.stop();
	}
});
