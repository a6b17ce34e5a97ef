import { useId } from "preact/hooks";

interface TextInputProps {
	label: string;
	value: string;
	onInput: (value: string) => void;
	/** What is wrong with it; "" when nothing is. */
	message?: string;
	hint?: string;
	lines?: number;
	placeholder?: string;
	required?: boolean;
}

/** One labelled text of a dialog. */
export function TextInput(props: TextInputProps) {
	const { label, value, onInput, message = "", hint = "", lines, placeholder = "", required = false } = props;
	const id = useId();
	const shared = {
		id,
		class: "field",
		dir: "auto" as const,
		value,
		placeholder,
		"aria-required": required,
		"aria-invalid": message !== "",
		"aria-describedby": `${id}-hint`,
		onInput: (event: Event & { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
			onInput(event.currentTarget.value),
	};
	return (
		<div class="form-field" data-wrong={message !== ""}>
			<label for={id}>
				{label}
				{required && " *"}
			</label>
			{lines === undefined ? (
				<input {...shared} type="text" autoComplete="off" spellcheck={false} />
			) : (
				<textarea {...shared} rows={lines} />
			)}
			<p class="form-hint" id={`${id}-hint`}>
				{message || hint}
			</p>
		</div>
	);
}
