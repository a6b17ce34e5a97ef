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
	/** `datetime-local`: a moment by the browser's clock. */
	type?: "text" | "datetime-local";
}

/** One labelled text of a dialog. */
export function TextInput(props: TextInputProps) {
	const {
		label,
		value,
		onInput,
		message = "",
		hint = "",
		lines,
		placeholder = "",
		required = false,
		type = "text",
	} = props;
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
			{lines !== undefined ? (
				<textarea {...shared} rows={lines} />
			) : type === "datetime-local" ? (
				<input {...shared} type="datetime-local" />
			) : (
				<input {...shared} type="text" autoComplete="off" spellcheck={false} />
			)}
			<p class="form-hint" id={`${id}-hint`}>
				{message || hint}
			</p>
		</div>
	);
}
