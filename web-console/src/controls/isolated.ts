/**
 * A user's text within a sentence of ours, where no element can set it apart (notices, titles): whatever direction it has or
 * asks for ends with it. U+2068 and U+2069, first-strong isolate and its end.
 */
export function isolated(text: string): string {
	return `\u2068${text}\u2069`;
}
