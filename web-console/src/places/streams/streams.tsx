import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ConsoleFilter, ConsoleOrder } from "../../../../client/console/protocol.ts";
import { hrefOf } from "../../app/address.ts";
import { mayAct, mayCreate } from "../../app/console.ts";
import { address } from "../../app/router.ts";
import { Selection } from "../../stores/selection.ts";
import { Freshness } from "./freshness.tsx";
import { OrderChoice } from "./order-choice.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { StreamHead, type StreamSearch, useStreamSearch, useStreamsView } from "./stream-search.tsx";
import { StreamsTable } from "./streams-table.tsx";
import { useTableKeys } from "./table-keys.ts";

/** Where the table was left; holds while the search and the order are the same. */
const left = { question: "", offset: 0 };

/** Every stream: counters, a search line, and a table of any length. */
export function Streams() {
	const search = useStreamSearch();
	return (
		<div class="streams">
			<h1 class="spoken">Streams</h1>
			{search.filter === undefined ? (
				<StreamHead search={search} />
			) : (
				<StreamList search={search} filter={search.filter} />
			)}
		</div>
	);
}

function StreamList({ search, filter }: { search: StreamSearch; filter: ConsoleFilter }) {
	const order = orderOf(address.value.query.get("order"));
	const selection = useMemo(() => new Selection(), []);
	const active = useSignal(-1);
	const view = useStreamsView(filter, order, () => {
		active.value = -1;
		selection.clear();
	});
	const question = JSON.stringify([filter, order]);
	const offset = useRef(left.question === question ? left.offset : 0);
	const newest = useRef(question);
	newest.current = question;
	useEffect(
		() => () => {
			left.question = newest.current;
			left.offset = offset.current;
		},
		[],
	);
	useTableKeys({ view, selection, active, focusSearch: search.focus });
	const { state, listed, failure } = view.head.value;

	return (
		<>
			<StreamHead search={search}>
				<OrderChoice order={order} />
				<Freshness view={view} />
			</StreamHead>
			{state === "failed" ? (
				<p class="note" role="alert">
					{failure}
				</p>
			) : state === "shown" && listed === 0 ? (
				<p class="note">
					{search.line === "" ? (
						<>There are no streams yet. {mayCreate.value && <a href={hrefOf("create")}>Create one</a>}</>
					) : (
						"No stream matches."
					)}
				</p>
			) : (
				<StreamsTable view={view} selection={selection} active={active} offset={offset} />
			)}
			{mayAct.value && (
				<SelectionBar
					view={view}
					selection={selection}
					filter={filter}
					invalid={search.invalid}
					groups={search.groups}
				/>
			)}
		</>
	);
}

function orderOf(text: string | null): ConsoleOrder {
	return text === "oldest" || text === "newest" ? text : "problems";
}
