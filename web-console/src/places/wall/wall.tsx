import { hrefOf } from "../../app/address.ts";
import { api } from "../../app/console.ts";
import { dataOf, useAsked } from "../../controls/asked.ts";
import { StatusLabel } from "../../controls/status.tsx";

/** Pictures of the first streams in progress. */
export function Wall() {
	const asked = useAsked(
		async (signal) =>
			dataOf(await api.GET("/1/streams", { params: { query: { statuses: ["in_progress"], page_size: 40 } }, signal })),
		[],
		2000,
	).value;
	return (
		<ul class="tiles">
			{asked.value?.streams.map((stream) => (
				<li key={stream.stream_id} class="tile" data-stream-id={stream.stream_id}>
					{stream.preview?.last_frame && (
						<img
							alt=""
							src={`1/streams/${stream.stream_id}/preview/last_frame?moment=${Math.floor(Date.now() / 2000)}`}
						/>
					)}
					<a href={hrefOf("stream", [stream.stream_id])}>{stream.name || stream.stream_id}</a>
					<StatusLabel status="in_progress" />
				</li>
			))}
		</ul>
	);
}
