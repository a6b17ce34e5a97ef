import { everything, type Scope } from "../../persistence/scope.ts";

/** What somebody is to this service; what each may do stands in `actions.ts`. */
export type Role = "viewer" | "operator" | "agent" | "admin";

export const ROLES: readonly Role[] = ["viewer", "operator", "agent", "admin"];

/** Who asks, and how far they see. */
export interface Caller extends Scope {
	/** Tells callers apart: `token <token_id>`, `jwt <subject>`; "" for nobody in particular. */
	readonly id: string;
	/** For people: the name of the token, or of the user at the provider of identities. */
	readonly name: string;
	readonly role: Role;
	/** The beginning of the token that was shown, or that opened the session; null when it was none of this service's. */
	readonly tokenPrefix: string | null;
}

/** Whether the caller reads passwords and tokens of streams as they were written: agents need them. Others see `********`. */
export function seesSecrets({ role }: Caller): boolean {
	return role === "admin" || role === "agent";
}

/** The same text for the same caller with the same rights. */
export function identityOf({ id, name, role, accounts, groups }: Caller): string {
	return JSON.stringify([id, name, role, accounts, groups]);
}

/** Everybody, when access is not controlled. */
export const anonymous: Caller = { id: "", name: "anonymous", role: "admin", tokenPrefix: null, ...everything };

/** Who asks for what is public: nobody asked who it is, and nothing is in its scope. */
export const nobody: Caller = { id: "", name: "", role: "viewer", tokenPrefix: null, accounts: [], groups: [] };
