import type { JsonObject } from "./json.ts";

const account_id = "557d54ec-29ad-4f3c-93b4-c9092ef12515";
const stream_id = "426542d6-5509-4e5b-8a01-e2abd5c0a8c6";
const group_id = "b5d6fd45-fcca-453d-ac05-3e594054b813";
const group_name = "entrances";

/** An example of each body, by the title of its schema. */
export const bodyExamples: Readonly<Record<string, JsonObject>> = {
	stream_to_write: {
		account_id,
		name: "Front door",
		data: { type: "tcp", reference: "rtsp://192.168.1.20/main", rotation: 0, endless: true },
		event_handler: {
			api_version: 6,
			origin: "http://127.0.0.1:5000",
			bestshot_handler: { handler_id: "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b" },
		},
		policies: { healthcheck: { max_error_count: 10, period: 3600, retry_delay: 5 } },
		location: { city: "Berlin", geo_position: { longitude: 13.377, latitude: 52.516 } },
		autorestart: { restart: 1, attempt_count: 10, delay: 60 },
	},
	stream_patch: { status: "pause" },
	streams_to_delete: { stream_ids: [stream_id], names: ["Front door"] },
	queue_take: { filters: { group_names: [group_name] }, limit: 8 },
	feedback: {
		streams: [
			{
				stream_id,
				version: 1,
				status: "in_progress",
				error: null,
				video_info: { width: 1920, height: 1080, frame_rate: 25 },
				preview: {
					live: { url: "http://127.0.0.1:5165/live" },
					last_frame: { url: "http://127.0.0.1:5165/last_frame" },
				},
			},
		],
	},
	group_to_write: { account_id, group_name, description: "All doors to the street" },
	group_patch: { description: "All doors" },
	login: { token: "perigee_a1B2c3D4…" },
	token_to_write: {
		name: "Night shift",
		role: "operator",
		accounts: [account_id],
		expire_time: "2027-01-01T00:00:00Z",
	},
	link: { action: "attach", stream_ids: [stream_id], group_id },
	console_search: { filter: { statuses: ["failure"], names: ["north"] }, order: "newest" },
	console_reference_to_test: {
		account_id,
		data: { type: "tcp", reference: "rtsp://some_stream_address" },
	},
	console_set_to_make: { filter: { groups: ["hd_stream_2"] } },
	console_view_to_save: { name: "Failed in the north", place: "streams", query: "q=status:failure+name:north" },
	console_action_to_start: { action: "pause" },
};
