import { api } from "../../app/console.ts";
import { address } from "../../app/router.ts";
import { dataOf, useAsked } from "../../controls/asked.ts";

/** One stream: `#/stream/<id>`. */
export function StreamPlace() {
	const id = address.value.rest[0] ?? "";
	const asked = useAsked(
		async (signal) => dataOf(await api.GET("/1/streams/{stream_id}", { params: { path: { stream_id: id } }, signal })),
		[id],
	).value;
	const stream = asked.value;
	if (stream === undefined) return <p class="note">{asked.failure ?? "Asking …"}</p>;
	return (
		<section class="page">
			<h1>{stream.name || stream.stream_id}</h1>
			<p>{stream.description}</p>
			<p>
				{stream.status}, version {stream.version}, created {stream.create_time}
			</p>
		</section>
	);
}
