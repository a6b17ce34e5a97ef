import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ConsoleFilter, ConsoleOrder } from "../../../../client/console/protocol.ts";
import { api, connection, mayAct } from "../../app/console.ts";
import { address, setQuery } from "../../app/router.ts";
import { SearchField } from "../../controls/search-field.tsx";
import { subscribeCounts } from "../../stores/counts.ts";
import { GroupList } from "../../stores/group-names.ts";
import { parseSearch, toggled } from "../../stores/search/search-line.ts";
import { Selection } from "../../stores/selection.ts";
import { StreamsView } from "../../stores/streams-view.ts";
import { Freshness } from "./freshness.tsx";
import { OrderChoice } from "./order-choice.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { StatusCounters } from "./status-counters.tsx";
import { StreamsTable } from "./streams-table.tsx";
import { useTableKeys } from "./table-keys.ts";

/** Letters are gathered for so long before the service is asked. */
const TYPING_MS = 200;

/** Where the table was left; holds while the line and the order are the same. */
const left = { line: "", offset: 0 };

/** Every stream: counters, a search line, and a table of any length. */
export function Streams() {
	const line = address.value.query.get("q") ?? "";
	const order = orderOf(address.value.query.get("order"));
	const { filter, problems } = useMemo(() => parseSearch(line), [line]);
	// While the line is being typed and cannot be read, what it last said is shown.
	const readable = useRef<ConsoleFilter | undefined>(undefined);
	if (filter !== null) readable.current = filter;
	const groups = useMemo(() => new GroupList(api, connection), []);
	const counts = useMemo(() => subscribeCounts(connection), []);
	const focusSearch = useRef(() => {});
	useEffect(
		() => () => {
			groups.end();
			counts.end();
		},
		[groups, counts],
	);

	return (
		<div class="streams">
			<h1 class="spoken">Streams</h1>
			<StatusCounters
				counts={counts.counts}
				chosen={filter?.statuses ?? []}
				onToggle={(status) => setQuery({ q: toggled(line, "statuses", status) })}
			/>
			{readable.current === undefined ? (
				<div class="streams-tools">
					<SearchLine line={line} problems={problems} invalid groups={groups} focus={focusSearch} />
				</div>
			) : (
				<StreamList
					line={line}
					filter={readable.current}
					order={order}
					invalid={filter === null}
					problems={problems}
					groups={groups}
					focusSearch={focusSearch}
				/>
			)}
		</div>
	);
}

interface StreamListProps {
	line: string;
	filter: ConsoleFilter;
	order: ConsoleOrder;
	invalid: boolean;
	problems: readonly string[];
	groups: GroupList;
	focusSearch: { current: () => void };
}

function StreamList({ line, filter, order, invalid, problems, groups, focusSearch }: StreamListProps) {
	const question = JSON.stringify([filter, order]);
	const asked = useRef(question);
	const view = useMemo(
		() => new StreamsView(connection, { filter, order }, (callback) => requestAnimationFrame(callback)),
		[],
	);
	const selection = useMemo(() => new Selection(), []);
	const active = useSignal(-1);
	const offset = useRef(left.line === question ? left.offset : 0);
	useEffect(() => () => view.end(), [view]);
	useEffect(() => {
		left.line = question;
		if (asked.current === question) return;
		const timer = setTimeout(() => {
			asked.current = question;
			active.value = -1;
			selection.clear();
			view.ask({ filter, order });
		}, TYPING_MS);
		return () => clearTimeout(timer);
	}, [question]);
	useEffect(
		() => () => {
			left.offset = offset.current;
		},
		[],
	);
	useTableKeys({ view, selection, active, focusSearch });
	const head = view.head.value;

	return (
		<>
			<div class="streams-tools">
				<SearchLine line={line} problems={problems} invalid={invalid} groups={groups} focus={focusSearch} />
				<OrderChoice order={order} />
				<Freshness view={view} />
			</div>
			{head.state === "failed" ? (
				<p class="note" role="alert">
					{head.failure}
				</p>
			) : head.state === "shown" && head.listed === 0 ? (
				<p class="note">
					{line === "" ? (
						<>
							There are no streams yet. <a href="#/create">Create one</a>
						</>
					) : (
						"No stream matches."
					)}
				</p>
			) : (
				<StreamsTable view={view} selection={selection} active={active} offset={offset} />
			)}
			{mayAct.value && (
				<SelectionBar view={view} selection={selection} filter={filter} invalid={invalid} groups={groups} />
			)}
		</>
	);
}

interface SearchLineProps {
	line: string;
	problems: readonly string[];
	invalid: boolean;
	groups: GroupList;
	focus: { current: () => void };
}

function SearchLine({ line, problems, invalid, groups, focus }: SearchLineProps) {
	return (
		<SearchField
			label="Search streams"
			value={line}
			onChange={(next) => setQuery({ q: next })}
			problems={problems}
			invalid={invalid}
			known={{ group: groups.groups.value.map(({ name }) => name) }}
			focus={focus}
		/>
	);
}

function orderOf(text: string | null): ConsoleOrder {
	return text === "oldest" || text === "newest" ? text : "problems";
}
