import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";

/**
 * A component whose code is fetched when it is first shown, so that whoever never goes there does not wait for it.
 *
 * @example
 * const Charts = later(async () => (await import("./charts.tsx")).Charts);
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
	let loaded: ComponentType<P> | undefined;
	return function Later(props: P) {
		const part = useSignal<ComponentType<P> | undefined>(loaded);
		const failed = useSignal(false);
		useEffect(() => {
			if (part.peek() !== undefined || failed.value) return;
			load().then(
				(component) => {
					loaded = component;
					part.value = component;
				},
				() => {
					// The service has another version now, or is away: the reader decides when to try again.
					failed.value = true;
				},
			);
		}, [failed.value]);
		const Part = part.value;
		if (Part !== undefined) return <Part {...props} />;
		if (!failed.value) return <p class="note">Loading …</p>;
		return (
			<div class="note" role="alert">
				<p>
					A part of the page could not be loaded. The service may be away, or have a newer version: load the page again.
				</p>
				<button type="button" class="button" onClick={() => location.reload()}>
					Load the page again
				</button>
			</div>
		);
	};
}
