/** What of a keyboard event tells which key it is. */
export interface KeyPress {
	readonly key: string;
	readonly shiftKey: boolean;
	readonly ctrlKey: boolean;
	readonly metaKey: boolean;
	readonly altKey: boolean;
}

/**
 * The name of a pressed key as shortcuts have it: `j`, `Shift+A`, `?`, `Enter`, `Space`, `Ctrl+a`. Shift is named with letters and named
 * keys only: where a sign is on the keyboard is nobody's business. The command key counts as Ctrl.
 */
export function keyName(press: KeyPress): string {
	const key = press.key === " " ? "Space" : press.key;
	const named = key.length > 1 || /^\p{L}$/u.test(key);
	const shift = press.shiftKey && named;
	const letter = key.length === 1 && named ? (shift ? key.toUpperCase() : key.toLowerCase()) : key;
	return `${press.ctrlKey || press.metaKey ? "Ctrl+" : ""}${press.altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${letter}`;
}
