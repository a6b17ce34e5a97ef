import { useSignal } from "@preact/signals";
import { Dialog } from "../controls/dialog.tsx";
import { counted } from "../controls/units.ts";
import { MAX_LOGIN } from "../stores/console-api.ts";
import { connection, consoleApi } from "./console.ts";

/** Asks for a token while the service answers nobody who is not logged in. */
export function LoginDialog() {
	const token = useSignal("");
	const problem = useSignal("");
	const busy = useSignal(false);
	const logIn = async () => {
		const given = token.peek().trim();
		// Not by the field's maxLength, which would cut off the end of what is pasted and say nothing.
		const length = given.length;
		problem.value =
			length > MAX_LOGIN
				? `That is too long: at most ${counted(MAX_LOGIN)} characters; these are ${counted(length)}.`
				: "";
		if (problem.value !== "") return;
		busy.value = true;
		try {
			await consoleApi.logIn(given);
			// Everything on the page was asked for as nobody.
			location.reload();
		} catch (error) {
			problem.value = error instanceof Error ? error.message : String(error);
		}
		busy.value = false;
	};

	return (
		<Dialog
			title="Log in"
			onClose={() => {}}
			must
			actions={
				<button type="submit" form="login" class="button main" disabled={busy.value}>
					Log in
				</button>
			}
		>
			<form
				id="login"
				class="login"
				onSubmit={(event) => {
					event.preventDefault();
					void logIn();
				}}
			>
				<label>
					Token
					<input
						class="field"
						type="password"
						autocomplete="current-password"
						required
						aria-invalid={problem.value !== ""}
						aria-describedby="login-hint login-problem"
						value={token.value}
						onInput={(event) => {
							token.value = event.currentTarget.value;
						}}
					/>
				</label>
				<p id="login-hint" class="form-hint">
					A token of this service, or a JWT of its provider of identities.
				</p>
				<p id="login-problem" class="form-problem" role="alert">
					{problem.value}
				</p>
			</form>
			<button type="button" class="button quiet" onClick={() => connection.retry()}>
				I have logged in elsewhere: try again
			</button>
		</Dialog>
	);
}
