import { inParts, type Query, readQuery, valueIn, withValue, writeQuery } from "./query.ts";

/** Sends one request. */
export type Send = (request: Request) => Promise<Response>;

/** How the answers to the parts of a query become the answer to the whole. */
type Collection =
	/** Counts are added: no two parts match the same object. */
	| { kind: "count"; member: string }
	/** `member` holds the list, null where the list is the answer itself; `time` is what it is sorted by. */
	| { kind: "list"; member: string | null; time: string; newestFirst: boolean; id: string | null; paged: boolean };

const collections: readonly (readonly [path: string, Collection])[] = [
	["/1/streams/count", { kind: "count", member: "streams_count" }],
	["/1/groups/count", { kind: "count", member: "groups_count" }],
	["/1/streams/processing/queue", streams(false)],
	["/1/streams/logs", { kind: "list", member: "logs", time: "log_time", newestFirst: true, id: null, paged: true }],
	["/1/streams", streams(true)],
	["/1/groups", { kind: "list", member: null, time: "create_time", newestFirst: false, id: "group_id", paged: true }],
];
const maxPage = 1000;

function streams(paged: boolean): Collection {
	return { kind: "list", member: "streams", time: "create_time", newestFirst: false, id: "stream_id", paged };
}

type Item = Readonly<Record<string, unknown>>;

/** An answer that ends the asking, because it is not the one hoped for. */
class Ended extends Error {
	readonly response: Response;

	constructor(response: Response) {
		super(`answered ${response.status}`);
		this.response = response;
	}
}

/**
 * A `fetch` that asks in parts where the lists of a query are too long for one request (contract, section 1), one part after the
 * other, and puts the answers together to the one that the whole query would have got: sorted and paged anew, in JSON.
 * Objects created in the same millisecond may come in another order than the service's. The first answer that is not a success is the
 * answer to all. `room` is for path and query together, in bytes.
 */
export function askingInParts(send: Send, room: number): Send {
	return async (request) => {
		const url = new URL(request.url);
		if (request.method !== "GET" || url.pathname.length + url.search.length <= room) return send(request);
		const [, collection] = collections.find(([path]) => url.pathname.endsWith(path)) ?? [];
		if (collection === undefined) return send(request);
		const ask = async (query: Query): Promise<unknown> => {
			const part = new Request(`${url.origin}${url.pathname}?${writeQuery(query)}`, request);
			part.headers.set("Accept", "application/json");
			const response = await send(part);
			if (!response.ok) throw new Ended(response);
			return response.json();
		};
		// What paging adds to a part is little, but it must fit as well.
		const query = readQuery(url.search);
		const parts = inParts(query, room - url.pathname.length - 64);
		try {
			const answer =
				collection.kind === "count" ? await sum(collection, parts, ask) : await merge(collection, query, parts, ask);
			return Response.json(answer);
		} catch (error) {
			// Not an error of ours: whoever asked gets what the service said.
			if (error instanceof Ended) return error.response;
			throw error;
		}
	};
}

type Ask = (query: Query) => Promise<unknown>;

async function sum(
	{ member }: Extract<Collection, { kind: "count" }>,
	parts: readonly Query[],
	ask: Ask,
): Promise<Item> {
	let total = 0;
	for (const part of parts) total += Number(members(await ask(part))[member]);
	return { [member]: total };
}

type List = Extract<Collection, { kind: "list" }>;

/** The first items of every part, as many as the wanted page reaches to, sorted; of these the page. */
async function merge(list: List, query: Query, parts: readonly Query[], ask: Ask): Promise<unknown> {
	const { member, time, newestFirst, id, paged } = list;
	const size = Number(valueIn(query, paged ? "page_size" : "limit") ?? 10);
	const page = paged ? Number(valueIn(query, "page") ?? 1) : 1;
	const targets = valueIn(query, "targets")?.split(",");
	const bare = targets !== undefined && !targets.includes(time);
	const items: Item[] = [];
	for (const part of parts) {
		// Without its time a record could not be put in its place.
		const timed = bare ? withValue(part, "targets", [...targets, time].join(",")) : part;
		items.push(...(await firstItems(list, timed, page * size, ask)));
	}
	const known = new Set<unknown>();
	const distinct = id === null ? items : items.filter((each) => !known.has(each[id]) && known.add(each[id]));
	const sign = newestFirst ? -1 : 1;
	distinct.sort((a, b) => sign * compare(String(a[time]), String(b[time])));
	const shown = distinct.slice((page - 1) * size, page * size);
	const answered = bare ? shown.map(({ [time]: _, ...others }) => others) : shown;
	return member === null ? answered : { [member]: answered };
}

async function firstItems({ member, paged }: List, query: Query, wanted: number, ask: Ask): Promise<Item[]> {
	const read = async (asked: Query) => {
		const answer = await ask(asked);
		const found = member === null ? answer : members(answer)[member];
		return Array.isArray(found) ? found.map(members) : [];
	};
	if (!paged) return read(query);
	const size = Math.min(maxPage, wanted);
	const items: Item[] = [];
	for (let page = 1; items.length < wanted; page++) {
		const more = await read(withValue(withValue(query, "page", String(page)), "page_size", String(size)));
		items.push(...more);
		if (more.length < size) break;
	}
	return items.slice(0, wanted);
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function members(value: unknown): Item {
	return typeof value === "object" && value !== null ? { ...value } : {};
}
