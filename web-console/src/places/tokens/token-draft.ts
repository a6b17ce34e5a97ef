import type { Schemas } from "../../../../client/perigee-client.ts";
import { countOf } from "../../controls/units.ts";
import { failureIn, INVALID_BODY, isErrorAnswer, type PlacedError } from "../../forms/invalid-body.ts";
import { wrongAccount, wrongName } from "../groups/group-checks.ts";
import type { Role } from "./token-list.ts";

/** What stands in the fields of a new token. */
export interface TokenDraft {
	readonly name: string;
	readonly role: Role;
	/** Ids and names, apart by blanks or commas; without any: all. */
	readonly accounts: string;
	readonly groups: string;
	/** Days that it is good for; "never" that it expires; "at" a moment. */
	readonly expires: "never" | "7" | "30" | "90" | "365" | "at";
	/** The moment, by the browser's clock: `2026-12-01T08:00`. */
	readonly at: string;
}

/** A member of the body, and the field that it is filled in by. */
export type TokenField = "name" | "role" | "accounts" | "groups" | "expire_time";

export const EMPTY: TokenDraft = { name: "", role: "viewer", accounts: "", groups: "", expires: "never", at: "" };

const FIELDS = ["name", "role", "accounts", "groups", "expire_time"] as const satisfies readonly TokenField[];
const MAX_NAME = 128;
const MAX_ITEMS = 1000;
const DAY = 24 * 60 * 60 * 1000;

/** The words of a list as somebody types or pastes it, each once. */
export function itemsOf(text: string): string[] {
	return [...new Set(text.split(/[\s,;]+/).filter((each) => each !== ""))];
}

/**
 * What is wrong with a field before it is sent; "" when nothing is. What else the service refuses it says itself.
 *
 * @param now milliseconds since 1970, by the database's clock
 */
export function wrongIn(field: TokenField, draft: TokenDraft, now: number): string {
	switch (field) {
		case "name": {
			const length = [...draft.name.trim()].length;
			if (length === 0) return "A name tells whose it is, or what for.";
			return length > MAX_NAME ? `At most ${MAX_NAME} characters; these are ${length}.` : "";
		}
		case "role":
			return "";
		case "accounts":
			return wrongItem(itemsOf(draft.accounts), wrongAccount);
		case "groups":
			return wrongItem(itemsOf(draft.groups), wrongName);
		case "expire_time": {
			if (draft.expires !== "at") return "";
			const at = new Date(draft.at).getTime();
			if (Number.isNaN(at)) return "Say when.";
			return at <= now ? "That is over already." : "";
		}
	}
}

function wrongItem(items: readonly string[], wrong: (item: string) => string): string {
	if (items.length > MAX_ITEMS) return `At most ${MAX_ITEMS}; these are ${items.length}.`;
	const bad = items.find((each) => wrong(each) !== "");
	return bad === undefined ? "" : `${bad.slice(0, 80)}: ${wrong(bad)}`;
}

export function isReady(draft: TokenDraft, now: number): boolean {
	return FIELDS.every((field) => wrongIn(field, draft, now) === "");
}

/** The body that a draft without a fault says. */
export function bodyOf(draft: TokenDraft, now: number): Schemas["token_to_write"] {
	const [accounts, groups] = [itemsOf(draft.accounts), itemsOf(draft.groups)];
	return {
		name: draft.name.trim(),
		role: draft.role,
		accounts: accounts.length === 0 ? null : accounts,
		groups: groups.length === 0 ? null : groups,
		expire_time: expiryOf(draft, now),
	};
}

function expiryOf({ expires, at }: TokenDraft, now: number): string | null {
	if (expires === "never") return null;
	return new Date(expires === "at" ? at : now + Number(expires) * DAY).toISOString();
}

/** The field that an error of the service is about, and what it says there; undefined when it is about none. */
export function refusedField(error: unknown): (PlacedError & { path: TokenField }) | undefined {
	if (!isErrorAnswer(error) || error.error_code !== INVALID_BODY) return undefined;
	const { path, message } = failureIn(error.detail);
	const [name, item] = path.split(".");
	const field = FIELDS.find((each) => each === name);
	if (field === undefined) return undefined;
	return { path: field, message: item === undefined ? message : `Item ${Number(item) + 1} ${message}` };
}

/** What a role may do, after its name. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
	viewer: "reads streams, groups, the queue, logs and pictures",
	operator: "reads, and creates, changes, links and deletes streams and groups",
	agent: "reads streams, takes them from the queue and reports on them",
	admin: "does all of it; for all accounts and groups also reads the audit, and makes and revokes tokens",
};

/** What a token is for, in a few words: `2 accounts, all groups`. */
export function scopeWords(accounts: readonly string[] | null, groups: readonly string[] | null): string {
	if (accounts === null && groups === null) return "all accounts and groups";
	const of = (items: readonly string[] | null, one: string) =>
		items === null ? `all ${one}s` : countOf(items.length, one);
	return `${of(accounts, "account")}, ${of(groups, "group")}`;
}
