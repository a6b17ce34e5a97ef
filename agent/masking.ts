/**
 * A reference as it may be shown: without user and password, and without the values of its query, which is where
 * cameras and media servers carry their tokens. Works on text that is no valid URL as well.
 */
export function maskReference(reference: string): string {
	const query = reference.indexOf("?");
	const head = query < 0 ? reference : reference.slice(0, query);
	const tail = query < 0 ? "" : reference.slice(query).replace(/=[^&#]*/g, "=***");
	return maskUserInfo(head) + tail;
}

/**
 * Hides what may be a secret in free text: the credentials and query values of every URL in it, and the credentials of one whose
 * scheme was left out.
 */
export function maskText(text: string): string {
	return text.replace(/[a-z][a-z0-9+.-]*:\/\/[^\s'"<>]+/gi, (url) => maskReference(url)).replace(looseUser, "***@");
}

/** Bounded, so that no long text is read once for each of its signs. */
const looseUser = /(?<![^\s'"<>/\\:@])[^\s'"<>/\\:@]{1,64}:[^\s'"<>/\\]{1,128}@/g;

/** The authority ends at the first slash; a password may hold an @, so the last one before that slash counts. */
function maskUserInfo(url: string): string {
	return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/]*)@/i, "$1***@").replace(looseUser, "***@");
}
