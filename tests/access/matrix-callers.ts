import type { GuardedService } from "./access-fixture.ts";

/** The account and group of everything that there is, and one of each that has nothing. */
export const account = "557d54ec-29ad-4f3c-93b4-c9092ef12515";
export const otherAccount = "16fd2706-8baf-433b-82eb-8c7fada847da";
export const hall = "hall";
export const yard = "yard";

export const roles = ["viewer", "operator", "agent", "admin"] as const;
export type Role = (typeof roles)[number];

/** Whoever is nobody. */
export const strangers = ["no token", "a wrong token", "an expired token", "a revoked token"] as const;

/** Callers of a role that see everything, or the account or group of what there is. The first sees everything. */
export const insiders = (role: Role) => [role, `${role} of the account`, `${role} of the group`];
/** Callers of a role that see nothing of what there is. */
export const outsiders = (role: Role) => [
	`${role} of another account`,
	`${role} of another group`,
	`${role} of no account`,
];

/** A token for each of these callers, by what they are called; "" for none. */
export async function makeCallers(own: GuardedService): Promise<Record<string, string>> {
	const revoked = await own.token({ role: "admin" });
	await own.ask(own.admin, "DELETE", `/console/tokens/${revoked.token_id}`);
	const tokens: Record<string, string> = {
		"no token": "",
		"a wrong token": own.admin.replace(/.$/, (last) => (last === "A" ? "B" : "A")),
		"an expired token": (await own.token({ role: "admin", expire_time: "2020-01-01T00:00:00Z" })).token,
		"a revoked token": revoked.token,
	};
	const scopes = [
		{},
		{ accounts: [account, otherAccount] },
		{ groups: [hall, yard] },
		{ accounts: [otherAccount] },
		{ groups: [yard] },
		{ accounts: [] },
	];
	for (const role of roles) {
		for (const [at, name] of [...insiders(role), ...outsiders(role)].entries()) {
			tokens[name] = (await own.token({ role, ...scopes[at] })).token;
		}
	}
	return tokens;
}
