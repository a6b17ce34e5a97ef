import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api } from "../../app/console.ts";

/** How many are asked for at a time. */
const LANES = 4;

/** How many streams each of these groups has, as far as it is known yet. */
export function useStreamCounts(names: readonly string[], round: number): ReadonlyMap<string, number> {
	const counts = useSignal<ReadonlyMap<string, number>>(new Map());
	useEffect(() => {
		const gone = new AbortController();
		const waiting = [...names];
		const lane = async () => {
			for (let name = waiting.shift(); name !== undefined && !gone.signal.aborted; name = waiting.shift()) {
				try {
					const query = { group_name: name };
					const { data } = await api.GET("/1/streams/count", { params: { query }, signal: gone.signal });
					if (data !== undefined) counts.value = new Map(counts.peek()).set(name, data.streams_count);
				} catch {
					// The count stays unknown; the list of groups itself tells when the service is away.
					return;
				}
			}
		};
		for (let started = 0; started < LANES; started++) void lane();
		return () => gone.abort();
	}, [names.join(), round]);
	return counts.value;
}
