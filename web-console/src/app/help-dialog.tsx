import { Dialog } from "../controls/dialog.tsx";
import { type ShortcutGroup, shortcutGroups } from "./shortcuts.ts";

/** Every shortcut that works where one is. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
	return (
		<Dialog title="Shortcuts" onClose={onClose} wide>
			<div class="help">
				{offered().map(({ title, shortcuts }) => (
					<section key={title}>
						<h3>{title}</h3>
						<dl>
							{shortcuts.map(({ keys, does }) => (
								<div key={does}>
									<dt>
										{keys.map((key) => (
											<kbd key={key}>{key}</kbd>
										))}
									</dt>
									<dd>{does}</dd>
								</div>
							))}
						</dl>
					</section>
				))}
			</div>
		</Dialog>
	);
}

function offered(): readonly ShortcutGroup[] {
	return shortcutGroups.value
		.map(({ title, shortcuts }) => ({ title, shortcuts: shortcuts.filter((each) => each.offered?.value !== false) }))
		.filter(({ shortcuts }) => shortcuts.length > 0);
}
