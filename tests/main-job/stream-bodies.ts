export const ACCOUNT = "557d54ec-29ad-4f3c-93b4-c9092ef12515";
export const OTHER_ACCOUNT = "6d071cca-fda5-4a03-84d5-5bea65904480";
export const UNKNOWN = "00000000-0000-4000-8000-000000000000";

/** A stream that can be created; `members` come on top. */
export function streamBody(members: object = {}): object {
	return {
		account_id: ACCOUNT,
		data: { type: "tcp", reference: "rtsp://camera.test/1" },
		event_handler: {
			api_version: 6,
			origin: "http://127.0.0.1:5000",
			bestshot_handler: { handler_id: "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b" },
		},
		...members,
	};
}
