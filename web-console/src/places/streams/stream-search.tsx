import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ConsoleFilter, ConsoleOrder } from "../../../../client/console/protocol.ts";
import { api, connection } from "../../app/console.ts";
import { address, setQuery } from "../../app/router.ts";
import { SearchField } from "../../controls/search-field.tsx";
import { subscribeCounts } from "../../stores/counts.ts";
import { GroupList } from "../../stores/group-names.ts";
import { parseSearch, toggled } from "../../stores/search/search-line.ts";
import { StreamsView } from "../../stores/streams-view.ts";
import { SavedViews } from "./saved-views.tsx";
import { StatusCounters } from "./status-counters.tsx";

/** Letters are gathered for so long before the service is asked. */
const TYPING_MS = 200;

export interface StreamSearch {
	/** The search line, from the address. */
	readonly line: string;
	/** What is shown: what the line says, or last said while it cannot be read; undefined when it never could. */
	readonly filter: ConsoleFilter | undefined;
	/** The line cannot be read: what is shown is not what it says. */
	readonly invalid: boolean;
	readonly problems: readonly string[];
	readonly groups: GroupList;
	readonly counts: ReturnType<typeof subscribeCounts>;
	readonly focus: { current: () => void };
}

/** The search line of the address, read, and what completes it. */
export function useStreamSearch(): StreamSearch {
	const line = address.value.query.get("q") ?? "";
	const { filter, problems } = useMemo(() => parseSearch(line), [line]);
	const readable = useRef<ConsoleFilter | undefined>(undefined);
	if (filter !== null) readable.current = filter;
	const groups = useMemo(() => new GroupList(api, connection), []);
	const counts = useMemo(() => subscribeCounts(connection), []);
	const focus = useRef(() => {});
	useEffect(
		() => () => {
			groups.end();
			counts.end();
		},
		[groups, counts],
	);
	return { line, filter: readable.current, invalid: filter === null, problems, groups, counts, focus };
}

/** A view for as long as the component is there, asked anew when the question changes. */
export function useStreamsView(filter: ConsoleFilter, order: ConsoleOrder, onAsk: () => void): StreamsView {
	const question = JSON.stringify([filter, order]);
	const asked = useRef(question);
	const newest = useRef({ filter, order, onAsk });
	newest.current = { filter, order, onAsk };
	const view = useMemo(
		() => new StreamsView(connection, newest.current, (callback) => requestAnimationFrame(callback)),
		[],
	);
	useEffect(() => () => view.end(), [view]);
	useEffect(() => {
		if (asked.current === question) return;
		const timer = setTimeout(() => {
			asked.current = question;
			newest.current.onAsk();
			view.ask({ filter: newest.current.filter, order: newest.current.order });
		}, TYPING_MS);
		return () => clearTimeout(timer);
	}, [question, view]);
	return view;
}

/** The counters and the search line, with what else belongs beside it. */
export function StreamHead({ search, children }: { search: StreamSearch; children?: ComponentChildren }) {
	const { line, filter, invalid, problems, groups, counts, focus } = search;
	return (
		<>
			<StatusCounters
				counts={counts.counts}
				chosen={invalid ? [] : (filter?.statuses ?? [])}
				onToggle={(status) => setQuery({ q: toggled(line, "statuses", status) }, { step: true })}
			/>
			<div class="streams-tools">
				<SearchField
					label="Search streams"
					value={line}
					onChange={(q) => setQuery({ q })}
					problems={problems}
					invalid={invalid}
					known={{ group: groups.groups.value.map(({ name }) => name) }}
					focus={focus}
				/>
				<SavedViews />
				{children}
			</div>
		</>
	);
}
