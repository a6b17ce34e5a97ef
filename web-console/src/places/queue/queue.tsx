import { hrefOf } from "../../app/address.ts";
import { api } from "../../app/console.ts";
import { dataOf, useAsked } from "../../controls/asked.ts";

/** The first hundred streams that wait. */
export function Queue() {
	const asked = useAsked(
		async (signal) =>
			dataOf(await api.GET("/1/streams/processing/queue", { params: { query: { limit: 100 } }, signal })),
		[],
		2000,
	).value;
	return (
		<section class="page">
			<h1>Queue</h1>
			{asked.failure !== undefined && <p class="note">{asked.failure}</p>}
			<ol>
				{asked.value?.streams.map(({ stream_id, name }) => (
					<li key={stream_id}>
						<a href={hrefOf("stream", [stream_id])}>{name || stream_id}</a>
					</li>
				))}
			</ol>
		</section>
	);
}
