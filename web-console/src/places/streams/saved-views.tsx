import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { consoleApi, mayAct } from "../../app/console.ts";
import { notify } from "../../app/notices.ts";
import { address } from "../../app/router.ts";
import { Menu } from "../../controls/menu.tsx";
import type { SavedView } from "../../stores/console-api.ts";

/** Searches under names, shared by those who see the same accounts and groups; each is a link. */
export function SavedViews() {
	return <Menu label="Views">{(close) => <Views close={close} />}</Menu>;
}

function Views({ close }: { close: () => void }) {
	const { place, query } = address.value;
	const here = place || "streams";
	const views = useSignal<readonly SavedView[] | null>(null);
	const name = useSignal("");
	const attempt = async (what: () => Promise<void>) => {
		try {
			await what();
		} catch (error) {
			notify(error instanceof Error ? error.message : String(error), "bad");
		}
	};
	const read = () =>
		attempt(async () => {
			views.value = (await consoleApi.savedViews()).filter((each) => each.place === here);
		});
	useEffect(() => void read(), []);
	const save = () =>
		attempt(async () => {
			const { name: saved } = await consoleApi.saveView({
				name: name.peek().trim(),
				place: here,
				query: query.toString(),
			});
			notify(`Saved as "${saved}".`, "good");
			close();
		});

	return (
		<>
			{views.value === null ? (
				<p class="menu-note">Reading …</p>
			) : views.value.length === 0 ? (
				<p class="menu-note">Nothing is saved yet.</p>
			) : (
				<ul class="saved">
					{views.value.map((view) => (
						<li key={view.view_id}>
							<a
								href={`#/${view.place}${view.query === "" ? "" : `?${view.query}`}`}
								aria-current={view.query === query.toString() ? "page" : undefined}
								onClick={close}
							>
								<bdi>{view.name}</bdi>
							</a>
							{mayAct.value && (
								<button
									type="button"
									class="button quiet icon"
									aria-label={`Delete ${view.name}`}
									onClick={() =>
										void attempt(async () => {
											await consoleApi.deleteView(view.view_id);
											await read();
										})
									}
								>
									×
								</button>
							)}
						</li>
					))}
				</ul>
			)}
			{mayAct.value && (
				<form
					class="saved-form"
					onSubmit={(event) => {
						event.preventDefault();
						void save();
					}}
				>
					<input
						class="field"
						aria-label="Name"
						placeholder="Name of this search"
						required
						maxLength={128}
						pattern=".*\S.*"
						value={name.value}
						onInput={(event) => {
							name.value = event.currentTarget.value;
						}}
					/>
					<button type="submit" class="button">
						Save
					</button>
				</form>
			)}
		</>
	);
}
