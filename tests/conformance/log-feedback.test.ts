import { expect, test } from "vitest";
import { openTarget } from "./target.ts";

const target = await openTarget({ LUNA_STREAMS_FEEDBACK__LOG_FEEDBACK: "all" });
const { LOG_FEEDBACK } = target.config.LUNA_STREAMS_FEEDBACK;

test.runIf(LOG_FEEDBACK === "all")(
	"with LOG_FEEDBACK all every feedback leaves a record with what it said",
	async () => {
		const id = await target.create();
		await target.takeOne(id);
		const error = { error_code: 7, desc: "broken", detail: "camera 7" };
		await target.report(id, "in_progress");
		await target.report(id, "in_progress", { video_info: { progress: 0.5 }, error });
		await target.report(id, "in_progress", { video_info: { progress: 0.75 } });
		await target.report(id, "in_progress", { error: null });
		const records = (await target.records(`stream_ids=${id}`)).reverse();
		expect(records.map(({ status }) => status)).toEqual(["pending", ...Array(5).fill("in_progress")]);
		// In a record that came from feedback they are the stream's own, as they were then.
		expect(records.slice(1).map((record) => [record.video_info, record.error])).toEqual([
			[null, null],
			[null, null],
			[{ progress: 0.5 }, error],
			[{ progress: 0.75 }, error],
			[{ progress: 0.75 }, null],
		]);
		await target.patch(id, { status: "pause" });
		expect((await target.feedback([{ stream_id: id, version: 1, status: "in_progress" }])).unmodified).toHaveLength(1);
		expect(await target.records(`stream_ids=${id}`)).toHaveLength(7);
	},
);
