import { ACCOUNT, ID, smallBody } from "./recording-engine.ts";

/** A stream with every member. */
export const fullBody = {
	...smallBody,
	name: "Stream 1",
	description: "Stream with tcp stream type",
	data: {
		type: "tcp",
		reference: "rtsp://some_stream_address",
		roi: { x: 0, y: 0, width: 0, height: 0, mode: "abs" },
		droi: { x: 10.5, y: 0, width: 89.5, height: 100, mode: "percent" },
		rotation: 90,
		preferred_program_stream_frame_width: 800,
		endless: true,
	},
	event_handler: {
		api_version: 6,
		origin: "http://127.0.0.1:5000",
		bestshot_handler: { handler_id: ID },
		detection_handler: { handler_id: ID },
		frame_store: "https://store.example/frames",
		authorization: { token: "eyJ0eXAi.eyJ0b2tlbklkIjoi.kDL5oLTJ" },
	},
	policies: {
		sending: { time_period_of_searching: -1, silent_period: 0, type: "sec", number_of_bestshots_to_send: 1 },
		primary_track_policy: { use_primary_track_policy: false, best_shot_min_size: 70, best_shot_proper_size: 140 },
		liveness: { liveness_mode: 0, liveness_threshold: 0.6, livenesses_weights: [0.05, 0.45, 0.5] },
		filtering: { min_score: 0.5187, detection_yaw_threshold: 40, yaw_number: 1, min_body_size_threshold: 0.1 },
		frame_processing_mode: "auto",
		real_time_mode_fps: 0,
		ffmpeg_threads_number: 0,
		healthcheck: { max_error_count: 10, period: 3600, retry_delay: 5, timeout: 123 },
	},
	location: { city: "Moscow", area: null, geo_position: { longitude: 36.616, latitude: 55.752 } },
	autorestart: { restart: 1, attempt_count: 10, delay: 60 },
	status: "pause",
	group_name: "hd_stream_2",
};

export const feedbackItem = {
	stream_id: ID,
	version: 1,
	status: "in_progress",
	error: { error_code: 1, desc: "d", detail: "e" },
	video_info: {
		width: 1920,
		height: 1080,
		frame_rate: 25,
		bit_rate: 25,
		gop_size: 25,
		start_time: "2018-08-11T09:11:41.674Z",
		duration: 0,
		progress: 1,
	},
	preview: { live: { url: "http://127.0.0.1:9000/live" }, last_frame: { url: "http://127.0.0.1:9000/frame" } },
};

export const groupBody = { account_id: ACCOUNT, group_name: "group-1", description: "" };
