import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tokenCommand, UsageError } from "../../server/command-line/token-arguments.ts";
import { runTokenCommand } from "../../server/command-line/token-command.ts";
import { withDatabase } from "../../server/command-line/with-database.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { ServiceProcess } from "../main-job/service-process.ts";

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "perigee-tokens-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `npx perigee …`, without the building before it. */
async function perigee(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
	const { PATH, HOME } = process.env;
	const env = { PATH, HOME, DATA_DIR: folder, AUTH__MODE: "tokens" };
	try {
		const { stdout, stderr } = await run(process.execPath, ["dist/server/command-line/main.js", ...args], { env });
		return { code: 0, stdout, stderr };
	} catch (error) {
		// Its exit status is what the test is about.
		return error as { code: number; stdout: string; stderr: string };
	}
}

test("the first token is made before the service runs, and the next ones beside it", async () => {
	const made = await perigee("token", "create", "--name", "first", "--role", "admin");
	expect(made.stderr).toContain("Keep it: it is not shown again.");
	const token = made.stdout.trim();
	expect(made.stdout).toMatch(/^perigee_[\w-]{51}\n$/);
	const service = await new ServiceProcess({ DATA_DIR: folder, AUTH__MODE: "tokens", AUTH__CACHE_TTL: "1" }).ready();
	try {
		const status = async (text: string) =>
			(await fetch(`${service.url}/1/streams`, { headers: { Authorization: `Bearer ${text}` } })).status;
		const beside = (...args: string[]) =>
			withDatabase(loadSettings({ argv: [], env: { DATA_DIR: folder } }), (database) =>
				runTokenCommand(tokenCommand(args, Date.now()), database, true),
			);
		expect(await status(token)).toBe(200);
		const second = await beside(
			"create",
			"--name",
			"cameras",
			"--role",
			"agent",
			"--groups",
			"hall,yard",
			"--expires",
			"30d",
		);
		expect(await status(second.out.trim())).toBe(200);
		const listed = await beside("list");
		expect(listed.out.split("\n")).toHaveLength(3);
		expect(listed.out).toContain('agent  "cameras"  groups hall,yard');
		expect(listed.out).not.toContain(token);
		const rows = JSON.parse((await beside("list", "--json")).out);
		expect(rows).toMatchObject([{ name: "first" }, { name: "cameras", role: "agent", groups: ["hall", "yard"] }]);
		expect((await beside("revoke", token.slice(0, 16))).aside).toContain("Revoked: ");
		// The command cannot tell the service; it finds out when what it remembers is too old.
		await expect.poll(() => status(token), { timeout: 10_000, interval: 200 }).toBe(401);
	} finally {
		await service.end();
	}
}, 120_000);

describe("what is typed wrong", () => {
	test.each([
		[["token"], "create, list or revoke?"],
		[["token", "create", "--role", "admin"], "--name needs"],
		[["token", "create", "--name", "x", "--role", "root"], "--role must be one of"],
		[["token", "create", "--name", "x", "--role", "agent", "--accounts", "me"], "--accounts must hold ids"],
		[["token", "create", "--name", "x", "--role", "agent", "--groups", "a b"], "--groups must hold names"],
		[["token", "create", "--name", "x", "--role", "agent", "--expires", "soon"], "--expires must be like"],
		[["token", "revoke"], "which token?"],
		[["token", "list", "--loud"], "loud"],
	])("%j", (args, said) => {
		expect(() => tokenCommand(args.slice(1), 0)).toThrow(UsageError);
		expect(() => tokenCommand(args.slice(1), 0)).toThrow(said);
	});

	test("ends with status 2 and the usage", async () => {
		const { code, stderr, stdout } = await perigee("tokens");
		expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
		expect(stderr).toContain("perigee: 'tokens' is not a command\nperigee token create");
	});
});

test("a lifetime is counted from now", () => {
	const create = (expires: string) =>
		tokenCommand(["create", "--name", "x", "--role", "viewer", "--expires", expires], Date.UTC(2026, 0, 1));
	expect(create("12h")).toMatchObject({ token: { expire_time: "2026-01-01T12:00:00.000Z" } });
	expect(create("2w")).toMatchObject({ token: { expire_time: "2026-01-15T00:00:00.000Z" } });
	expect(create("2027-01-01T02:00:00+02:00")).toMatchObject({ token: { expire_time: "2027-01-01T00:00:00Z" } });
});
