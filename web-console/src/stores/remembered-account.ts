const KEY = "perigee.account";

/** The account that something was last created for in this browser; "" for none. */
export function rememberedAccount(): string {
	try {
		return localStorage.getItem(KEY) ?? "";
	} catch {
		// A browser that stores nothing: the field is empty.
		return "";
	}
}

export function rememberAccount(account_id: string): void {
	try {
		localStorage.setItem(KEY, account_id);
	} catch {
		// As above: it is asked for again.
	}
}
