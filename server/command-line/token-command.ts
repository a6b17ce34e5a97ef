import { userInfo } from "node:os";
import { appendAudit } from "../../persistence/audit/append.ts";
import type { AuditAction } from "../../persistence/audit/audit-record.ts";
import type { Database } from "../../persistence/database.ts";
import type { TokenRow } from "../../persistence/tokens/token-row.ts";
import { Tokens } from "../access/tokens.ts";
import { type TokenCommand, UsageError } from "./token-arguments.ts";

/** What a command says: `out` is its result, `aside` is for the person who typed it. */
export interface Said {
	out: string;
	aside: string;
}

const PAGE = 1_000;

/** Carries a command about tokens out, and records it when it is `audited`. Throws `UsageError` when it names no token. */
export async function runTokenCommand(command: TokenCommand, database: Database, audited: boolean): Promise<Said> {
	const record = (action: AuditAction, row: TokenRow) =>
		audited ? recordIn(database, action, row) : Promise.resolve();
	// A service that runs finds out by itself, AUTH.CACHE_TTL later at the latest.
	const tokens = new Tokens({ database, onChange: () => undefined });
	switch (command.command) {
		case "create": {
			const { token, row } = await tokens.create(command.token);
			await record("create_token", row);
			return { out: `${token}\n`, aside: `${said(row)}\nKeep it: it is not shown again.\n` };
		}
		case "list": {
			const rows = await all(tokens);
			return {
				out: command.json ? `${JSON.stringify(rows)}\n` : rows.map((row) => `${said(row)}\n`).join(""),
				aside: "",
			};
		}
		case "revoke": {
			const { which } = command;
			const found = (await all(tokens)).filter(({ token_id, prefix }) => token_id === which || prefix === which);
			const [row] = found;
			if (row === undefined) throw new UsageError(`there is no token ${which}`);
			if (found.length > 1) throw new UsageError(`${found.length} tokens begin with ${which}: give the id`);
			await tokens.revoke(row.token_id);
			await record("revoke_token", row);
			return { out: "", aside: `Revoked: ${said(row)}\n` };
		}
	}
}

async function recordIn(database: Database, action: AuditAction, row: TokenRow): Promise<void> {
	const { name, role, token_id, prefix } = row;
	const entry = {
		action,
		stream_id: null,
		group_id: null,
		status: action === "create_token" ? 201 : 204,
		error_code: 0,
		subject: "command line",
		name: typist(),
		role: null,
		token_prefix: null,
		address: "",
		request_id: "",
		details: { name, role, token_id, prefix },
	};
	await database.run("commands", (sql) => appendAudit(sql, [entry]));
}

/** Who sits at the command line. */
function typist(): string {
	try {
		return userInfo().username;
	} catch {
		// A number without an account, as in many containers.
		return `uid ${process.getuid?.() ?? "unknown"}`;
	}
}

async function all(tokens: Tokens): Promise<TokenRow[]> {
	const rows: TokenRow[] = [];
	for (let page = 1; ; page++) {
		const next = await tokens.list({ page, page_size: PAGE });
		rows.push(...next);
		if (next.length < PAGE) return rows;
	}
}

/** A token in one line. */
function said(row: TokenRow): string {
	const scope = [
		...(row.accounts === null ? [] : [`accounts ${row.accounts.join(",") || "none"}`]),
		...(row.groups === null ? [] : [`groups ${row.groups.join(",") || "none"}`]),
	];
	const state = row.revoke_time !== null ? `revoked ${row.revoke_time}` : `expires ${row.expire_time ?? "never"}`;
	const used = `used ${row.use_time ?? "never"}`;
	return [row.token_id, row.prefix, row.role, JSON.stringify(row.name), ...scope, state, used].join("  ");
}
