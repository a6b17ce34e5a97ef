import { type ReadonlySignal, signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { keyName } from "./key-names.ts";

export interface Shortcut {
	/** Names of keys as `keyName` has them; with a blank, one after the other: `g s`. Several: each of them does it. */
	readonly keys: readonly string[];
	/** What it does, for the help: "Open the stream". */
	readonly does: string;
	/** Whether who looks may do it; always when absent. What is not offered is not listed, and its keys do nothing. */
	readonly offered?: ReadonlySignal<boolean>;
	readonly run: (event: KeyboardEvent) => void;
}

export interface ShortcutGroup {
	readonly title: string;
	readonly shortcuts: readonly Shortcut[];
}

/** How long after `g` its letter is waited for. */
const SEQUENCE_MS = 1500;

/** All shortcuts that work now; those of the newest group win. */
export const shortcutGroups = signal<readonly ShortcutGroup[]>([]);

let first = "";
let firstAt = 0;

/** Adds a group until the returned function is called. */
export function registerShortcuts(group: ShortcutGroup): () => void {
	shortcutGroups.value = [...shortcutGroups.peek(), group];
	return () => {
		shortcutGroups.value = shortcutGroups.peek().filter((each) => each !== group);
	};
}

/** The group's shortcuts work while the component is there; `run` may close over the newest state. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
	const newest = useRef(shortcuts);
	newest.current = shortcuts;
	// Before the browser paints: on a busy machine what is seen would be deaf for a while.
	useLayoutEffect(
		() =>
			registerShortcuts({
				title,
				shortcuts: newest.current.map((each, at) => ({ ...each, run: (event) => newest.current[at]?.run(event) })),
			}),
		[title],
	);
}

/** Listens to the keyboard; called once. Nothing is a shortcut while somebody types or a dialog is open. */
export function listenForShortcuts(): void {
	document.addEventListener("keydown", (event) => {
		if (event.defaultPrevented || event.isComposing || isTyping(event.target)) return;
		if (document.querySelector("dialog[open]") !== null) return;
		const name = keyName(event);
		const sequence = event.timeStamp - firstAt < SEQUENCE_MS && first !== "" ? `${first} ${name}` : name;
		const found = find(sequence) ?? find(name);
		first = found === undefined && begins(name) ? name : "";
		firstAt = event.timeStamp;
		if (found === undefined || pressesControl(event)) return;
		event.preventDefault();
		found.run(event);
	});
}

function find(keys: string): Shortcut | undefined {
	return shortcutGroups
		.peek()
		.toReversed()
		.flatMap(({ shortcuts }) => shortcuts)
		.find((each) => each.keys.includes(keys) && each.offered?.peek() !== false);
}

function begins(name: string): boolean {
	return shortcutGroups
		.peek()
		.some(({ shortcuts }) => shortcuts.some(({ keys }) => keys.some((each) => each.startsWith(`${name} `))));
}

function isTyping(target: EventTarget | null): boolean {
	return (
		target instanceof Element &&
		target.matches("input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]")
	);
}

/** Enter and Space belong to the button or link that has the focus; arrows to a slider. */
function pressesControl(event: KeyboardEvent): boolean {
	if (!(event.target instanceof Element)) return false;
	if (event.target.matches("input[type=range]")) return event.key.startsWith("Arrow");
	return (event.key === "Enter" || event.key === " ") && event.target.matches("button, a[href], summary, input");
}
