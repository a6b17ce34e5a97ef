/**
 * A text as a URL; null when it is none. `URL.canParse` is not asked: in Node 20 it refuses, once it is compiled, what holds a
 * letter like `ö`.
 */
export function urlOf(text: string): URL | null {
	try {
		return new URL(text);
	} catch {
		// It says what is wrong with it, which is all that was asked.
		return null;
	}
}
