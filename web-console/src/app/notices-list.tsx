import { dismiss, notices, spoken } from "./notices.ts";

/** What just happened, in a corner; and the same for screen readers. */
export function Notices() {
	return (
		<div class="notices">
			<ul role="status" aria-live="polite" aria-label="Notices">
				{notices.value.map(({ id, text, tone }) => (
					<li key={id} class="notice" data-tone={tone}>
						<span>{text}</span>
						<button type="button" class="button quiet icon" aria-label="Dismiss" onClick={() => dismiss(id)}>
							×
						</button>
					</li>
				))}
			</ul>
			<p class="spoken" aria-live="polite">
				{spoken.value}
			</p>
		</div>
	);
}
