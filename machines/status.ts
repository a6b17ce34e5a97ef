/** The statuses that a stream shows (contract, section 4). They are the states of the machine. */
export const STREAM_STATUSES = ["pending", "in_progress", "done", "pause", "cancel", "failure"] as const;
export type Status = (typeof STREAM_STATUSES)[number];

/** What a log record may say: `restart` and `handler_lost` pass by, `deleted` is the last word. */
export type Recorded = Status | "restart" | "handler_lost" | "deleted";
