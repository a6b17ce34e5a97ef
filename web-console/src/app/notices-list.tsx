import { dismiss, notices, spoken } from "./notices.ts";

/** What just happened, in a corner; and the same for screen readers. */
export function Notices() {
	return (
		<div class="notices" aria-live="polite">
			<ul>
				{notices.value.map(({ id, text, tone }) => (
					<li key={id} class="notice" data-tone={tone}>
						<span>{text}</span>
						<button type="button" class="button quiet icon" aria-label="Dismiss" onClick={() => dismiss(id)}>
							×
						</button>
					</li>
				))}
			</ul>
			<p class="spoken">{spoken.value}</p>
		</div>
	);
}
