import { beforeAll, describe, expect, test } from "vitest";
import type { Stream } from "./shapes.ts";
import { openTarget, UNKNOWN } from "./target.ts";

const target = await openTarget();
const { api } = target;
const account = target.account;
const otherAccount = crypto.randomUUID();
const [nameA, nameB] = [target.name(), target.name()];
const [groupA, groupB] = [target.name(), target.name()];
const [referenceA, referenceB] = [`rtsp://${target.mark}/a?x=1&y=2`, `rtsp://${target.mark}/b`];

/** The streams of this file, oldest first. */
const streams: Stream[] = [];
beforeAll(async () => {
	await target.createGroup(groupA);
	await target.createGroup(groupB);
	const source = (reference: string) => ({ data: { type: "tcp", reference } });
	const made: Record<string, unknown>[] = [
		{ name: nameA, ...source(referenceA), group_name: groupA },
		{ name: nameB, ...source(referenceA), group_name: groupB, status: "pause" },
		{ name: nameA, ...source(referenceB), group_name: groupA, account_id: otherAccount },
		{ name: "", ...source(referenceB), account_id: otherAccount, status: "pause" },
		{ name: nameB, ...source(referenceB), group_name: groupA },
		{ name: nameA, ...source(referenceA), status: "pause" },
	];
	for (const members of made) {
		const id = await target.create(members);
		streams.push(await target.stream(id));
		// The next one is created in another millisecond.
		const created = Date.parse(streams.at(-1)!.create_time);
		while (Date.now() <= created + 1) await new Promise((resolve) => setTimeout(resolve, 1));
	}
	await target.patch(streams[5]!.stream_id, { status: "cancel" });
	streams[5] = await target.stream(streams[5]!.stream_id);
});

type Filter = [query: string, matches: (stream: Stream) => boolean];

/** Each filter with several values, where it takes them. */
function filters(): Filter[] {
	const [from, to] = [streams[2]!.create_time, streams[4]!.create_time];
	const chosen = [streams[4]!, streams[0]!, streams[3]!].map(({ stream_id }) => stream_id);
	return [
		[`account_id=${account}`, (stream) => stream.account_id === account],
		[`stream_ids=${chosen},${UNKNOWN}`, ({ stream_id }) => chosen.includes(stream_id)],
		[`names=${nameA}`, ({ name }) => name === nameA],
		[`names=${nameA},${nameB}`, ({ name }) => name !== ""],
		[`names=,none`, ({ name }) => name === ""],
		[`reference=${encodeURIComponent(referenceA)}`, ({ data }) => data.reference === referenceA],
		["statuses=pause", ({ status }) => status === "pause"],
		["statuses=pause,cancel,restart,not_found", ({ status }) => status !== "pending"],
		["statuses=restart,handler_lost,not_found", () => false],
		[`create_time__gte=${from}`, ({ create_time }) => create_time >= from],
		[`create_time__lt=${to}`, ({ create_time }) => create_time < to],
		[`group_name=${groupA}`, ({ groups }) => groups.includes(groupA)],
		[`group_name=${target.mark}-none`, () => false],
	];
}

async function ids(query: string): Promise<string[]> {
	return (await target.list(`page_size=1000&${query}`)).map(({ stream_id }) => stream_id);
}

describe("filters of streams", () => {
	/** Keeps what is not of this file out of every answer. */
	const ours = () => `stream_ids=${streams.map(({ stream_id }) => stream_id)}`;
	const expected = (...matches: Filter[1][]) =>
		streams.filter((stream) => matches.every((each) => each(stream))).map(({ stream_id }) => stream_id);

	test("work alone, in the list and in the count, oldest first", async () => {
		for (const [query, matches] of filters()) {
			const whole = query.startsWith("stream_ids") ? query : `${ours()}&${query}`;
			expect(await ids(whole), query).toEqual(expected(matches));
			expect(await target.count(whole), query).toBe(expected(matches).length);
		}
	});
	test("combine with AND, two by two", async () => {
		const all = filters();
		const pairs = all.flatMap((one, at) => all.slice(at + 1).map((two) => [one, two] as const));
		const nameOf = ([query]: Filter) => query.split("=")[0];
		for (const [one, two] of pairs.filter(([a, b]) => nameOf(a) !== nameOf(b))) {
			const scope = [one, two].some((each) => nameOf(each) === "stream_ids") ? "" : `${ours()}&`;
			const query = `${scope}${one[0]}&${two[0]}`;
			expect(await ids(query), query).toEqual(expected(one[1], two[1]));
			expect(await target.count(query), query).toBe(expected(one[1], two[1]).length);
		}
	});
	test("combine all at once", async () => {
		const { stream_id, create_time, data } = streams[0]!;
		const after = streams[1]!.create_time;
		const query = `account_id=${account}&stream_ids=${stream_id}&names=${nameA}&reference=${encodeURIComponent(data.reference)}&statuses=pending&create_time__gte=${create_time}&create_time__lt=${after}&group_name=${groupA}`;
		expect(await ids(query)).toEqual([stream_id]);
		expect(await ids(query.replace("statuses=pending", "statuses=pause"))).toEqual([]);
	});
	test("reference is exact", async () => {
		expect(await ids(`reference=${encodeURIComponent(referenceB.slice(0, -1))}`)).toEqual([]);
		expect(await ids(`reference=${encodeURIComponent(referenceB.toUpperCase())}`)).toEqual([]);
	});
	test("create_time__gte includes its bound and create_time__lt excludes it", async () => {
		const { stream_id, create_time } = streams[3]!;
		const query = `stream_ids=${stream_id}`;
		expect(await ids(`${query}&create_time__gte=${create_time}`)).toEqual([stream_id]);
		expect(await ids(`${query}&create_time__lt=${create_time}`)).toEqual([]);
		const later = new Date(Date.parse(create_time) + 1).toISOString();
		expect(await ids(`${query}&create_time__lt=${later}`)).toEqual([stream_id]);
		expect(await ids(`${query}&create_time__gte=${later}`)).toEqual([]);
	});
	test("without any, whatever else is there is counted too", async () => {
		expect(await target.count("")).toBeGreaterThanOrEqual(streams.length);
	});
});

describe("filters of groups", () => {
	const made: { group_id: string; group_name: string; account: string }[] = [];
	beforeAll(async () => {
		for (const owner of [account, otherAccount, account]) {
			const group = await target.createGroup(target.name(), { account_id: owner });
			made.push({ ...group, account: owner });
		}
	});
	test("work alone and combined, in the list and in the count, oldest first", async () => {
		const [a, b, c] = made;
		const cases: [query: string, expected: typeof made][] = [
			[`group_ids=${c!.group_id},${a!.group_id},${UNKNOWN}`, [a!, c!]],
			[`group_names=${b!.group_name},${a!.group_name},none`, [a!, b!]],
			[`group_ids=${b!.group_id}&group_names=${b!.group_name}`, [b!]],
			[`group_ids=${b!.group_id}&group_names=${a!.group_name}`, []],
			[`account_id=${account}&group_names=${made.map(({ group_name }) => group_name)}`, [a!, c!]],
			[`account_id=${otherAccount}`, [b!]],
			[`account_id=${UNKNOWN}&group_ids=${a!.group_id}`, []],
			[`group_names=${a!.group_name.toUpperCase()}`, []],
		];
		for (const [query, expected] of cases) {
			expect(
				(await target.groups(query)).map(({ group_id }) => group_id),
				query,
			).toEqual(expected.map(({ group_id }) => group_id));
			const count = await api.get<{ groups_count: number }>(`/1/groups/count?${query}`);
			expect(count.body, query).toEqual({ groups_count: expected.length });
		}
	});
	test("pages go through all of them once", async () => {
		const query = `group_ids=${made.map(({ group_id }) => group_id)}&page_size=2`;
		const pages = [
			await target.groups(query),
			await target.groups(`${query}&page=2`),
			await target.groups(`${query}&page=3`),
		];
		expect(pages.map((page) => page.length)).toEqual([2, 1, 0]);
		expect(pages.flat().map(({ group_id }) => group_id)).toEqual(made.map(({ group_id }) => group_id));
	});
});

describe("pages", () => {
	test("begin with the first, of ten", async () => {
		const name = target.name();
		const created: string[] = [];
		for (let at = 0; at < 12; at++) created.push(await target.create({ name }));
		expect(await ids(`names=${name}`)).toEqual(created);
		const listed = (await target.list(`names=${name}`)).map(({ stream_id }) => stream_id);
		expect(listed).toEqual(created.slice(0, 10));
		const second = (await target.list(`names=${name}&page=2`)).map(({ stream_id }) => stream_id);
		expect(second).toEqual(created.slice(10));
		const third = (await target.list(`names=${name}&page=3&page_size=5`)).map(({ stream_id }) => stream_id);
		expect(third).toEqual(created.slice(10));
		expect(await target.list(`names=${name}&page=4&page_size=5`)).toEqual([]);
		expect(await target.list(`names=${name}&page=2147483647&page_size=1000`)).toEqual([]);
	});
	test("show what was there once and in order, while streams are created", async () => {
		const name = target.name();
		const before: string[] = [];
		for (let at = 0; at < 30; at++) before.push(await target.create({ name }));
		let reading = true;
		let created = 0;
		const creator = async () => {
			while (reading && created < 500) {
				await target.create({ name });
				created += 1;
			}
		};
		const creators = Promise.all([creator(), creator()]);
		const seen: Stream[] = [];
		for (let page = 1; ; page++) {
			const streams = await target.list(`names=${name}&page_size=7&page=${page}`);
			seen.push(...streams);
			if (streams.length < 7 || page === 20) break;
		}
		reading = false;
		await creators;
		const order = seen.map(({ stream_id }) => stream_id);
		expect(new Set(order).size).toBe(order.length);
		expect(order.slice(0, 30)).toEqual(before);
		const times = seen.map(({ create_time }) => create_time);
		expect(times).toEqual([...times].sort());
		expect(created).toBeGreaterThan(0);
		expect(await target.count(`names=${name}`)).toBe(30 + created);
	});
});
