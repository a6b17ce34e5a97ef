import { mask, maskSecrets, maskUsers } from "../settings/mask.ts";

/** A member of a query; one without a value is matched as well, so that no part of a text is read twice. */
const member = /([?&;][^=&#;]*)(=[^&#;]*)?/g;
const harmless =
	/^[?&;](channel|subtype|stream|profile|unicast|proto|transport|resolution|fps|codec|id|name|type|w|h|width|height)$/i;

/** An address in a text, from its `://` on: looking for the scheme before it would take 7 ms for 2,000 letters. */
const quotedAddress = /:\/\/[^\s"'<>`]+/g;

/** A user and a password before a host without the scheme of an address; bounded, so that no long text is read once for each sign. */
const quotedUser = /(?<![^\s"'<>`/\\:@])([^\s"'<>`/\\:@]{1,64}:)[^\s"'<>`/\\]{1,128}@/g;

/**
 * A reference or a url as it is shown: the password before its host hidden, and the values of its query but for a few
 * names that are known to be harmless, since cameras take passwords there under any name.
 */
export function hiddenUrl(text: string): string {
	return hiddenQuery(maskSecrets(maskUsers(text)));
}

/**
 * Text that people or agents wrote, with what looks like a secret in it hidden, also in the addresses that it quotes, with a
 * scheme or without: those end at a blank or a quote.
 */
export function hiddenText(text: string): string {
	return maskSecrets(text).replace(quotedUser, `$1${mask}@`).replace(quotedAddress, hiddenQuery);
}

function hiddenQuery(url: string): string {
	return url.replace(member, (whole, name: string, value: string | undefined) =>
		value === undefined || harmless.test(name) ? whole : `${name}=${mask}`,
	);
}
