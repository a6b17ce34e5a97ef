import { consoleApi, me } from "./console.ts";
import { notify } from "./notices.ts";

/** Ends the session of this browser; there only where there are sessions. */
export function LogoutButton() {
	const known = me.value;
	if (known?.mode !== "tokens") return null;
	const logOut = async () => {
		try {
			await consoleApi.logOut();
			location.reload();
		} catch (error) {
			notify(error instanceof Error ? error.message : String(error), "bad");
		}
	};
	return (
		<button type="button" class="button quiet" title={`${known.name} (${known.role})`} onClick={() => void logOut()}>
			Log out
		</button>
	);
}
