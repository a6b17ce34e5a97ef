import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConsoleFilter } from "../../client/console/protocol.ts";
import { completionsAt } from "../../web-console/src/stores/search/completion.ts";
import { isEverything, parseSearch, printSearch, toggled } from "../../web-console/src/stores/search/search-line.ts";

const text = fc.string({
	minLength: 1,
	maxLength: 24,
	unit: fc.oneof(fc.string({ minLength: 1, maxLength: 1, unit: "grapheme" }), fc.constantFrom(...' \t\\",:/')),
});
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.uniqueArray(arbitrary, { minLength: 1, maxLength: 4 });
const filters: fc.Arbitrary<ConsoleFilter> = fc.record(
	{
		statuses: some(fc.constantFrom("failure", "pending", "in_progress", "pause", "done", "cancel")),
		groups: some(fc.stringMatching(/^[a-zA-Z0-9_-]{1,128}$/)),
		names: some(text),
		references: some(text),
		types: some(fc.constantFrom("tcp", "udp", "videofile", "images")),
		account_ids: some(fc.uuid()),
		stream_ids: some(fc.uuid()),
		agents: some(text),
		error_codes: some(fc.nat()),
		autorestart: some(fc.constantFrom("disabled", "enabled", "in_progress", "failed", "denied")),
		words: some(text),
	},
	{ requiredKeys: [] },
);

describe("the search line", () => {
	test("whatever a filter holds is read from the line that says it", () => {
		fc.assert(
			fc.property(filters, (filter) => {
				expect(parseSearch(printSearch(filter)).filter).toEqual(filter);
			}),
		);
	});

	test("any line at all can be read, and what was read is said in a line that means the same", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (line) => {
				const { filter } = parseSearch(line);
				if (filter !== null) expect(parseSearch(printSearch(filter)).filter).toEqual(filter);
			}),
		);
	});

	test.each<[string, ConsoleFilter]>([
		["", {}],
		["  north  door ", { words: ["north", "door"] }],
		["status:failure,pending", { statuses: ["failure", "pending"] }],
		["status:failure status:PENDING", { statuses: ["failure", "pending"] }],
		['name:"north hall"', { names: ["north hall"] }],
		['name:"a,b",c', { names: ["a,b", "c"] }],
		['group:"hall"', { groups: ["hall"] }],
		['"status:failure"', { words: ["status:failure"] }],
		["rtsp://10.0.0.5:554/a", { words: ["rtsp://10.0.0.5:554/a"] }],
		["10:30", { words: ["10:30"] }],
		["error:5 restart:failed", { error_codes: [5], autorestart: ["failed"] }],
		["status: name:x", { names: ["x"] }],
		['name:"open', { names: ["open"] }],
	])("%s", (line, filter) => {
		expect(parseSearch(line).filter).toEqual(filter);
	});

	test.each([
		["status:failre", 'status: "failre" is none of failure, pending, in_progress, pause, done, cancel'],
		["id:123", 'id: "123" is no whole id'],
		["error:many", 'error: "many" is no error\'s number'],
		['group:"north hall"', 'group: "north hall" is no group\'s name: letters, digits, _ and -'],
		["type:rtsp", 'type: "rtsp" is none of tcp, udp, videofile, images'],
	])("a value that cannot be meant shows nothing rather than everything: %s", (line, problem) => {
		expect(parseSearch(line)).toEqual({ filter: null, problems: [problem] });
	});

	test("a qualifier that is not known is a word, and the line says so", () => {
		const { filter, problems } = parseSearch("stauts:failure");
		expect(filter).toEqual({ words: ["stauts:failure"] });
		expect(problems).toEqual(['"stauts:" is no qualifier; it is searched for as a word']);
	});

	test("a counter adds its status and takes it away again", () => {
		expect(toggled("north", "statuses", "failure")).toBe("status:failure north");
		expect(toggled("status:pending,failure north", "statuses", "failure")).toBe("status:pending north");
		expect(toggled("status:oops", "statuses", "failure")).toBe("status:oops");
		fc.assert(
			fc.property(filters, fc.constantFrom("failure", "pending", "done"), (filter, status) => {
				const twice = toggled(toggled(printSearch(filter), "statuses", status), "statuses", status);
				const { statuses = [], ...others } = parseSearch(twice).filter ?? {};
				const { statuses: before = [], ...same } = filter;
				expect(others).toEqual(same);
				expect([...statuses].sort()).toEqual([...before].sort());
			}),
		);
	});

	test("without a value it lets everything through", () => {
		expect(isEverything(parseSearch("  status: ").filter ?? { words: ["x"] })).toBe(true);
		expect(isEverything({ statuses: [] })).toBe(true);
		expect(isEverything({ words: ["x"] })).toBe(false);
	});
});

describe("completion", () => {
	const known = { group: ["north-hall", "north-gate", "south"], agent: ["a b", "b,c"] };
	const labels = (line: string) => completionsAt(line, line.length, known).options.map(({ label }) => label);
	const completed = (line: string, at = 0) => {
		const { from, to, options } = completionsAt(line, line.length, known);
		return line.slice(0, from) + (options[at]?.text ?? "") + line.slice(to);
	};

	test("offers qualifiers where a word begins", () => {
		expect(labels("").slice(0, 3)).toEqual(["status:", "group:", "name:"]);
		expect(labels("north re")).toEqual(["reference:", "restart:"]);
		expect(completed("north st")).toBe("north status:");
	});

	test("offers a qualifier's values, those that begin so first, and not those that are there", () => {
		expect(labels("status:")).toEqual(["failure", "pending", "in_progress", "pause", "done", "cancel"]);
		expect(labels("status:p")).toEqual(["pending", "pause", "in_progress"]);
		expect(labels("status:failure,p")).toEqual(["pending", "pause", "in_progress"]);
		expect(labels("status:failure,fail")).toEqual([]);
	});

	test("quotes what has to be quoted", () => {
		expect(completed("group:south,nor")).toBe("group:south,north-hall ");
		expect(completed("agent:a")).toBe('agent:"a b" ');
		expect(completed('agent:x,"b,')).toBe('agent:x,"b,c" ');
	});

	test("has nothing to offer for what is typed whole", () => {
		expect(labels("status:failure")).toEqual([]);
	});

	test("what is completed can be read", () => {
		fc.assert(
			fc.property(text, (agent) => {
				const { from, options } = completionsAt("agent:", 6, { agent: [agent] });
				const line = `agent:${options[0]?.text ?? ""}`;
				expect(from).toBe(6);
				expect(parseSearch(line).filter).toEqual({ agents: [agent] });
			}),
		);
	});
});
