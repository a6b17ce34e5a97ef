/** What the suite reads of a stream. */
export interface Stream {
	stream_id: string;
	account_id: string;
	name: string;
	description: string;
	data: Record<string, unknown> & { type: string; reference: string };
	event_handler: Record<string, unknown>;
	policies: Record<string, unknown>;
	location: Record<string, unknown>;
	autorestart: {
		restart: number;
		attempt_count: number;
		delay: number;
		current_attempt: number;
		last_attempt_time: string | null;
		status: string;
	};
	version: number;
	create_time: string;
	status: string;
	last_error: { error_code: number; desc: string; detail: string } | null;
	video_info: Record<string, unknown> | null;
	groups: string[];
	preview: Record<string, unknown> | null;
}

export interface LogRecord {
	stream_id: string;
	log_time: string;
	error: unknown;
	status: string;
	video_info: unknown;
	version: number;
	preview: unknown;
}

export interface Group {
	account_id: string;
	group_name: string;
	group_id: string;
	description: string;
	create_time: string;
}

export interface State {
	stream_id: string;
	status: string;
	version: number;
}

export interface FeedbackStates {
	modified: State[];
	unmodified: State[];
}
