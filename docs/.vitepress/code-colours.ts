import { createCssVariablesTheme, type ShikiTransformer } from "shiki";

const prefix = "--code-";

/** A theme that names what a word is (`--code-token-keyword`) in place of a colour; the colours stand in `theme/manual.css`. */
export const colourTheme = createCssVariablesTheme({ name: "manual", variablePrefix: prefix });

/** Turns those names into classes: styles inside the page would be refused by the service's policy. */
export const codeColours: ShikiTransformer = {
	name: "colours as classes",
	pre: (element) => {
		delete element.properties["style"];
	},
	span(element) {
		const style = String(element.properties["style"] ?? "");
		const names = [...style.matchAll(/var\(--code-([\w-]+)\)/g)].map(([, name]) => `code-${name}`);
		delete element.properties["style"];
		if (names.length > 0) this.addClassToHast(element, names);
	},
};
