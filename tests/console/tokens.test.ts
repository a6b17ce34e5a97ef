import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPerigeeClient } from "../../client/perigee-client.ts";
import { Fault } from "../../persistence/fault.ts";
import { bodyCheck } from "../../server/http/validation.ts";
import { login } from "../../server/schemas/session.ts";
import { tokenToWrite } from "../../server/schemas/token.ts";
import {
	bodyOf,
	EMPTY,
	isReady,
	itemsOf,
	refusedField,
	scopeWords,
	type TokenDraft,
	wrongIn,
} from "../../web-console/src/places/tokens/token-draft.ts";
import {
	allTokens,
	matching,
	queryFrom,
	searchable,
	standingOf,
	type Token,
} from "../../web-console/src/places/tokens/token-list.ts";
import { MAX_LOGIN } from "../../web-console/src/stores/console-api.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const ACCOUNT = "557d54ec-29ad-4f3c-93b4-c9092ef12515";
const check = bodyCheck(tokenToWrite);

const draft = (more: Partial<TokenDraft>): TokenDraft => ({ ...EMPTY, name: "night shift", ...more });

/** A token as the API lists it. */
function token(more: Partial<Token>): Token {
	return {
		token_id: ACCOUNT,
		prefix: "perigee_a1b2c3d4",
		name: "night shift",
		role: "viewer",
		accounts: null,
		groups: null,
		create_time: "2026-11-01T00:00:00.000Z",
		expire_time: null,
		use_time: null,
		revoke_time: null,
		...more,
	};
}

test("the login takes as much as the API does", () => {
	expect(login.properties.token).toMatchObject({ maxLength: MAX_LOGIN });
});

describe("what a form of a token says", () => {
	test("nothing in a list means all, and each word of it counts once", () => {
		expect(bodyOf(draft({}), NOW)).toEqual({
			name: "night shift",
			role: "viewer",
			accounts: null,
			groups: null,
			expire_time: null,
		});
		expect(itemsOf(" hall, gate\n\tyard;hall,, ")).toEqual(["hall", "gate", "yard"]);
		const scoped = bodyOf(draft({ accounts: ` ${ACCOUNT}\n`, groups: "hall gate", expires: "7" }), NOW);
		expect(scoped).toMatchObject({
			accounts: [ACCOUNT],
			groups: ["hall", "gate"],
			expire_time: "2026-12-02T12:00:00.000Z",
		});
	});

	test("what it holds to be ready is what the service takes", () => {
		const words = fc.array(fc.oneof(fc.constantFrom("hall", ACCOUNT, "no name!", "a,b"), fc.string()), {
			maxLength: 4,
		});
		const anyDraft = fc.record({
			name: fc.oneof(fc.constantFrom("", "  ", "x".repeat(128), "x".repeat(129)), fc.string({ unit: "grapheme" })),
			role: fc.constantFrom("viewer" as const, "operator" as const, "agent" as const, "admin" as const),
			accounts: fc.oneof(
				fc.constant(ACCOUNT),
				words.map((each) => each.join(" ")),
			),
			groups: words.map((each) => each.join(",")),
			expires: fc.constantFrom("never" as const, "90" as const, "at" as const),
			at: fc.constantFrom("", "2020-01-01T00:00", "2030-01-01T00:00", "soon"),
		});
		fc.assert(
			fc.property(anyDraft, (drawn) => {
				fc.pre(!drawn.name.includes("\0"));
				if (isReady(drawn, NOW)) check.read(bodyOf(drawn, NOW));
			}),
		);
	});

	test("what is wrong is said at its field", () => {
		expect(wrongIn("name", draft({ name: " " }), NOW)).toMatch(/whose it is/);
		expect(wrongIn("name", draft({ name: "😀".repeat(129) }), NOW)).toBe("At most 128 characters; these are 129.");
		expect(wrongIn("accounts", draft({ accounts: `${ACCOUNT} mine` }), NOW)).toMatch(/^mine: Must be an id/);
		expect(wrongIn("groups", draft({ groups: "hall größe" }), NOW)).toMatch(/^größe: Only Latin letters/);
		expect(wrongIn("expire_time", draft({ expires: "at", at: "" }), NOW)).toBe("Say when.");
		expect(wrongIn("expire_time", draft({ expires: "at", at: "2026-11-01T00:00" }), NOW)).toBe("That is over already.");
	});

	test("what the service refuses is placed there, too", () => {
		const refusal = (body: object) => {
			try {
				check.read({ name: "x", role: "viewer", ...body });
			} catch (error) {
				if (!(error instanceof Fault)) throw error;
				const { path, message } = error.values;
				const detail = `Failed to validate input json. Path: '${path}', message: '${message}'`;
				return refusedField({ error_code: 12022, desc: "Bad/incomplete input data", detail });
			}
			return undefined;
		};
		expect(refusal({ name: "\0" })).toMatchObject({ path: "name", message: expect.stringContaining("U+0000") });
		expect(refusal({ accounts: [ACCOUNT, "x"] })).toMatchObject({
			path: "accounts",
			message: expect.stringMatching(/^Item 2 must match/),
		});
		expect(refusal({ expire_time: "soon" })).toMatchObject({ path: "expire_time" });
		expect(refusal({ colour: "red" })).toBeUndefined();
		expect(refusedField({ error_code: 39903, desc: "Forbidden", detail: "no" })).toBeUndefined();
	});

	test("says what it is for", () => {
		expect(scopeWords(null, null)).toBe("all accounts and groups");
		expect(scopeWords([ACCOUNT], null)).toBe("1 account, all groups");
		expect(scopeWords(null, ["hall", "gate"])).toBe("all accounts, 2 groups");
	});
});

describe("the list of tokens", () => {
	test("tells what still opens something", () => {
		expect(standingOf(token({}), NOW)).toBe("valid");
		expect(standingOf(token({ expire_time: "2026-11-25T12:00:01Z" }), NOW)).toBe("valid");
		expect(standingOf(token({ expire_time: "2026-11-25T12:00:00Z" }), NOW)).toBe("expired");
		expect(standingOf(token({ revoke_time: "2026-11-02T00:00:00Z", expire_time: "2026-11-03T00:00:00Z" }), NOW)).toBe(
			"revoked",
		);
	});

	test("is narrowed by a part of the name, the beginning of the token, and the state", () => {
		const all = [token({ name: "Gate" }), token({ prefix: "perigee_zzzzzzzz", revoke_time: "2026-11-02T00:00:00Z" })];
		const found = (query: string) => matching(all, queryFrom(new URLSearchParams(query)), NOW);
		expect(found("")).toEqual(all);
		expect(found("find=gat")).toEqual([all[0]]);
		expect(found("find=perigee_zz")).toEqual([all[1]]);
		expect(found("standing=revoked")).toEqual([all[1]]);
		expect(found("standing=gone")).toEqual(all);
	});

	test("a whole token that is looked for comes into no address", () => {
		expect(searchable(`perigee_zzzzzzzz${"x".repeat(43)}`)).toBe("perigee_zzzzzzzz");
		expect(searchable("night ")).toBe("night ");
	});

	test("is read whole, newest first, within a bound", async () => {
		const answered = (sizes: number[]) => {
			const asked: string[] = [];
			const api = createPerigeeClient({
				baseUrl: "http://x",
				send: async (request) => {
					asked.push(new URL(request.url).search);
					const tokens = Array.from({ length: sizes.shift() ?? 1000 }, (_, at) =>
						token({ name: `${asked.length}.${at}` }),
					);
					return Response.json({ tokens });
				},
			});
			return { api, asked };
		};
		const two = answered([1000, 3]);
		const { tokens, more } = await allTokens(two.api, new AbortController().signal);
		expect([tokens.length, tokens[0]?.name, tokens.at(-1)?.name, more]).toEqual([1003, "2.2", "1.0", false]);
		expect(two.asked).toEqual(["?page=1&page_size=1000", "?page=2&page_size=1000"]);
		const many = answered([]);
		expect(await allTokens(many.api, new AbortController().signal)).toMatchObject({ more: true });
		expect(many.asked.length).toBe(10);
	});
});
