import { type Parameters, where } from "../parameters.ts";
import type { Meeting } from "./meeting.ts";
import { gathered, listCondition, type OrderedList, type Span, spanConditions } from "./ordered-list.ts";

/** Ordered parts that one list of several values is merged from at most: planning one takes some 50 µs. */
const PARTS = 24;

/** The streams that stand in all of some lists. */
export interface Intersection {
	/** `FROM` and `WHERE`; the place of a stream is `create_time` and `number` of the alias `l0`. */
	text: string;
	/** The lists have to be merged: a statement that says this goes through `queryMerged`. */
	merged: boolean;
}

/**
 * The streams that stand in all of the lists; without any list, all streams. What filters one table is one list: the index
 * of each column of `streams` holds the others as well, so the shortest is read and the rest is looked at where it is.
 *
 * Lists of different tables are probed from the short one, or merged. The statement's form says which, because a planner
 * whose statistics are older than the streams takes both lists for one row and looks through the whole of one for each
 * entry of the other: a count of 4,000 streams right after they had been created took 10 s.
 */
export function intersection(
	lists: readonly OrderedList[],
	meeting: Meeting,
	within: Span,
	parameters: Parameters,
): Intersection {
	const span = { ...within, ...meeting.span };
	const members = byTable(meeting.short === undefined ? gathered(lists) : lists);
	const short = members.find((member) => meeting.short !== undefined && member.includes(meeting.short)) ?? members[0];
	if (short === undefined) {
		return { text: `FROM streams l0 ${where(spanConditions("l0", span, parameters))}`, merged: false };
	}
	const others = members.filter((member) => member !== short);
	const base = joined("l0", short, span, parameters, members.length > 1 && meeting.short === undefined);
	if (meeting.short !== undefined || others.length === 0) {
		const conditions = [...base.conditions, ...others.map((member) => isIn("l0", member, parameters))];
		return { text: `FROM ${base.from} ${where(conditions)}`, merged: false };
	}
	const beside = merge("l0", others, span, parameters);
	return {
		text: `FROM ${[base.from, ...beside.from].join(", ")} ${where([...base.conditions, ...beside.conditions])}`,
		merged: true,
	};
}

/** What joins lists to the streams of an alias, each in the order of places, so that all are read side by side. */
export function merge(
	alias: string,
	members: readonly OrderedList[][],
	span: Span,
	parameters: Parameters,
): { from: string[]; conditions: string[] } {
	const parts = members.map((member, place) => joined(`m${place}`, member, span, parameters, true));
	return {
		from: parts.map(({ from }) => from),
		conditions: parts.flatMap(({ conditions }, place) => [
			...conditions,
			`m${place}.create_time = ${alias}.create_time`,
			`m${place}.number = ${alias}.number`,
		]),
	};
}

/**
 * The condition that the stream of the alias is in lists of one table: a look into an index for each stream. `OFFSET 0`
 * keeps the planner from making a join of it.
 */
export function isIn(alias: string, member: readonly OrderedList[], parameters: Parameters): string {
	const conditions = member.map((list) => listCondition("x", list, parameters));
	return `EXISTS (SELECT FROM ${member[0]?.table} x
		WHERE ${conditions.join(" AND ")} AND x.create_time = ${alias}.create_time AND x.number = ${alias}.number OFFSET 0)`;
}

/** The lists of each table together. A shared one stays by itself: two groups of a stream are two rows. */
export function byTable(lists: readonly OrderedList[]): OrderedList[][] {
	const members: OrderedList[][] = [];
	for (const list of lists) {
		const same = members.find(([first]) => first?.table === list.table && !first.shared && !list.shared);
		if (same === undefined) members.push([list]);
		else same.push(list);
	}
	return members;
}

/** One item of `FROM` with its conditions. `ordered`: in the order of places, whatever the number of values. */
function joined(
	alias: string,
	member: readonly OrderedList[],
	span: Span,
	parameters: Parameters,
	ordered: boolean,
): { from: string; conditions: string[] } {
	const table = member[0]?.table ?? "streams";
	const several = member.find(({ each, values }) => each === undefined && values.length > 1);
	const shared = member.some((list) => list.shared);
	if (several === undefined || (!shared && (!ordered || several.values.length > PARTS))) {
		const conditions = member.map((list) => listCondition(alias, list, parameters));
		return { from: `${table} ${alias}`, conditions: [...conditions, ...spanConditions(alias, span, parameters)] };
	}
	// One part for each value, since a list of several values is in no order.
	const values = several.values.length > PARTS ? [several.values] : several.values.map((value) => [value]);
	const parts = values.map((some) => {
		const conditions = member.map((list) =>
			listCondition("p", list === several ? { ...list, values: some } : list, parameters),
		);
		return `(SELECT p.create_time, p.number FROM ${table} p
			${where([...conditions, ...spanConditions("p", span, parameters)])} ORDER BY p.create_time, p.number)`;
	});
	// Each part says its order, too: the planner would not know it of its index, and sort them all.
	const all = parts.join(" UNION ALL ");
	// Without its order the planner would hash it, at 170 ns a row instead of 85.
	const text = `SELECT ${shared ? "DISTINCT " : ""}create_time, number FROM (${all}) p ORDER BY create_time, number`;
	return { from: `(${text}) ${alias}`, conditions: [] };
}
