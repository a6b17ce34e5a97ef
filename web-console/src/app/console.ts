import { computed, effect, signal } from "@preact/signals";
import { createPerigeeClient } from "../../../client/perigee-client.ts";
import { browserDial, browserTimers } from "../socket/browser-wire.ts";
import { Connection } from "../socket/connection.ts";
import { PictureFeed } from "../socket/picture-feed.ts";
import { Clock } from "../stores/clock.ts";
import { ConsoleApi, type Me } from "../stores/console-api.ts";

/** Where the page is served, with a slash at the end; its PREFIX included. */
export const base = new URL(".", location.href).href;

/** The API, typed. */
export const api = createPerigeeClient({ baseUrl: base.replace(/\/$/, "") });

/** The console's own resources. */
export const consoleApi = new ConsoleApi(base, (url, init) => fetch(url, init));

export const connection = new Connection({ dial: browserDial(base), timers: browserTimers, random: Math.random });
export const pictures = new PictureFeed(connection);
export const clock = new Clock();

/** Whether the caller may change anything. Only hides what would be refused: the service decides. */
export const mayAct = computed(() => {
	const role = connection.hello.value?.caller.role;
	return role === "operator" || role === "admin";
});

/** Who the service takes the page for; null until it has said so. */
export const me = signal<Me | null>(null);

/** Whether the caller may create anything: with a scope of no account, or of no group, whatever it sent would be refused. */
export const mayCreate = computed(() => {
	const { accounts = null, groups = null } = me.value ?? {};
	return mayAct.value && accounts?.length !== 0 && groups?.length !== 0;
});

/** Whether the caller may look at the nodes, which concern the service as a whole. */
export const mayInspect = computed(() => me.value?.may.includes("inspect") ?? false);

/** Whether the caller may read who did what. */
export const mayAudit = computed(() => me.value?.may.includes("administer") ?? false);

/** Whether the caller may make and revoke tokens, where tokens open anything. */
export const mayManageTokens = computed(
	() => me.value?.mode === "tokens" && (me.value?.may.includes("administer") ?? false),
);

/** Starts what the page lives on; called once. */
export function startConsole(): void {
	effect(() => {
		const hello = connection.hello.value;
		if (hello === null) return;
		clock.set(hello.now);
		consoleApi.me().then(
			(known) => {
				me.value = known;
			},
			// It went away again: it is asked when it is back.
			() => {},
		);
	});
	effect(() => {
		if (connection.state.value !== "lost") return;
		consoleApi.me().then(
			(me) => {
				if (me === null) connection.refuse();
			},
			// Not there: the connection is tried again anyway.
			() => {},
		);
	});
	setInterval(() => {
		if (!document.hidden) clock.tick();
	}, 1000);
	const onVisibility = () => {
		pictures.pause(document.hidden);
		if (document.hidden) return;
		clock.tick();
		connection.retry();
	};
	document.addEventListener("visibilitychange", onVisibility);
	addEventListener("online", () => connection.retry());
	onVisibility();
	connection.start();
}
