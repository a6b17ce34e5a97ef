import { base } from "../../app/console.ts";

/** How a stream is created by the API. */
export function Create() {
	return (
		<section class="page">
			<h1>Create</h1>
			<p>
				<code>POST {base}1/streams</code> creates a stream: <a href="docs/spec">its body</a>.
			</p>
		</section>
	);
}
