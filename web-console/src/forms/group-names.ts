import { api } from "../app/console.ts";
import { dataOf, useAsked } from "../controls/asked.ts";

/** Names of groups to offer; the first thousand. */
export function useGroupNames(): readonly string[] {
	const asked = useAsked(
		async (signal) => dataOf(await api.GET("/1/groups", { params: { query: { page_size: 1000 } }, signal })),
		[],
	).value;
	return asked.value?.flatMap(({ group_name }) => group_name ?? []) ?? [];
}
