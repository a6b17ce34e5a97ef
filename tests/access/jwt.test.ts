import type { ServerResponse } from "node:http";
import { generateKeyPair } from "jose";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { JwtVerifier } from "../../server/access/jwt.ts";
import { type GuardedService, startGuarded } from "./access-fixture.ts";
import { Provider } from "./provider.ts";

const account = "557d54ec-29ad-4f3c-93b4-c9092ef12515";
let provider: Provider;
let own: GuardedService;

const environment = (of: Provider) => ({
	AUTH__JWT__JWKS_URL: of.url,
	AUTH__JWT__ISSUER: of.issuer,
	AUTH__JWT__AUDIENCE: of.audience,
	AUTH__JWT__ROLE_CLAIM: "realm_access.roles",
	AUTH__JWT__ROLE_PREFIX: "perigee:",
	AUTH__JWT__ACCOUNTS_CLAIM: "https://perigee.example/accounts",
});

beforeAll(async () => {
	provider = await Provider.start();
	own = await startGuarded(environment(provider));
});
afterAll(async () => {
	await own?.service.stop();
	await provider?.stop();
});

const claims = (roles: string[], more: object = {}) => ({
	preferred_username: "Ann",
	realm_access: { roles },
	"https://perigee.example/accounts": [account, "no account"],
	...more,
});
const me = (token: string) => own.ask(token, "GET", "/console/me");

test("a JWT of the provider opens what the most powerful of its roles may, in the accounts it names", async () => {
	const token = await provider.sign(claims(["admin", "perigee:viewer", "perigee:operator", "perigee:king"]));
	expect((await me(token)).body).toEqual({
		name: "Ann",
		role: "operator",
		mode: "tokens",
		accounts: [account],
		groups: null,
		may: ["look", "operate"],
	});
	const before = provider.fetches;
	for (let asked = 0; asked < 10; asked++) await me(token);
	expect(provider.fetches).toBe(before);
});

test("a JWT without the claim of accounts is for none, and one without a role here is refused", async () => {
	const bare = await provider.sign({ realm_access: { roles: ["perigee:viewer"] } });
	expect((await me(bare)).body).toMatchObject({ name: "ann", accounts: [] });
	for (const roles of [["viewer"], [], ["perigee:"]]) {
		expect((await me(await provider.sign(claims(roles)))).body).toMatchObject({
			error_code: 39903,
			detail: "The token names none of the roles viewer, operator, agent, admin",
		});
	}
});

test("what a JWT names that the database cannot keep names nothing", async () => {
	const more = { preferred_username: "A\0nn", "https://perigee.example/accounts": [account, "\0", { a: 1 }, "\udfff"] };
	const token = await provider.sign(claims(["perigee:viewer", "perigee:admin\0"], more));
	expect((await me(token)).body).toMatchObject({ name: "ann", role: "viewer", accounts: [account] });
	expect((await own.ask("", "POST", "/console/login", { token })).status).toBe(200);
});

test("a JWT that is not what it must be is 39902", async () => {
	const roles = ["perigee:admin"];
	const stranger = await generateKeyPair("ES256");
	const now = Math.floor(Date.now() / 1000);
	const [head, payload, signature] = (await provider.sign(claims(roles))).split(".") as [string, string, string];
	const none = Buffer.from('{"alg":"none"}').toString("base64url");
	const secret = Buffer.from('{"alg":"HS256","kid":"first"}').toString("base64url");
	const bad: [string, string][] = [
		[await provider.sign(claims(roles, { exp: now - 60 })), "the token has expired"],
		[await provider.sign(claims(roles, { iss: "https://elsewhere.example" })), "the token is not valid"],
		[await provider.sign(claims(roles, { aud: "another" })), "the token is not valid"],
		[await provider.sign(claims(roles, { nbf: now + 600 })), "the token is not valid"],
		[await provider.sign(claims(roles, { exp: undefined })), "the token is not valid"],
		...(await Promise.all(
			[4711, null, "", {}, ["ann"], "an\0n", "an\ud800n"].map(
				async (sub): Promise<[string, string]> => [
					await provider.sign(claims(roles, { sub })),
					"the token is not valid",
				],
			),
		)),
		[await provider.sign(claims(roles), stranger), "the token is not valid"],
		[`${none}.${payload}.${signature}`, "the token is not valid"],
		[`${none}.${payload}.`, "the Authorization header holds no token"],
		[`${secret}.${payload}.${signature}`, "the token is not valid"],
		[`${head}.${payload.slice(0, -2)}.${signature}`, "the token is not valid"],
	];
	for (const [token, detail] of bad) {
		expect((await me(token)).body).toEqual({ error_code: 39902, desc: "Unauthorized", detail });
	}
});

test("a session that a JWT opened ends with the JWT at the latest", async () => {
	const now = Math.floor(Date.now() / 1000);
	const token = await provider.sign(claims(["perigee:viewer"], { exp: now + 100 }));
	const { headers, status } = await own.ask("", "POST", "/console/login", { token });
	expect(status).toBe(200);
	const [, age] = /Max-Age=(\d+)/.exec(headers.get("set-cookie") ?? "") ?? [];
	expect(Number(age)).toBeGreaterThan(80);
	expect(Number(age)).toBeLessThanOrEqual(105);
	const Cookie = (headers.get("set-cookie") ?? "").split(";")[0]!;
	expect((await own.ask("", "GET", "/console/me", undefined, { Cookie })).body).toMatchObject({
		name: "Ann",
		accounts: [account],
	});
});

test.each([
	["fails", (response: ServerResponse) => response.writeHead(500).end()],
	["leads elsewhere", (response: ServerResponse) => response.writeHead(302, { Location: "/" }).end()],
	[
		"never ends",
		(response: ServerResponse) => {
			const more = () => void (response.writable && response.write("x".repeat(65_536), () => setImmediate(more)));
			more();
		},
	],
])("a provider whose answer %s is 39905, and nobody else is kept from working", async (_, answer) => {
	const broken = await Provider.start();
	broken.answer = answer;
	const other = await startGuarded(environment(broken));
	try {
		const token = await broken.sign(claims(["perigee:admin"]));
		expect((await other.ask(token, "GET", "/console/me")).body).toMatchObject({
			error_code: 39905,
			detail: "identity provider is unavailable",
		});
		const over = await broken.sign(claims(["perigee:admin"], { exp: Math.floor(Date.now() / 1000) - 60 }));
		expect((await other.ask(over, "GET", "/console/me")).body).toMatchObject({
			error_code: 39902,
			detail: "the token has expired",
		});
		expect((await other.ask(other.admin, "GET", "/console/me")).status).toBe(200);
	} finally {
		await other.service.stop();
		await broken.stop();
	}
});

/** What checks this provider's tokens, by a clock that the test moves. */
function verifierOf(of: Provider) {
	const clock = { now: 0, monotonic: () => clock.now, wall: () => 0 };
	const { url: jwksUrl, issuer, audience } = of;
	const claims = { nameClaim: "name", roleClaim: "role", rolePrefix: "", accountsClaim: "", groupsClaim: "" };
	return { clock, verifier: new JwtVerifier({ jwksUrl, issuer, audience, ...claims, clock }) };
}

test.each([
	["do not come", (response: ServerResponse) => void response.destroy()],
	["fail", (response: ServerResponse) => void response.writeHead(500).end("{}")],
	["are keys with another status", (response: ServerResponse) => void response.writeHead(203).end('{"keys":[]}')],
	["are empty", (response: ServerResponse) => void response.end()],
	["are no JSON", (response: ServerResponse) => void response.end("<html>")],
	["are no key set", (response: ServerResponse) => void response.end("{}")],
	["hold no keys", (response: ServerResponse) => void response.end('{"keys":["a"]}')],
	["are too large", (response: ServerResponse) => void response.end(" ".repeat(300_000))],
])(
	"a provider whose answers %s is asked once in five seconds, whatever tokens come, until it is well",
	async (_, answer) => {
		const ill = await Provider.start();
		onTestFinished(() => ill.stop());
		ill.answer = answer;
		const { clock, verifier } = verifierOf(ill);
		const token = await ill.sign({ role: "viewer" });
		const refused = () =>
			expect(verifier.verify(token)).rejects.toMatchObject({ code: 39905, values: { part: "identity provider" } });
		for (let times = 0; times < 20; times++) await refused();
		expect(ill.fetches).toBe(1);
		clock.now = 4_999;
		await refused();
		expect(ill.fetches).toBe(1);
		clock.now = 5_000;
		for (let times = 0; times < 20; times++) await refused();
		expect(ill.fetches).toBe(2);
		ill.answer = null;
		clock.now = 10_000;
		expect(await verifier.verify(token)).toMatchObject({ caller: { role: "viewer" } });
		expect(ill.fetches).toBe(3);
	},
);

test("a provider that falls ill is asked no more often for keys that it did not have, and keeps nobody out whose key is known", async () => {
	const ill = await Provider.start();
	onTestFinished(() => ill.stop());
	const { verifier } = verifierOf(ill);
	const known = await ill.sign({ role: "viewer" });
	await verifier.verify(known);
	ill.answer = (response) => void response.writeHead(500).end();
	await ill.rotate("second");
	const unknown = await ill.sign({ role: "viewer" });
	vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
	onTestFinished(() => void vi.useRealTimers());
	for (let times = 0; times < 20; times++) {
		await expect(verifier.verify(unknown)).rejects.toMatchObject({ code: 39905 });
		expect(await verifier.verify(known)).toMatchObject({ caller: { role: "viewer" } });
	}
	expect(ill.fetches).toBe(2);
});
