import { useId } from "preact/hooks";

interface ChoiceInputProps<V extends string> {
	label: string;
	value: V;
	/** Value and word of each choice. */
	choices: readonly (readonly [V, string])[];
	onChosen: (value: V) => void;
	/** What is wrong with it; "" when nothing is. */
	message?: string;
	hint?: string;
}

/** One of a few, in a dialog. */
export function ChoiceInput<V extends string>(props: ChoiceInputProps<V>) {
	const { label, value, choices, onChosen, message = "", hint = "" } = props;
	const id = useId();
	return (
		<div class="form-field" data-wrong={message !== ""}>
			<label for={id}>{label}</label>
			<select
				id={id}
				class="field"
				value={value}
				aria-invalid={message !== ""}
				aria-describedby={`${id}-hint`}
				onChange={({ currentTarget }) => {
					const chosen = choices.find(([each]) => each === currentTarget.value);
					if (chosen !== undefined) onChosen(chosen[0]);
				}}
			>
				{choices.map(([each, word]) => (
					<option key={each} value={each}>
						{word}
					</option>
				))}
			</select>
			<p class="form-hint" id={`${id}-hint`}>
				{message || hint}
			</p>
		</div>
	);
}
