import { hrefOf } from "../../app/address.ts";
import { api } from "../../app/console.ts";
import { dataOf, useAsked } from "../../controls/asked.ts";
import { STATUSES, StatusLabel } from "../../controls/status.tsx";

/** The oldest hundred streams. */
export function Streams() {
	const asked = useAsked(
		async (signal) => dataOf(await api.GET("/1/streams", { params: { query: { page_size: 100 } }, signal })),
		[],
		2000,
	).value;
	return (
		<table class="table">
			<thead>
				<tr>
					<th>Status</th>
					<th>Name</th>
					<th>Groups</th>
					<th>Type</th>
					<th>Version</th>
					<th>Error</th>
				</tr>
			</thead>
			<tbody>
				{asked.value?.streams.map((stream) => {
					const status = STATUSES.find((each) => each === stream.status);
					return (
						<tr key={stream.stream_id} data-stream-id={stream.stream_id}>
							<td>{status && <StatusLabel status={status} />}</td>
							<td>
								<a href={hrefOf("stream", [stream.stream_id])}>{stream.name || stream.stream_id}</a>
							</td>
							<td>{stream.groups.join(", ")}</td>
							<td>{stream.data.type}</td>
							<td>{stream.version}</td>
							<td>{stream.last_error?.desc}</td>
						</tr>
					);
				})}
			</tbody>
		</table>
	);
}
