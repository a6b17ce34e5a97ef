// A stranger's program. All it knows of the service is `client.ts`, which a generator of others made from /docs/spec.
// It prints the statuses of one stream's way as JSON.
import { createStream, defaults, getStream, readLogs, sendFeedback, takeFromQueue } from "./client.js";

defaults.baseUrl = process.argv[2] ?? "";
const agent = { agentId: "a-stranger" };
const account_id = "557d54ec-29ad-4f3c-93b4-c9092ef12515";

const created = await createStream({
	account_id,
	name: "A stranger's, with: every & character?",
	data: { type: "videofile", reference: "/videos/1.mp4" },
	event_handler: {
		api_version: 6,
		origin: "http://127.0.0.1:5000",
		bestshot_handler: { handler_id: "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b" },
	},
});
if (created.status !== 201) throw new Error(created.data.detail);
const { stream_id } = created.data;

const taken = await takeFromQueue({ filters: { stream_ids: [stream_id] }, limit: 1 }, { ...agent, wait: 5 });
if (taken.status !== 200) throw new Error(taken.data.detail);
const [stream] = taken.data.streams;
if (stream === undefined) throw new Error("nothing was taken");

const { version } = stream;
const told = await sendFeedback(
	{
		streams: [
			{ stream_id, version, status: "in_progress", video_info: { width: 640, height: 360, progress: 0.5 } },
			{ stream_id, version, status: "done", video_info: { width: 640, height: 360, progress: 1 } },
		],
	},
	agent,
);
if (told.status !== 200) throw new Error(told.data.detail);

const read = await getStream(stream_id, { accountId: account_id });
if (read.status !== 200) throw new Error(read.data.detail);
const logs = await readLogs({ streamIds: [stream_id, account_id], statuses: ["pending", "in_progress", "done"] });
if (logs.status !== 200) throw new Error(logs.data.detail);
const unknown = await getStream(account_id);

console.log(
	JSON.stringify({
		taken: stream.status,
		modified: told.data.streams.modified.map(({ status }) => status),
		read: [read.data.name, read.data.status, read.data.video_info?.progress],
		logs: logs.data.logs.map(({ status }) => status),
		unknown: unknown.status === 404 ? unknown.data.error_code : unknown.status,
	}),
);
