import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { type FormSchema, schemaAt } from "./form-schema.ts";
import type { FormState } from "./form-state.ts";
import { labelOf } from "./labels.ts";

interface FieldProps {
	form: FormState;
	/** The member's path in the body: `data.reference`. */
	path: string;
	label?: string;
	/** What to know before filling it in; what the API's description says of it when absent. */
	hint?: string;
}

interface ShellProps {
	id: string;
	label: string;
	hint: string;
	message: string;
	wide?: boolean;
	children: ComponentChildren;
}

/** Label, field, and below it what is wrong, or else a hint. */
function FieldShell({ id, label, hint, message, wide = false, children }: ShellProps) {
	return (
		<div class={wide ? "form-field wide" : "form-field"} data-wrong={message !== ""}>
			<label for={id}>{label}</label>
			{children}
			<p class="form-hint" id={`${id}-hint`}>
				{message || hint}
			</p>
		</div>
	);
}

function common(form: FormState, path: string, id: string) {
	const message = form.messageAt(path);
	return {
		message,
		attributes: {
			id,
			name: path,
			"aria-invalid": message !== "",
			"aria-describedby": `${id}-hint`,
			onBlur: () => form.leave(path),
		},
	};
}

interface TextFieldProps extends FieldProps {
	wide?: boolean;
	lines?: number;
	/** `password`: not shown while it is typed. */
	type?: "text" | "password" | "url";
	/** Values that are offered. */
	offered?: readonly string[];
	placeholder?: string;
	required?: boolean;
}

/** Text or a number. */
export function TextField({
	form,
	path,
	label,
	hint,
	wide,
	lines,
	type = "text",
	offered,
	placeholder,
	required = false,
}: TextFieldProps) {
	const id = useId();
	const schema = schemaAt(path) ?? {};
	const { message, attributes } = common(form, path, id);
	const value = String(form.draft[path] ?? "");
	const onInput = (event: Event & { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
		form.set({ [path]: event.currentTarget.value });
	const shared = { ...attributes, class: "field", dir: "auto" as const, value, onInput, "aria-required": required };
	const line = { placeholder: placeholder ?? defaultText(schema), autoComplete: "off", spellcheck: false } as const;
	const mode = type === "url" ? "url" : "text";
	return (
		<FieldShell
			id={id}
			label={`${label ?? labelOf(path)}${required ? " *" : ""}`}
			hint={hint ?? hintOf(schema)}
			message={message}
			wide={wide ?? false}
		>
			{lines !== undefined ? (
				<textarea {...shared} rows={lines} placeholder={placeholder ?? ""} />
			) : type === "password" ? (
				<input {...shared} type="password" autoComplete="new-password" />
			) : offered !== undefined ? (
				<input {...shared} {...line} type="text" list={`${id}-list`} />
			) : (
				<input {...shared} {...line} type="text" inputMode={isNumber(schema) ? "decimal" : mode} />
			)}
			{offered && (
				<datalist id={`${id}-list`}>
					{offered.map((each) => (
						<option key={each} value={each} />
					))}
				</datalist>
			)}
		</FieldShell>
	);
}

interface ChoiceProps extends FieldProps {
	/** Value and word of each choice; the schema's own when absent. */
	choices?: readonly (readonly [string, string])[];
	onChosen?: (value: string) => void;
}

/** One of a few. */
export function ChoiceField({ form, path, label, hint, choices, onChosen }: ChoiceProps) {
	const id = useId();
	const schema = schemaAt(path) ?? {};
	const { message, attributes } = common(form, path, id);
	const all = choices ?? (schema.enum ?? []).map((each) => [String(each), String(each)] as const);
	return (
		<FieldShell id={id} label={label ?? labelOf(path)} hint={hint ?? hintOf(schema)} message={message}>
			<select
				{...attributes}
				class="field"
				value={String(form.draft[path] ?? schema.default ?? "")}
				onChange={(event) => {
					form.set({ [path]: event.currentTarget.value });
					onChosen?.(event.currentTarget.value);
				}}
			>
				{all.map(([value, word]) => (
					<option key={value} value={value}>
						{word}
					</option>
				))}
			</select>
		</FieldShell>
	);
}

interface SwitchProps extends FieldProps {
	/** What stands in the draft for yes and no. */
	yes?: string | boolean;
	no?: string | boolean;
}

/** Yes or no. */
export function SwitchField({ form, path, label, hint, yes = true, no = false }: SwitchProps) {
	const id = useId();
	const schema = schemaAt(path) ?? {};
	const { message, attributes } = common(form, path, id);
	const value = form.draft[path] ?? schema.default ?? no;
	return (
		<div class="form-field switch" data-wrong={message !== ""}>
			<div class="form-switch">
				<input
					{...attributes}
					type="checkbox"
					checked={String(value) === String(yes)}
					onChange={(event) => form.set({ [path]: event.currentTarget.checked ? yes : no })}
				/>
				<label for={id}>{label ?? labelOf(path)}</label>
			</div>
			<p class="form-hint" id={`${id}-hint`}>
				{message || (hint ?? hintOf(schema))}
			</p>
		</div>
	);
}

/** The field that fits a member's schema. */
export function AnyField({ form, path }: FieldProps) {
	const schema = schemaAt(path) ?? {};
	if (schema.enum !== undefined) return <ChoiceField form={form} path={path} />;
	return schema.type === "boolean" ? <SwitchField form={form} path={path} /> : <TextField form={form} path={path} />;
}

function hintOf({ description = "" }: FormSchema): string {
	return description;
}

function isNumber({ type }: FormSchema): boolean {
	return type === "integer" || type === "number";
}

function defaultText(schema: FormSchema): string {
	if (Array.isArray(schema.default)) return schema.default.join(", ");
	return schema.default === undefined || schema.default === null ? "" : String(schema.default);
}
