import type { EngineOptions } from "../../actors/stream-engine.ts";
import { retentionAge } from "./retention-age.ts";
import type { Settings } from "./table.ts";

/** Actors that one node keeps resident: at some 10 KiB each this is the most that a common machine bears. */
const MAX_RESIDENT = 250_000;

/** What of the settings the engine needs, in its own words. */
export function engineOptions(
	settings: Settings,
): Omit<EngineOptions, "database" | "cluster" | "alone" | "clock" | "random" | "log"> {
	const autorestart = settings.LUNA_STREAMS_AUTORESTART;
	const obsoleting = settings.LUNA_STREAMS_STREAM_STATUS_OBSOLETING;
	const feedback = settings.LUNA_STREAMS_FEEDBACK;
	const queue = settings.LUNA_STREAMS_QUEUE;
	const logs = settings.LUNA_STREAMS_LOGS_CLEAR_INTERVAL;
	return {
		policy: {
			backoffFactor: autorestart.BACKOFF_FACTOR,
			jitter: autorestart.JITTER,
			maxDelay: autorestart.MAX_DELAY,
			fatalErrorCodes: new Set(autorestart.FATAL_ERROR_CODES),
			lostLimit: obsoleting.LOST_LIMIT,
			logFeedback: feedback.LOG_FEEDBACK,
		},
		healthyPeriod: autorestart.HEALTHY_PERIOD,
		obsoleting: { period: obsoleting.PERIOD, interval: obsoleting.INTERVAL },
		feedback: { flushInterval: feedback.TELEMETRY_FLUSH_INTERVAL, durability: feedback.DURABILITY },
		queue: {
			maxTake: queue.MAX_TAKE,
			maxLook: queue.MAX_LOOK,
			maxWaiters: queue.MAX_WAITERS,
			maxFilterBytes: queue.MAX_FILTER_BYTES,
		},
		retention: logs.ACTIVE === 1 ? { age: retentionAge(logs), interval: logs.CHECK_INTERVAL } : null,
		maxResident: MAX_RESIDENT,
	};
}
