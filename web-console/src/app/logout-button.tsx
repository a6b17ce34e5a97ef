import { useAsked } from "../controls/asked.ts";
import { connection, consoleApi } from "./console.ts";
import { notify } from "./notices.ts";

/** Ends the session of this browser; there only where there are sessions. */
export function LogoutButton() {
	const known = connection.hello.value !== null;
	const me = useAsked(async () => (known ? await consoleApi.me() : null), [known]).value.value;
	if (me?.mode !== "tokens") return null;
	const logOut = async () => {
		try {
			await consoleApi.logOut();
			location.reload();
		} catch (error) {
			notify(error instanceof Error ? error.message : String(error), "bad");
		}
	};
	return (
		<button type="button" class="button quiet" title={`${me.name} (${me.role})`} onClick={() => void logOut()}>
			Log out
		</button>
	);
}
