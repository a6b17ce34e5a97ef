import { changeTheme, theme } from "./theme.ts";

const WORDS = { system: "System theme", dark: "Dark theme", light: "Light theme" } as const;
const SHAPES = {
	system: "M2 3h12v8H2z M5 13h6v1H5z",
	dark: "M6 2a6 6 0 1 0 8 8A6.5 6.5 0 0 1 6 2Z",
	light:
		"M8 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7Z M7.4 1h1.2v2H7.4z M7.4 13h1.2v2H7.4z M1 7.4h2v1.2H1z M13 7.4h2v1.2h-2z",
} as const;

export function ThemeButton() {
	const word = WORDS[theme.value];
	return (
		<button type="button" class="button quiet icon" aria-label={word} title={`${word} (t)`} onClick={changeTheme}>
			<svg viewBox="0 0 16 16" class="mark" aria-hidden="true">
				<path d={SHAPES[theme.value]} />
			</svg>
		</button>
	);
}
