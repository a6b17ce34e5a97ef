import type { LimitsOptions } from "../limits/limits.ts";
import type { Settings } from "./table.ts";

/** What of the settings the limits need, in their own words. `namespace` tells installations apart that share a Redis. */
export function limitsOptions(
	{ LUNA_STREAMS_LIMITS: limits, REDIS }: Settings,
	namespace: string,
): Omit<LimitsOptions, "clock" | "log"> {
	return {
		tokenRate: limits.TOKEN_RATE,
		addressRate: limits.ADDRESS_RATE,
		failureRate: limits.FAILURE_RATE,
		addressRequests: limits.ADDRESS_REQUESTS,
		addressSockets: limits.ADDRESS_SOCKETS,
		requests: limits.MAX_REQUESTS,
		addressBodyBytes: limits.ADDRESS_BODY_BYTES,
		bodyBytes: limits.MAX_BODY_BYTES,
		addressAnswerBytes: limits.ADDRESS_ANSWER_BYTES,
		answerBytes: limits.MAX_ANSWER_BYTES,
		redis: REDIS.URL === "" ? null : { url: REDIS.URL, namespace },
	};
}
