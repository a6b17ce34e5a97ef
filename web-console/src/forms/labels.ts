/** Names of members as people say them; a member that is not here is called by its own name. */
const LABELS: Readonly<Record<string, string>> = {
	account_id: "Account id",
	"data.type": "Type",
	"data.roi": "Region of interest",
	"data.droi": "Detection region",
	"event_handler.api_version": "API version",
	"location.geo_position": "Position",
	"data.reference": "Reference",
	"data.rotation": "Rotation, degrees",
	"data.preferred_program_stream_frame_width": "Frame width, px",
	"data.endless": "Endless: connect again when the source ends",
	"event_handler.origin": "Origin of the platform",
	"event_handler.bestshot_handler.handler_id": "Best-shot handler id",
	"event_handler.detection_handler.handler_id": "Detection handler id",
	"event_handler.frame_store": "Frame store",
	"event_handler.authorization?": "Authorization",
	"event_handler.authorization.token": "Token",
	"event_handler.authorization.account_id": "Account id of the events",
	"autorestart.restart": "Restart by itself after a failure",
	"autorestart.attempt_count": "Attempts in a row",
	"autorestart.delay": "Pause before an attempt, s",
	"location.house_number": "House",
	"location.geo_position.longitude": "Longitude, degrees east",
	"location.geo_position.latitude": "Latitude, degrees north",
	"policies.ffmpeg_threads_number": "FFmpeg threads",
	"policies.real_time_mode_fps": "Real-time mode, fps",
	"policies.primary_track_policy": "Primary track",
	"policies.primary_track_policy.best_shot_min_size": "Best shot min size, px",
	"policies.primary_track_policy.best_shot_proper_size": "Best shot proper size, px",
	"policies.filtering.detection_yaw_threshold": "Detection yaw threshold, degrees",
	"policies.filtering.detection_pitch_threshold": "Detection pitch threshold, degrees",
	"policies.filtering.detection_roll_threshold": "Detection roll threshold, degrees",
	"policies.healthcheck": "Health check",
	"policies.healthcheck.period": "Period, s",
	"policies.healthcheck.retry_delay": "Retry delay, s",
	"policies.healthcheck.timeout": "Timeout, ms",
	group_name: "Group",
	status: "Start",
};

/** `policies.sending.silent_period` → `Silent period` */
export function labelOf(path: string): string {
	const name = path.slice(path.lastIndexOf(".") + 1).replaceAll("_", " ");
	return LABELS[path] ?? name.charAt(0).toUpperCase() + name.slice(1);
}
