import { effect, signal } from "@preact/signals";

export const THEMES = ["system", "dark", "light"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "perigee.theme";

/** The chosen theme; kept by the browser. */
export const theme = signal<Theme>(stored());

effect(() => {
	const chosen = theme.value;
	if (chosen === "system") delete document.documentElement.dataset["theme"];
	else document.documentElement.dataset["theme"] = chosen;
	try {
		localStorage.setItem(KEY, chosen);
	} catch {
		// A browser that stores nothing: the theme holds until the page is left.
	}
});

function stored(): Theme {
	try {
		return THEMES.find((each) => each === localStorage.getItem(KEY)) ?? "system";
	} catch {
		// As above.
		return "system";
	}
}

/** The next theme, in the order system, dark, light. */
export function changeTheme(): void {
	theme.value = THEMES[(THEMES.indexOf(theme.peek()) + 1) % THEMES.length] ?? "system";
}
