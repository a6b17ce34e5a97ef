import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { hrefOf } from "../../app/address.ts";
import { api, connection, mayAct, mayCreate } from "../../app/console.ts";
import { address, setQuery } from "../../app/router.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import { dataOf, useAsked } from "../../controls/asked.ts";
import { counted, countOf, moment } from "../../controls/units.ts";
import { useStreamCounts } from "./counts.ts";
import { CreateGroupDialog } from "./create-group-dialog.tsx";
import { DeleteGroupDialog } from "./delete-group-dialog.tsx";
import { EditGroupDialog } from "./edit-group-dialog.tsx";
import type { Group } from "./group.ts";

type Open = { readonly what: "create" } | { readonly what: "edit" | "delete"; readonly group: Group };

const PAGE = 50;

/** All groups, oldest first, a page at a time. */
export function Groups() {
	const page = Math.max(1, Math.trunc(Number(address.value.query.get("page"))) || 1);
	const round = useSignal(0);
	const open = useSignal<Open | null>(null);
	useEffect(() => connection.onGroups(() => round.value++), []);
	const asked = useAsked(
		async (signal) => {
			const [groups, count] = await Promise.all([
				api.GET("/1/groups", { params: { query: { page, page_size: PAGE } }, signal }),
				api.GET("/1/groups/count", { signal }),
			]);
			return { groups: dataOf(groups), total: dataOf(count).groups_count };
		},
		[page, round.value],
	).value;
	const groups = asked.value?.groups ?? [];
	const counts = useStreamCounts(
		groups.map(({ group_name }) => group_name),
		round.value,
	);
	const pages = Math.max(1, Math.ceil((asked.value?.total ?? 0) / PAGE));
	const close = () => {
		open.value = null;
	};
	const create = () => {
		open.value = { what: "create" };
	};
	useShortcuts("Groups", [{ keys: ["n"], does: "Create a group", offered: mayCreate, run: create }]);

	return (
		<section class="page">
			<div class="page-head">
				<h1>Groups</h1>
				{asked.value !== undefined && <span class="soft">{countOf(asked.value.total, "group")}</span>}
				{mayCreate.value && (
					<button type="button" class="button main" onClick={create}>
						Create a group
					</button>
				)}
			</div>
			{asked.failure !== undefined && (
				<p class="form-verdict" role="alert">
					{asked.failure}{" "}
					<button type="button" class="button" onClick={() => round.value++}>
						Ask again
					</button>
				</p>
			)}
			{asked.value?.total === 0 && (
				<p class="empty">
					There are no groups yet. A group gathers streams, so that you can look at them and act on them together.
					{mayCreate.value && " Create one, then attach streams to it under Streams."}
				</p>
			)}
			{groups.length > 0 && (
				<table class="table groups-table">
					<thead>
						<tr>
							<th scope="col">Name</th>
							<th scope="col" class="number">
								Streams
							</th>
							<th scope="col">Description</th>
							<th scope="col">Created</th>
							{mayAct.value && (
								<th scope="col">
									<span class="spoken">Actions</span>
								</th>
							)}
						</tr>
					</thead>
					<tbody>
						{groups.map((group) => (
							<tr key={group.group_id}>
								<td>
									<a href={hrefOf("streams", [], { q: `group:${group.group_name}` })}>{group.group_name}</a>
								</td>
								<td class="number">
									{counts.has(group.group_name) ? counted(counts.get(group.group_name) ?? 0) : "…"}
								</td>
								<td class="wrap">
									<span dir="auto">{group.description}</span>
								</td>
								<td>{moment(Date.parse(group.create_time))}</td>
								{mayAct.value && (
									<td class="row-actions">
										<button
											type="button"
											class="button quiet"
											aria-label={`Edit ${group.group_name}`}
											onClick={() => {
												open.value = { what: "edit", group };
											}}
										>
											Edit
										</button>
										<button
											type="button"
											class="button quiet"
											aria-label={`Delete ${group.group_name}`}
											onClick={() => {
												open.value = { what: "delete", group };
											}}
										>
											Delete
										</button>
									</td>
								)}
							</tr>
						))}
					</tbody>
				</table>
			)}
			{pages > 1 && (
				<nav class="pager" aria-label="Pages of groups">
					<button
						type="button"
						class="button"
						disabled={page <= 1}
						onClick={() => setQuery({ page: String(page - 1) })}
					>
						Previous page
					</button>
					<span>
						Page {page} of {pages}
					</span>
					<button
						type="button"
						class="button"
						disabled={page >= pages}
						onClick={() => setQuery({ page: String(page + 1) })}
					>
						Next page
					</button>
				</nav>
			)}
			{open.value?.what === "create" && <CreateGroupDialog onClose={close} onDone={() => round.value++} />}
			{open.value?.what === "edit" && (
				<EditGroupDialog group={open.value.group} onClose={close} onDone={() => round.value++} />
			)}
			{open.value?.what === "delete" && (
				<DeleteGroupDialog group={open.value.group} onClose={close} onDone={() => round.value++} />
			)}
		</section>
	);
}
