import { mayCreate } from "../../app/console.ts";
import { later } from "../../controls/later.tsx";

const CreateForm = later(async () => (await import("./create-form.tsx")).CreateForm);

/** A new stream. */
export function Create() {
	return (
		<section class="page">
			<h1>Create a stream</h1>
			{mayCreate.value ? <CreateForm /> : <p class="note">You may look, but not create streams. Ask an operator.</p>}
		</section>
	);
}
