import { hrefOf } from "../../app/address.ts";
import { api } from "../../app/console.ts";
import { dataOf, useAsked } from "../../controls/asked.ts";

/** The oldest hundred groups. */
export function Groups() {
	const asked = useAsked(
		async (signal) => dataOf(await api.GET("/1/groups", { params: { query: { page_size: 100 } }, signal })),
		[],
	).value;
	return (
		<section class="page">
			<h1>Groups</h1>
			{asked.failure !== undefined && <p class="note">{asked.failure}</p>}
			<ul>
				{asked.value?.map(({ group_id, group_name, description }) => (
					<li key={group_id}>
						<a href={hrefOf("streams", [], { q: `group:${group_name}` })}>{group_name}</a> {description}
					</li>
				))}
			</ul>
		</section>
	);
}
