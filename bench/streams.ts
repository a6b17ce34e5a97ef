import type { WrittenStream } from "../persistence/stream-row.ts";

export const ACCOUNT = "557d54ec-29ad-4f3c-93b4-c9092ef12515";
const handler_id = "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b";

/** The body of a POST that creates a stream, as a client of a real site writes it. */
export function createBody(account_id: string): object {
	return {
		account_id,
		name: "Front door",
		data: { type: "tcp", reference: "rtsp://192.168.1.20/main" },
		event_handler: { api_version: 6, origin: "http://127.0.0.1:5000", bestshot_handler: { handler_id } },
	};
}

/** The same stream as the engine writes it, definitions about as long as with all their defaults. */
export function streamToCreate(account_id: string): WrittenStream {
	return {
		account_id,
		name: "Front door",
		description: "",
		data_type: "tcp",
		reference: "rtsp://192.168.1.20/main",
		data: JSON.stringify({ type: "tcp", reference: "rtsp://192.168.1.20/main", roi: ROI, droi: ROI, rotation: 0 }),
		event_handler: JSON.stringify({ api_version: 6, bestshot_handler: { handler_id }, authorization: { account_id } }),
		policies: JSON.stringify({ filler: "x".repeat(900) }),
		location: JSON.stringify({ city: null, area: null, district: null, street: null, house_number: null }),
		restart: 0,
		attempt_count: 10,
		delay: 60,
		status: "pending",
		group_name: null,
	};
}

const ROI = { x: 0, y: 0, width: 0, height: 0, mode: "abs" };
