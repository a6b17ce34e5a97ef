import { describe, expect, test } from "vitest";
import { StreamsView } from "../../web-console/src/stores/streams-view.ts";
import { idOf, rowOf, rowsOf } from "./rows.ts";
import { ToldConnection } from "./told-connection.ts";

const position = { boot_id: "boot", number: 7 };

function shown(total = 1000) {
	const connection = new ToldConnection();
	const frames: (() => void)[] = [];
	const view = new StreamsView(connection, { filter: {}, order: "oldest" }, (callback) => frames.push(callback));
	const listed = total;
	connection.tell({ type: "snapshot", view_id: "v1", position, total, listed, rows: rowsOf(0, Math.min(100, total)) });
	const draw = () => {
		for (const frame of frames.splice(0)) frame();
	};
	const changes = (more: { rows?: ReturnType<typeof rowsOf>; left?: string[]; gone?: string[]; appeared?: number }) =>
		connection.tell({ type: "changes", number: 8, rows: [], left: [], gone: [], appeared: 0, ...more });
	const slot = (index: number) => {
		const value = view.slots.at(index).value;
		return typeof value === "object" ? { name: value.row.name, state: value.state } : value;
	};
	return { connection, view, frames, draw, changes, slot };
}

describe("a view of streams", () => {
	test("shows the first rows of the snapshot, and asks for others as they are looked at", () => {
		const { connection, view, slot } = shown();
		expect(view.head.value).toMatchObject({ state: "shown", total: 1000, listed: 1000, round: 1 });
		expect(slot(3)).toEqual({ name: "Camera 3", state: "here" });
		expect(slot(300)).toBe("unasked");
		view.look(290, 330);
		expect(connection.remarks.filter(({ op }) => op === "rows")).toEqual([
			{ op: "rows", from: 200, count: 100 },
			{ op: "rows", from: 300, count: 100 },
		]);
		connection.tell({ type: "rows", from: 300, rows: rowsOf(300, 100) });
		expect(slot(300)).toEqual({ name: "Camera 300", state: "here" });
		expect(connection.remarks.at(-1)).toEqual({ op: "watch", stream_ids: rowsOf(300, 31).map((row) => row.stream_id) });
	});

	test("a scroll over everything has at most four windows on their way, and then asks for where it stopped", () => {
		const { connection, view } = shown(100_000);
		for (let from = 1000; from <= 90_000; from += 100) view.look(from, from + 40);
		const asked = () => connection.remarks.filter(({ op }) => op === "rows");
		expect(asked()).toHaveLength(4);
		connection.tell({ type: "rows", from: 1000, rows: rowsOf(1000, 100) });
		expect(asked().at(-1)).toEqual({ op: "rows", from: 90_000, count: 100 });
	});

	test("holds the rows near the screen only, whatever was scrolled over", () => {
		const { connection, view, slot } = shown(100_000);
		for (let from = 0; from < 50_000; from += 100) {
			view.look(from, from + 99);
			connection.tell({ type: "rows", from, rows: rowsOf(from, 100) });
		}
		expect(view.slots.held).toBeLessThan(1400);
		expect(view.idsBetween(0, 1)).toEqual([idOf(0), idOf(1)]);
		expect(slot(49_950)).toEqual({ name: "Camera 49950", state: "here" });
	});

	test("changes are applied together, once a frame, the newest of each stream", () => {
		const { view, frames, draw, changes, slot } = shown();
		let renders = 0;
		const stop = view.slots.at(5).subscribe(() => renders++);
		for (let revision = 2; revision < 50; revision++)
			changes({ rows: [rowOf(5, { revision, name: `at ${revision}` })] });
		expect(frames).toHaveLength(1);
		expect(slot(5)).toEqual({ name: "Camera 5", state: "here" });
		draw();
		expect(slot(5)).toEqual({ name: "at 49", state: "here" });
		expect(renders).toBe(2);
		stop();
	});

	test("a row that is older than the known one changes nothing, a deleted one does not come back", () => {
		const { draw, changes, slot } = shown();
		changes({ rows: [rowOf(5, { revision: 9, name: "new" })] });
		draw();
		changes({ rows: [rowOf(5, { revision: 8, name: "old" })] });
		draw();
		expect(slot(5)).toEqual({ name: "new", state: "here" });
		changes({ gone: [idOf(5)] });
		changes({ rows: [rowOf(5, { revision: 10 })] });
		draw();
		changes({ rows: [rowOf(5, { revision: 11 })] });
		draw();
		expect(slot(5)).toEqual({ name: "new", state: "gone" });
	});

	test("what does not match any more stays in its place until the view is shown anew", () => {
		const { connection, view, draw, changes, slot } = shown();
		changes({ rows: [rowOf(5, { revision: 2 })], left: [idOf(5)], appeared: 3 });
		draw();
		expect(slot(5)).toMatchObject({ state: "left" });
		expect(view.head.value).toMatchObject({ strayed: 1, appeared: 3 });
		changes({ rows: [rowOf(5, { revision: 3 })], appeared: 3 });
		draw();
		expect(slot(5)).toMatchObject({ state: "here" });
		expect(view.head.value.strayed).toBe(0);
		view.refresh();
		expect(connection.questions.at(-1)).toEqual({ op: "streams", filter: {}, order: "oldest" });
		connection.tell({ type: "snapshot", view_id: "v2", position, total: 2, listed: 2, rows: rowsOf(4, 2) });
		expect(view.head.value).toMatchObject({ round: 2, appeared: 0, strayed: 0, total: 2 });
		expect(slot(0)).toMatchObject({ name: "Camera 4" });
	});

	test("telemetry moves members of rows that are there, also of one that is about to change", () => {
		const { connection, view, draw, changes } = shown();
		changes({ rows: [rowOf(5, { revision: 2, status: "in_progress" })] });
		connection.tell({
			type: "telemetry",
			rows: [5, 6, 99_999].map((number) => ({
				stream_id: idOf(number),
				feedback_time: 42,
				progress: 0.5,
				frame_rate: 25,
				width: 640,
				height: 360,
			})),
		});
		draw();
		expect(view.slots.slotOf(idOf(5))?.row).toMatchObject({ revision: 2, feedback_time: 42 });
		expect(view.slots.slotOf(idOf(6))?.row).toMatchObject({ revision: 1, progress: 0.5 });
	});

	test("after a break it goes on from where it stood, and asks again for what was on its way", () => {
		const { connection, view, changes } = shown();
		view.look(300, 340);
		connection.askAgain({ boot_id: "boot", number: 20 });
		expect(connection.questions.at(-1)).toEqual({
			op: "streams",
			filter: {},
			order: "oldest",
			since: { boot_id: "boot", number: 20, view_id: "v1" },
		});
		changes({});
		expect(connection.remarks).toContainEqual({ op: "rows", from: 300, count: 100 });
	});

	test("a question that was not answered before the break is not taken for the shown one's", () => {
		const { connection, view } = shown();
		view.ask({ filter: { statuses: ["failure"] }, order: "problems" });
		connection.askAgain({ boot_id: "boot", number: 20 });
		expect(connection.questions.at(-1)).toEqual({
			op: "streams",
			filter: { statuses: ["failure"] },
			order: "problems",
		});
	});

	test("a view that the service has let go of is asked for anew, once", () => {
		const { connection, view } = shown();
		const refusal = {
			type: "error" as const,
			error_code: 12012,
			desc: "Bad/incomplete input data",
			detail: "no such view",
		};
		connection.tell(refusal);
		expect(connection.questions).toHaveLength(2);
		connection.tell(refusal);
		expect(connection.questions).toHaveLength(2);
		expect(view.head.value).toMatchObject({ state: "failed", failure: "Bad/incomplete input data: no such view" });
	});

	test("rows of an earlier view that come late are not put into the present one's places", () => {
		const { connection, view, slot } = shown();
		view.look(300, 310);
		view.refresh();
		connection.tell({ type: "snapshot", view_id: "v2", position, total: 50, listed: 50, rows: rowsOf(0, 50) });
		connection.tell({ type: "rows", from: 300, rows: rowsOf(300, 100) });
		expect(slot(300)).toBe("unasked");
	});
});
