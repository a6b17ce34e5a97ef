import { connection } from "../../app/console.ts";

/** The node that the page is connected to. */
export function Nodes() {
	const hello = connection.hello.value;
	return (
		<section class="page">
			<h1>Nodes</h1>
			<p>{hello === null ? "Not connected yet." : `Connected to ${hello.node_id}, version ${hello.version}.`}</p>
		</section>
	);
}
