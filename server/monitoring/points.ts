import { Point } from "@influxdata/influxdb-client";
import type { RequestMetrics } from "../http/options.ts";

/** A request, and when it was answered. */
export interface Observed extends RequestMetrics {
	/** Milliseconds since 1970. */
	at: number;
}

const SERVICE = "luna-streams";

let sequence = 0;

/** The points of one request (contract, section 12): `requests`, and `errors` when it was answered with one. */
export function pointsOf(request: Observed): Point[] {
	const { method, route, status, seconds, requestId, errorCode, at } = request;
	// Points of one series at the same moment would replace each other: the digits below a millisecond tell them apart.
	sequence = (sequence + 1) % 1_000_000;
	const time = `${Math.trunc(at)}${String(sequence).padStart(6, "0")}`;
	const point = (measurement: string) =>
		new Point(measurement)
			.tag("service", SERVICE)
			.tag("route", `${method}:${route || "unknown"}`)
			.tag("status_code", String(status))
			.stringField("request_id", requestId)
			.timestamp(time);
	const all = [point("requests").floatField("execution_time", seconds)];
	if (errorCode !== 0) all.push(point("errors").tag("error_code", String(errorCode)));
	return all;
}
