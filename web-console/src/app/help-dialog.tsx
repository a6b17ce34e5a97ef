import { Dialog } from "../controls/dialog.tsx";
import { shortcutGroups } from "./shortcuts.ts";

/** Every shortcut that works where one is. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
	return (
		<Dialog title="Shortcuts" onClose={onClose} wide>
			<div class="help">
				{shortcutGroups.value.map(({ title, shortcuts }) => (
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
