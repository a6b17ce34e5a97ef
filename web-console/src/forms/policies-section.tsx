import { AnyField } from "./fields.tsx";
import { resolved, schemaAt } from "./form-schema.ts";
import type { FormState } from "./form-state.ts";
import { labelOf } from "./labels.ts";

/** How the stream is processed: many settings that few change, so closed until somebody opens them. */
export function PoliciesSection({ form }: { form: FormState }) {
	const members = Object.keys(resolved(schemaAt("policies") ?? {}).properties ?? {}).map((name) => `policies.${name}`);
	const single = members.filter((path) => parts(path).length === 0);
	const groups = members.filter((path) => parts(path).length > 0);
	const changed = changedIn(form, "policies.");
	return (
		<details class="form-section">
			<summary>
				<h2>Policies</h2>
				<span class="form-aside">{changed === 0 ? "All as by default" : `${changed} not as by default`}</span>
			</summary>
			<div class="form-grid">
				{single.map((path) => (
					<AnyField key={path} form={form} path={path} />
				))}
			</div>
			{groups.map((group) => (
				<fieldset key={group} class="form-group">
					<legend>{labelOf(group)}</legend>
					<div class="form-grid">
						{parts(group).map((path) => (
							<AnyField key={path} form={form} path={path} />
						))}
					</div>
				</fieldset>
			))}
		</details>
	);
}

function parts(path: string): string[] {
	return Object.keys(resolved(schemaAt(path) ?? {}).properties ?? {}).map((name) => `${path}.${name}`);
}

/** How many fields below a path say something else than the default. */
function changedIn({ draft }: FormState, prefix: string): number {
	return Object.entries(draft).filter(([path, value]) => {
		if (!path.startsWith(prefix) || value === "") return false;
		const standard = schemaAt(path)?.default;
		return String(value) !== (Array.isArray(standard) ? standard.join(", ") : String(standard ?? ""));
	}).length;
}
