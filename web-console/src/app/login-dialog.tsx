import { useSignal } from "@preact/signals";
import { Dialog } from "../controls/dialog.tsx";
import { connection, consoleApi } from "./console.ts";

/** Asks for a token while the service answers nobody who is not logged in. */
export function LoginDialog() {
	const token = useSignal("");
	const problem = useSignal("");
	const busy = useSignal(false);
	const logIn = async () => {
		busy.value = true;
		problem.value = "";
		try {
			await consoleApi.logIn(token.peek().trim());
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
						maxLength={512}
						aria-invalid={problem.value !== ""}
						aria-describedby="login-problem"
						value={token.value}
						onInput={(event) => {
							token.value = event.currentTarget.value;
						}}
					/>
				</label>
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
