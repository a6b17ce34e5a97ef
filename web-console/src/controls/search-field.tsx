import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { type Completion, completionsAt, type KnownValues } from "../stores/search/completion.ts";

interface SearchFieldProps {
	label: string;
	value: string;
	/** Called for every letter. */
	onChange: (line: string) => void;
	/** What is wrong with the line, in words. */
	problems: readonly string[];
	/** The line cannot be read at all. */
	invalid: boolean;
	known: KnownValues;
	/** Given the function that puts the caret into the field. */
	focus: { current: () => void };
}

/** A search line with qualifiers, which it completes. */
export function SearchField({ label, value, onChange, problems, invalid, known, focus }: SearchFieldProps) {
	const input = useRef<HTMLInputElement>(null);
	const caret = useSignal<number | null>(null);
	const chosen = useSignal(-1);
	const list = useId();
	const note = useId();
	const { from, to, options } =
		caret.value === null ? { from: 0, to: 0, options: [] } : completionsAt(value, caret.value, known);

	useEffect(() => {
		focus.current = () => {
			input.current?.focus();
			input.current?.select();
		};
	}, [focus]);

	const look = () => {
		const { current } = input;
		caret.value = current === null || current.selectionStart !== current.selectionEnd ? null : current.selectionStart;
		chosen.value = -1;
	};
	const accept = ({ text }: Completion) => {
		const before = value.slice(0, from) + text;
		onChange(before + value.slice(to).trimStart());
		chosen.value = -1;
		caret.value = before.length;
		queueMicrotask(() => {
			input.current?.focus();
			input.current?.setSelectionRange(before.length, before.length);
		});
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.isComposing) return;
		const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
		const option = options[chosen.value];
		if (move !== 0 && options.length > 0) {
			event.preventDefault();
			chosen.value = (chosen.value + move + options.length + (chosen.value < 0 && move < 0 ? 1 : 0)) % options.length;
		} else if ((event.key === "Enter" || event.key === "Tab") && option !== undefined) {
			event.preventDefault();
			accept(option);
		} else if (event.key === "Enter") {
			caret.value = null;
		} else if (event.key === "Escape") {
			event.preventDefault();
			if (options.length > 0) caret.value = null;
			else input.current?.blur();
		}
	};

	return (
		<div class="search" role="search">
			<input
				ref={input}
				class="field search-input"
				type="text"
				role="combobox"
				aria-label={label}
				aria-expanded={options.length > 0}
				aria-controls={list}
				aria-autocomplete="list"
				aria-activedescendant={chosen.value >= 0 ? `${list}-${chosen.value}` : undefined}
				aria-invalid={invalid}
				aria-describedby={note}
				placeholder="Search: a name, or status:failure group:hall type:tcp error:5 …"
				autocomplete="off"
				spellcheck={false}
				maxLength={2000}
				value={value}
				onInput={(event) => {
					onChange(event.currentTarget.value);
					look();
				}}
				onClick={look}
				onKeyUp={(event) => {
					if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) look();
				}}
				onFocus={look}
				onBlur={() => {
					caret.value = null;
				}}
				onKeyDown={onKeyDown}
			/>
			{value === "" ? (
				<span class="search-key">/</span>
			) : (
				<button
					type="button"
					class="button quiet icon search-clear"
					aria-label="Clear the search"
					onClick={() => onChange("")}
				>
					×
				</button>
			)}
			<div class="search-options" id={list} role="listbox" aria-label="Completions" hidden={options.length === 0}>
				{options.map((option, at) => (
					// biome-ignore lint/a11y/useKeyWithClickEvents: the input keeps the focus and chooses with the arrows
					<div
						key={option.label}
						id={`${list}-${at}`}
						class="search-option"
						role="option"
						aria-selected={at === chosen.value}
						onMouseDown={(event) => event.preventDefault()}
						onClick={() => accept(option)}
					>
						<span>{option.label}</span>
						<span class="search-about">{option.about}</span>
					</div>
				))}
			</div>
			<p class="search-note" id={note} role="status" data-invalid={invalid ? "" : undefined}>
				{problems.join(". ")}
			</p>
		</div>
	);
}
