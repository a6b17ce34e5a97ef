import { Fault } from "../../persistence/fault.ts";
import type { TokenRow } from "../../persistence/tokens/token-row.ts";
import type { Tokens } from "../access/tokens.ts";
import { queryCheck } from "../http/query.ts";
import { noContent } from "../http/reply.ts";
import { type Route, route } from "../http/route.ts";
import { bodyCheck } from "../http/validation.ts";
import { pageOf } from "../schemas/page.ts";
import { inUtc } from "../schemas/time.ts";
import { tokenCreated, tokenListQuery, tokens as tokensSchema, tokenToWrite } from "../schemas/token.ts";

const pattern = "/console/tokens";
const tag = "access";

/** `/console/tokens`: the tokens of the service, for its administrators. */
export function tokensRoutes(tokens: Tokens): Route[] {
	return [
		route({
			method: "GET",
			pattern,
			access: "administer",
			tag,
			summary: "List tokens",
			description: "Oldest first, those that are over included.",
			query: queryCheck(tokenListQuery),
			answers: [{ status: 200, description: "One page of tokens.", schema: tokensSchema }],
			faults: [12012],
			async handle({ query, owner }) {
				return { kind: "value", value: { tokens: (await tokens.list(pageOf(query), owner)).map(tokenValue) } };
			},
		}),
		route({
			method: "POST",
			pattern,
			access: "administer",
			audit: "create_token",
			tag,
			summary: "Make a token",
			description: "The answer holds the token, which is shown this once.",
			body: bodyCheck(tokenToWrite),
			answers: [{ status: 201, description: "The token was made.", schema: tokenCreated }],
			faults: [12022],
			async handle({ body: { name, role, accounts = null, groups = null, expire_time = null }, trail }) {
				trail.details = { name, role };
				const made = await tokens.create({ name, role, accounts, groups, expire_time: utc(expire_time) });
				trail.details = { name, role, token_id: made.row.token_id, prefix: made.row.prefix };
				const headers = { "Cache-Control": "no-store" };
				return { kind: "value", status: 201, value: { ...tokenValue(made.row), token: made.token }, headers };
			},
		}),
		route({
			method: "DELETE",
			pattern: `${pattern}/{token_id}`,
			access: "administer",
			audit: "revoke_token",
			tag,
			summary: "Revoke a token",
			description: "It stays in the list. The sessions that it opened are closed.",
			answers: [{ status: 204, description: "The token opens nothing any more." }],
			faults: [12013],
			async handle({ parameters: { token_id = "" }, trail }) {
				trail.details = { token_id };
				if (!(await tokens.revoke(token_id))) throw new Fault(12013);
				return noContent;
			},
		}),
	];
}

function utc(time: string | null): string | null {
	if (time === null) return null;
	const read = inUtc(time);
	if (read === undefined) throw new Fault(12022, { path: "expire_time", message: "must be a time" });
	return read;
}

function tokenValue(row: TokenRow): TokenRow {
	const { token_id, prefix, name, role, accounts, groups, create_time, expire_time, use_time, revoke_time } = row;
	return { token_id, prefix, name, role, accounts, groups, create_time, expire_time, use_time, revoke_time };
}
