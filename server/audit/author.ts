import { anonymous, type Caller, nobody } from "../access/caller.ts";

/** Who does something, from where, and by which request. */
export interface Author {
	readonly caller: Caller;
	/** Address of the client; "" when it is not known. */
	readonly address: string;
	readonly requestId: string;
}

/** What a record says of its author. */
export function authorMembers({ caller, address, requestId }: Author) {
	return {
		subject: clean(caller === anonymous ? caller.name : caller.id),
		name: clean(caller.name),
		role: caller === nobody ? null : caller.role,
		token_prefix: caller.tokenPrefix,
		address,
		request_id: requestId,
	};
}

// With the u flag a surrogate matches only where it has no other half.
const unclean = /[\0\ud800-\udfff]/gu;

/** A provider of identities may put into a name what the database cannot keep. */
function clean(text: string): string {
	return text.replace(unclean, "\ufffd");
}
