/** Makes an element; texts only ever become text nodes. */
export function element<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	className: string,
	...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
	const made = document.createElement(tag);
	if (className !== "") made.className = className;
	made.append(...children);
	return made;
}

/** Sets the text if it is another, and hides the element while there is none. */
export function say(target: HTMLElement, text: string): void {
	if (target.textContent !== text) target.textContent = text;
	if (target.hidden !== (text === "")) target.hidden = text === "";
}

/** @throws when the page lacks it, which is a fault of the page */
export function byId(id: string): HTMLElement {
	const found = document.getElementById(id);
	if (found === null) throw new Error(`The page has no #${id}.`);
	return found;
}
