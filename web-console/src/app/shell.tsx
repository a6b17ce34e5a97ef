import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Boundary } from "./boundary.tsx";
import { ConnectionBadge } from "./connection-badge.tsx";
import { connection } from "./console.ts";
import { HelpDialog } from "./help-dialog.tsx";
import { LoginDialog } from "./login-dialog.tsx";
import { LogoutMenu } from "./logout-menu.tsx";
import { Navigation } from "./navigation.tsx";
import { Notices } from "./notices-list.tsx";
import { placeOf, places } from "./places.ts";
import { address, go } from "./router.ts";
import { useShortcuts } from "./shortcuts.ts";
import { changeTheme } from "./theme.ts";
import { ThemeButton } from "./theme-button.tsx";
import { wayTo } from "./way-to.ts";

/** The frame around every place: navigation, connection, theme, help, notices. */
export function Shell() {
	const help = useSignal(false);
	const main = useRef<HTMLElement>(null);
	const place = placeOf(address.value.place);

	useEffect(() => {
		document.title = `${place?.title ?? "Not found"} · Perigee`;
	}, [place]);
	useShortcuts("Everywhere", [
		...places.flatMap(({ path, title, letter, offered }) => {
			const way = { keys: [`g ${letter}`], does: `Go to ${title}`, run: () => go(wayTo(path)) };
			return letter === undefined ? [] : [offered === undefined ? way : { ...way, offered }];
		}),
		{ keys: ["t"], does: "Change the theme", run: changeTheme },
		{
			keys: ["?"],
			does: "Show these shortcuts",
			run: () => {
				help.value = true;
			},
		},
	]);

	return (
		<>
			<button type="button" class="skip" onClick={() => main.current?.focus()}>
				Skip to the content
			</button>
			<header class="top">
				<a class="brand" href="#/streams">
					Perigee
				</a>
				<Navigation current={place} />
				<ConnectionBadge />
				<LogoutMenu />
				<ThemeButton />
				<button
					type="button"
					class="button quiet icon"
					aria-label="Shortcuts"
					title="Shortcuts (?)"
					onClick={() => {
						help.value = true;
					}}
				>
					?
				</button>
			</header>
			<main class="place" ref={main} tabIndex={-1} aria-label={place?.title ?? "Not found"}>
				{place === undefined ? (
					<p class="note">
						There is no such place here. <a href="#/streams">Go to the streams</a>
					</p>
				) : (
					<Boundary key={place.path}>
						<place.component />
					</Boundary>
				)}
			</main>
			<Notices />
			{connection.state.value === "refused" && <LoginDialog />}
			{help.value && (
				<HelpDialog
					onClose={() => {
						help.value = false;
					}}
				/>
			)}
		</>
	);
}
