import { useSignal } from "@preact/signals";
import { ConfirmDialog } from "../controls/confirm-dialog.tsx";
import { Menu } from "../controls/menu.tsx";
import { Refusal } from "../stores/console-api.ts";
import { consoleApi, me } from "./console.ts";
import { notify } from "./notices.ts";

/** Ends the session of this browser, or every session of the same token or user; there only where there are sessions. */
export function LogoutMenu() {
	const asking = useSignal(false);
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
	const who = `${known.name} (${known.role})`;
	return (
		<>
			<Menu label="Log out" quiet title={who}>
				{(close) => (
					<>
						<p class="menu-note">
							<bdi>{who}</bdi>
						</p>
						<button type="button" class="button quiet menu-choice" onClick={() => void logOut()}>
							Log out of this browser
						</button>
						<button
							type="button"
							class="button quiet menu-choice"
							onClick={() => {
								close();
								asking.value = true;
							}}
						>
							Log out everywhere …
						</button>
					</>
				)}
			</Menu>
			{asking.value && (
				<ConfirmDialog
					title="Log out everywhere?"
					confirm="Log out everywhere"
					keep="Stay logged in"
					danger
					act={async () => {
						try {
							await consoleApi.logOut({ everywhere: true });
							return {};
						} catch (error) {
							if (error instanceof Refusal) return { error };
							throw error;
						}
					}}
					wordsOf={(error) => (error instanceof Refusal ? error.message : String(error))}
					onClose={() => {
						asking.value = false;
					}}
					onDone={() => location.reload()}
				>
					<p>
						Every session of <bdi>{known.name}</bdi> ends, in all browsers and on every node, this one too. What it was
						opened with stays good: it opens a new one.
					</p>
				</ConfirmDialog>
			)}
		</>
	);
}
