/** What a group's description may hold, characters. */
export const MAX_DESCRIPTION = 256;

/** What is wrong with a name; "" when nothing is. */
export function wrongName(name: string): string {
	return /^[a-zA-Z0-9_-]{1,128}$/.test(name) ? "" : "Only Latin letters, digits, - and _; 1 to 128 of them.";
}

export function wrongAccount(account_id: string): string {
	return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(account_id)
		? ""
		: "Must be an id such as 557d54ec-29ad-4f3c-93b4-c9092ef12515, in lower case.";
}

export function wrongDescription(description: string): string {
	const length = [...description].length;
	return length > MAX_DESCRIPTION ? `At most ${MAX_DESCRIPTION} characters; these are ${length}.` : "";
}
