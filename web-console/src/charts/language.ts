/**
 * uPlot formats numbers in the browser's language when it is loaded. A Chromium of a system without a locale calls that
 * `en-US@posix`, which no formatter knows, and the charts could not be loaded at all: such a name is replaced.
 */
export function ensureLanguage(): void {
	try {
		Intl.getCanonicalLocales(navigator.language);
	} catch {
		// The only thing that is thrown: the name is none.
		Object.defineProperty(navigator, "language", { value: "en", configurable: true });
	}
}
