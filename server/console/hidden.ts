import { mask, maskSecrets } from "../settings/mask.ts";

const secretQuery = /([?&;][^=&#;]*=)[^&#;]*/g;
const harmless =
	/^[?&;](channel|subtype|stream|profile|unicast|proto|transport|resolution|fps|codec|id|name|type|w|h|width|height)=$/i;

const quotedAddress = /[a-z][a-z0-9+.-]*:\/\/[^\s"'<>`]+/gi;

/**
 * A reference or a url as it is shown: the password before its host hidden, and the values of its query but for a few
 * names that are known to be harmless, since cameras take passwords there under any name.
 */
export function hiddenUrl(text: string): string {
	return hiddenQuery(maskSecrets(text));
}

/** Text that people or agents wrote, with what looks like a secret in it hidden, also in the addresses that it quotes. */
export function hiddenText(text: string): string {
	return maskSecrets(text).replace(quotedAddress, hiddenQuery);
}

function hiddenQuery(url: string): string {
	return url.replace(secretQuery, (whole, head: string) => (harmless.test(head) ? whole : `${head}${mask}`));
}
