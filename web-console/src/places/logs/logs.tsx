import { hrefOf } from "../../app/address.ts";
import { api } from "../../app/console.ts";
import { dataOf, useAsked } from "../../controls/asked.ts";

/** The newest hundred log records. */
export function Logs() {
	const asked = useAsked(
		async (signal) => dataOf(await api.GET("/1/streams/logs", { params: { query: { page_size: 100 } }, signal })),
		[],
		2000,
	).value;
	return (
		<section class="page">
			<h1>Logs</h1>
			{asked.failure !== undefined && <p class="note">{asked.failure}</p>}
			<ol>
				{asked.value?.logs.map((record) => (
					<li key={`${record.stream_id} ${record.log_time} ${record.status}`}>
						{record.log_time} {record.status}{" "}
						<a href={hrefOf("stream", [record.stream_id ?? ""])}>{record.stream_id}</a>
					</li>
				))}
			</ol>
		</section>
	);
}
