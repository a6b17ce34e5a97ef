import type { PerigeeClient, Schemas } from "../../../../client/perigee-client.ts";
import { dataOf } from "../../controls/asked.ts";

/** A token as the API lists it: everything but itself. */
export type Token = Schemas["token"];
export type Role = Token["role"];
export type Standing = "valid" | "expired" | "revoked";

/** As many as one question may ask for. */
const PAGE = 1000;
/** As many as are read; who has more looks them up over the API. */
const MOST = 10_000;

export interface TokenList {
	/** Newest first. */
	readonly tokens: readonly Token[];
	/** There are newer ones that were not read. */
	readonly more: boolean;
}

/** All tokens. The API gives them oldest first, and those that are over stay among them: the newest are on its last page. */
export async function allTokens(api: Pick<PerigeeClient, "GET">, signal: AbortSignal): Promise<TokenList> {
	const found: Token[] = [];
	for (let page = 1; found.length < MOST; page++) {
		const query = { page, page_size: PAGE };
		const { tokens } = dataOf(await api.GET("/console/tokens", { params: { query }, signal }));
		found.push(...tokens);
		if (tokens.length < PAGE) return { tokens: found.reverse(), more: false };
	}
	return { tokens: found.reverse(), more: true };
}

/** Whether a token opens anything at `now`, milliseconds since 1970 by the database's clock. */
export function standingOf({ revoke_time, expire_time }: Token, now: number): Standing {
	if (revoke_time !== null) return "revoked";
	return expire_time !== null && Date.parse(expire_time) <= now ? "expired" : "valid";
}

/** What the list is narrowed to, as the address says it. */
export interface TokenQuery {
	/** A part of the name, or the beginning of the token; "" for all. */
	readonly find: string;
	readonly standing: Standing | "";
}

export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
	valid: "Valid",
	expired: "Expired",
	revoked: "Revoked",
};

export const STANDINGS = ["valid", "expired", "revoked"] as const satisfies readonly Standing[];

export function queryFrom(params: URLSearchParams): TokenQuery {
	return {
		find: params.get("find") ?? "",
		standing: STANDINGS.find((each) => each === params.get("standing")) ?? "",
	};
}

/** How much of a token is its beginning, by which people tell tokens apart: `perigee_a1b2c3d4`. */
const BEGINNING = /^perigee_.{8}/;

/** What is looked for, as it may stand in the address: of a token that somebody pastes whole, its beginning. */
export function searchable(text: string): string {
	return BEGINNING.exec(text.trim())?.[0] ?? text;
}

export function matching(tokens: readonly Token[], { find, standing }: TokenQuery, now: number): readonly Token[] {
	const part = find.trim().toLowerCase();
	return tokens.filter(
		(each) =>
			(standing === "" || standingOf(each, now) === standing) &&
			(each.name.toLowerCase().includes(part) || each.prefix.toLowerCase().startsWith(part)),
	);
}
