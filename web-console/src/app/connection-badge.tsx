import type { ConnectionState } from "../socket/connection.ts";
import { connection } from "./console.ts";

const WORDS: Readonly<Record<ConnectionState, string>> = {
	connecting: "Connecting",
	connected: "Live",
	lost: "Reconnecting",
	refused: "Logged out",
};

/** Whether what is shown is what is. */
export function ConnectionBadge() {
	const state = connection.state.value;
	const hello = connection.hello.value;
	const about =
		hello === null
			? ""
			: `Node ${hello.node_id}, version ${hello.version}, as ${hello.caller.name} (${hello.caller.role})`;
	return (
		<p class="connection" role="status" data-state={state} title={about}>
			<span class="connection-mark" aria-hidden="true" />
			{WORDS[state]}
		</p>
	);
}
