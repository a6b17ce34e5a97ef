// Schemas of a stream's form, made from the API's description by `npm run generate:client`. Not to be edited by hand.

export const streamForm = {
	"stream_to_write": {
		"type": "object",
		"required": [
			"account_id",
			"data",
			"event_handler"
		],
		"properties": {
			"account_id": {
				"ref": "account_id"
			},
			"name": {
				"type": "string",
				"maxLength": 128,
				"default": "",
				"description": "Name of the stream."
			},
			"description": {
				"type": "string",
				"maxLength": 512,
				"default": "",
				"description": "Description of the stream."
			},
			"data": {
				"ref": "stream_data"
			},
			"event_handler": {
				"ref": "stream_event_handler"
			},
			"policies": {
				"ref": "stream_policies"
			},
			"location": {
				"ref": "location"
			},
			"autorestart": {
				"ref": "stream_autorestart"
			},
			"status": {
				"type": "string",
				"enum": [
					"pending",
					"in_progress",
					"done",
					"pause",
					"restart",
					"cancel",
					"failure",
					"handler_lost",
					"not_found"
				],
				"default": "pending",
				"description": "Status to begin with: pending or pause."
			},
			"group_name": {
				"ref": "group_name"
			}
		},
		"description": "A stream as it is written."
	},
	"account_id": {
		"type": "string",
		"pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
		"example": "557d54ec-29ad-4f3c-93b4-c9092ef12515",
		"description": "Id of the account that an object belongs to."
	},
	"stream_data": {
		"variants": [
			{
				"ref": "stream_data_tcp"
			},
			{
				"ref": "stream_data_udp"
			},
			{
				"ref": "stream_data_videofile"
			},
			{
				"ref": "stream_data_images"
			}
		],
		"description": "What is processed, and how it is read."
	},
	"stream_data_tcp": {
		"type": "object",
		"required": [
			"type",
			"reference"
		],
		"properties": {
			"type": {
				"type": "string",
				"const": "tcp"
			},
			"reference": {
				"type": "string",
				"minLength": 1,
				"maxLength": 512,
				"description": "Where the video comes from: the address of a camera, a file, a set of images.",
				"example": "rtsp://some_stream_address"
			},
			"roi": {
				"ref": "region",
				"description": "The region in which faces and bodies are looked for."
			},
			"droi": {
				"ref": "region",
				"description": "The region in which a detection must lie, relative to the original frame."
			},
			"rotation": {
				"type": "integer",
				"enum": [
					0,
					90,
					180,
					270
				],
				"default": 0,
				"description": "Rotation of the picture, degrees."
			},
			"preferred_program_stream_frame_width": {
				"type": "integer",
				"minimum": 1,
				"maximum": 2147483647,
				"default": 800,
				"description": "Width to which frames are scaled for processing, pixels."
			},
			"endless": {
				"type": "boolean",
				"default": true,
				"description": "Whether the end of the source means to connect again (true) or that the stream is done (false)."
			}
		},
		"description": "A live source; an rtsp:// reference is read over TCP."
	},
	"region": {
		"variants": [
			{
				"ref": "region_abs"
			},
			{
				"ref": "region_percent"
			}
		],
		"default": {
			"x": 0,
			"y": 0,
			"width": 0,
			"height": 0,
			"mode": "abs"
		}
	},
	"region_abs": {
		"type": "object",
		"required": [
			"x",
			"y",
			"width",
			"height"
		],
		"properties": {
			"x": {
				"type": "integer",
				"minimum": 0,
				"maximum": 65536,
				"description": "Left edge, pixels."
			},
			"y": {
				"type": "integer",
				"minimum": 0,
				"maximum": 65536,
				"description": "Top edge, pixels."
			},
			"width": {
				"type": "integer",
				"minimum": 0,
				"maximum": 65536,
				"description": "Width, pixels."
			},
			"height": {
				"type": "integer",
				"minimum": 0,
				"maximum": 65536,
				"description": "Height, pixels."
			},
			"mode": {
				"type": "string",
				"const": "abs",
				"default": "abs",
				"description": "Sizes are pixels."
			}
		}
	},
	"region_percent": {
		"type": "object",
		"required": [
			"x",
			"y",
			"width",
			"height",
			"mode"
		],
		"properties": {
			"x": {
				"type": "number",
				"minimum": 0,
				"maximum": 100,
				"description": "Left edge, percent of the frame's width."
			},
			"y": {
				"type": "number",
				"minimum": 0,
				"maximum": 100,
				"description": "Top edge, percent of the frame's height."
			},
			"width": {
				"type": "number",
				"minimum": 0,
				"maximum": 100,
				"description": "Width, percent of the frame's width."
			},
			"height": {
				"type": "number",
				"minimum": 0,
				"maximum": 100,
				"description": "Height, percent of the frame's height."
			},
			"mode": {
				"type": "string",
				"const": "percent",
				"description": "Sizes are percent of the frame."
			}
		},
		"description": "A part of the frame: x + width and y + height are 100 at most."
	},
	"stream_data_udp": {
		"type": "object",
		"required": [
			"type",
			"reference"
		],
		"properties": {
			"type": {
				"type": "string",
				"const": "udp"
			},
			"reference": {
				"type": "string",
				"minLength": 1,
				"maxLength": 512,
				"description": "Where the video comes from: the address of a camera, a file, a set of images.",
				"example": "rtsp://some_stream_address"
			},
			"roi": {
				"ref": "region",
				"description": "The region in which faces and bodies are looked for."
			},
			"droi": {
				"ref": "region",
				"description": "The region in which a detection must lie, relative to the original frame."
			},
			"rotation": {
				"type": "integer",
				"enum": [
					0,
					90,
					180,
					270
				],
				"default": 0,
				"description": "Rotation of the picture, degrees."
			},
			"preferred_program_stream_frame_width": {
				"type": "integer",
				"minimum": 1,
				"maximum": 2147483647,
				"default": 800,
				"description": "Width to which frames are scaled for processing, pixels."
			},
			"endless": {
				"type": "boolean",
				"default": true,
				"description": "Whether the end of the source means to connect again (true) or that the stream is done (false)."
			}
		},
		"description": "A live source; an rtsp:// reference is read over UDP."
	},
	"stream_data_videofile": {
		"type": "object",
		"required": [
			"type",
			"reference"
		],
		"properties": {
			"type": {
				"type": "string",
				"const": "videofile"
			},
			"reference": {
				"type": "string",
				"minLength": 1,
				"maxLength": 512,
				"description": "Where the video comes from: the address of a camera, a file, a set of images.",
				"example": "rtsp://some_stream_address"
			},
			"roi": {
				"ref": "region",
				"description": "The region in which faces and bodies are looked for."
			},
			"droi": {
				"ref": "region",
				"description": "The region in which a detection must lie, relative to the original frame."
			},
			"rotation": {
				"type": "integer",
				"enum": [
					0,
					90,
					180,
					270
				],
				"default": 0,
				"description": "Rotation of the picture, degrees."
			},
			"preferred_program_stream_frame_width": {
				"type": "integer",
				"minimum": 1,
				"maximum": 2147483647,
				"default": 800,
				"description": "Width to which frames are scaled for processing, pixels."
			}
		},
		"description": "A video file."
	},
	"stream_data_images": {
		"type": "object",
		"required": [
			"type",
			"reference"
		],
		"properties": {
			"type": {
				"type": "string",
				"const": "images"
			},
			"reference": {
				"type": "string",
				"minLength": 1,
				"maxLength": 512,
				"description": "Where the video comes from: the address of a camera, a file, a set of images.",
				"example": "rtsp://some_stream_address"
			},
			"roi": {
				"ref": "region",
				"description": "The region in which faces and bodies are looked for."
			},
			"droi": {
				"ref": "region",
				"description": "The region in which a detection must lie, relative to the original frame."
			},
			"rotation": {
				"type": "integer",
				"enum": [
					0,
					90,
					180,
					270
				],
				"default": 0,
				"description": "Rotation of the picture, degrees."
			}
		},
		"description": "A set of images."
	},
	"stream_event_handler": {
		"type": "object",
		"required": [
			"api_version"
		],
		"properties": {
			"api_version": {
				"type": "number",
				"const": 6,
				"description": "Version of the platform's API."
			},
			"origin": {
				"type": "string",
				"maxLength": 2048,
				"example": "http://127.0.0.1:5165/",
				"description": "Address of the platform that events are sent to."
			},
			"bestshot_handler": {
				"ref": "handler",
				"description": "The handler that best shots are given to."
			},
			"detection_handler": {
				"variants": [
					{
						"ref": "handler",
						"description": "The handler that detections are given to."
					},
					{
						"type": "null"
					}
				],
				"description": "Kept, and used no more."
			},
			"frame_store": {
				"type": "string",
				"maxLength": 2048,
				"example": "http://127.0.0.1:5165/",
				"description": "Address that frames are stored at."
			},
			"authorization": {
				"ref": "authorization"
			}
		},
		"description": "Where best shots are sent to, and on whose behalf."
	},
	"handler": {
		"type": "object",
		"required": [
			"handler_id"
		],
		"properties": {
			"handler_id": {
				"type": "string",
				"pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
				"example": "557d54ec-29ad-4f3c-93b4-c9092ef12515",
				"description": "Id of the handler."
			}
		}
	},
	"authorization": {
		"variants": [
			{
				"ref": "authorization_token"
			},
			{
				"ref": "authorization_account"
			}
		],
		"description": "On whose behalf events are sent: by a token, or by an account; the stream's own when nothing is said."
	},
	"authorization_token": {
		"type": "object",
		"required": [
			"token"
		],
		"properties": {
			"token": {
				"type": "string",
				"minLength": 1,
				"maxLength": 8192,
				"pattern": "^[ -~]*$",
				"description": "A token of the platform. A secret."
			}
		}
	},
	"authorization_account": {
		"type": "object",
		"required": [
			"account_id"
		],
		"properties": {
			"account_id": {
				"ref": "account_id"
			}
		}
	},
	"stream_policies": {
		"type": "object",
		"properties": {
			"sending": {
				"ref": "sending"
			},
			"primary_track_policy": {
				"ref": "primary_track_policy"
			},
			"liveness": {
				"ref": "liveness"
			},
			"filtering": {
				"ref": "filtering"
			},
			"frame_processing_mode": {
				"type": "string",
				"enum": [
					"auto",
					"full_frame",
					"scale_frame"
				],
				"default": "auto",
				"description": "Size of the frames processed."
			},
			"real_time_mode_fps": {
				"type": "integer",
				"minimum": 0,
				"maximum": 2147483647,
				"default": 0,
				"description": "Frames a second to hold; 0 is all of them."
			},
			"ffmpeg_threads_number": {
				"type": "integer",
				"minimum": 0,
				"maximum": 2147483647,
				"default": 0,
				"description": "Threads for decoding; 0 is as many as there are cores."
			},
			"healthcheck": {
				"ref": "healthcheck"
			}
		},
		"description": "How the stream is processed.",
		"default": {}
	},
	"sending": {
		"type": "object",
		"properties": {
			"time_period_of_searching": {
				"type": "integer",
				"minimum": -1,
				"maximum": 2147483647,
				"default": -1,
				"description": "How long best shots are looked for; -1 until the track ends."
			},
			"silent_period": {
				"type": "integer",
				"minimum": 0,
				"maximum": 2147483647,
				"default": 0,
				"description": "How long to wait between two sendings."
			},
			"type": {
				"type": "string",
				"enum": [
					"sec",
					"frames"
				],
				"default": "sec",
				"description": "Unit of the two periods."
			},
			"number_of_bestshots_to_send": {
				"type": "integer",
				"minimum": 0,
				"maximum": 2147483647,
				"default": 1,
				"description": "How many best shots a track sends; 0 is all."
			},
			"send_only_full_set": {
				"type": "boolean",
				"default": true,
				"description": "Whether nothing is sent before that many are found."
			},
			"delete_track_after_sending": {
				"type": "boolean",
				"default": false,
				"description": "Whether a track ends with its sending."
			}
		},
		"description": "When best shots are sent.",
		"default": {}
	},
	"primary_track_policy": {
		"type": "object",
		"properties": {
			"use_primary_track_policy": {
				"type": "boolean",
				"default": false,
				"description": "Whether only the primary track counts."
			},
			"best_shot_min_size": {
				"type": "integer",
				"minimum": 0,
				"maximum": 2147483647,
				"default": 70,
				"description": "Smallest detection that may become the primary track, pixels."
			},
			"best_shot_proper_size": {
				"type": "integer",
				"minimum": 0,
				"maximum": 2147483647,
				"default": 140,
				"description": "Size at which a detection becomes the primary track, pixels."
			}
		},
		"description": "Work with the nearest person only.",
		"default": {}
	},
	"liveness": {
		"type": "object",
		"properties": {
			"use_shoulders_liveness_filtration": {
				"type": "boolean",
				"default": false,
				"description": "Whether shoulders are looked at."
			},
			"use_mask_liveness_filtration": {
				"type": "boolean",
				"default": false,
				"description": "Whether the background is looked at."
			},
			"use_flying_faces_liveness_filtration": {
				"type": "boolean",
				"default": false,
				"description": "Whether the surroundings of the face are looked at."
			},
			"liveness_mode": {
				"type": "integer",
				"enum": [
					0,
					1,
					2
				],
				"default": 0,
				"description": "Which of the checks is used."
			},
			"number_of_liveness_checks": {
				"type": "integer",
				"minimum": 0,
				"maximum": 2147483647,
				"default": 0,
				"description": "How many frames are checked."
			},
			"liveness_threshold": {
				"type": "number",
				"minimum": 0,
				"maximum": 1,
				"default": 0,
				"description": "Score above which a face is a living one."
			},
			"livenesses_weights": {
				"type": "array",
				"items": {
					"type": "number",
					"minimum": 0,
					"maximum": 1
				},
				"minItems": 3,
				"maxItems": 3,
				"default": [
					0,
					0,
					0
				],
				"description": "Weights of the shoulders, mask and flying faces checks."
			},
			"mask_backgrounds_count": {
				"type": "integer",
				"minimum": 0,
				"maximum": 2147483647,
				"default": 0,
				"description": "How many backgrounds are kept."
			}
		},
		"description": "Checks that a face is a living one.",
		"default": {}
	},
	"filtering": {
		"type": "object",
		"properties": {
			"min_score": {
				"type": "number",
				"minimum": 0,
				"maximum": 1,
				"default": 0.5187,
				"description": "Smallest score of a detection."
			},
			"detection_yaw_threshold": {
				"type": "number",
				"minimum": 0,
				"maximum": 180,
				"default": 40,
				"description": "Largest yaw of a head, degrees."
			},
			"detection_pitch_threshold": {
				"type": "number",
				"minimum": 0,
				"maximum": 180,
				"default": 40,
				"description": "Largest pitch of a head, degrees."
			},
			"detection_roll_threshold": {
				"type": "number",
				"minimum": 0,
				"maximum": 180,
				"default": 30,
				"description": "Largest roll of a head, degrees."
			},
			"yaw_number": {
				"type": "integer",
				"minimum": 1,
				"maximum": 2147483647,
				"default": 1,
				"description": "How many frames the yaw is taken from."
			},
			"yaw_collection_mode": {
				"type": "boolean",
				"default": false,
				"description": "Whether nothing is sent before so many frames have a good yaw."
			},
			"mouth_occlusion_threshold": {
				"type": "number",
				"minimum": 0,
				"maximum": 1,
				"default": 0,
				"description": "Score above which a mouth counts as covered; 0 does not look."
			},
			"min_body_size_threshold": {
				"type": "number",
				"minimum": 0,
				"default": 0,
				"description": "Smallest body; 0 does not look."
			}
		},
		"description": "Which detections become best shots.",
		"default": {}
	},
	"healthcheck": {
		"type": "object",
		"properties": {
			"max_error_count": {
				"type": "integer",
				"minimum": 0,
				"maximum": 2147483647,
				"default": 10,
				"description": "Errors within a period after which the stream fails."
			},
			"period": {
				"type": "integer",
				"minimum": 1,
				"maximum": 2147483647,
				"default": 3600,
				"description": "The period, seconds."
			},
			"retry_delay": {
				"type": "integer",
				"minimum": 0,
				"maximum": 2147483647,
				"default": 5,
				"description": "Pause before connecting again, seconds."
			},
			"timeout": {
				"type": "integer",
				"minimum": 1,
				"maximum": 2147483647,
				"description": "How long to wait for a frame, milliseconds."
			}
		},
		"description": "What an agent does when frames fail.",
		"default": {}
	},
	"location": {
		"type": "object",
		"properties": {
			"city": {
				"variants": [
					{
						"type": "string",
						"maxLength": 256
					},
					{
						"type": "null"
					}
				],
				"description": "City.",
				"default": null
			},
			"area": {
				"variants": [
					{
						"type": "string",
						"maxLength": 256
					},
					{
						"type": "null"
					}
				],
				"description": "Area.",
				"default": null
			},
			"district": {
				"variants": [
					{
						"type": "string",
						"maxLength": 256
					},
					{
						"type": "null"
					}
				],
				"description": "District.",
				"default": null
			},
			"street": {
				"variants": [
					{
						"type": "string",
						"maxLength": 256
					},
					{
						"type": "null"
					}
				],
				"description": "Street.",
				"default": null
			},
			"house_number": {
				"variants": [
					{
						"type": "string",
						"maxLength": 256
					},
					{
						"type": "null"
					}
				],
				"description": "House.",
				"default": null
			},
			"geo_position": {
				"variants": [
					{
						"ref": "geo_position"
					},
					{
						"type": "null"
					}
				],
				"description": "Position on the globe.",
				"default": null
			}
		},
		"description": "Where the camera stands.",
		"default": {}
	},
	"geo_position": {
		"type": "object",
		"required": [
			"longitude",
			"latitude"
		],
		"properties": {
			"longitude": {
				"type": "number",
				"minimum": -180,
				"maximum": 180,
				"description": "Degrees east."
			},
			"latitude": {
				"type": "number",
				"minimum": -90,
				"maximum": 90,
				"description": "Degrees north."
			}
		}
	},
	"stream_autorestart": {
		"type": "object",
		"properties": {
			"restart": {
				"type": "integer",
				"enum": [
					0,
					1
				],
				"default": 0,
				"description": "Whether a failed stream restarts by itself."
			},
			"attempt_count": {
				"type": "integer",
				"minimum": 1,
				"maximum": 2147483647,
				"default": 10,
				"description": "How many attempts in a row."
			},
			"delay": {
				"type": "integer",
				"minimum": 1,
				"maximum": 2147483647,
				"default": 60,
				"description": "Pause before an attempt, seconds."
			}
		},
		"description": "What happens after a failure.",
		"default": {}
	},
	"group_name": {
		"type": "string",
		"description": "Name of a group; no other group has it.",
		"pattern": "^[a-zA-Z0-9_-]{1,128}$",
		"example": "hd_stream_2"
	}
} as const;
