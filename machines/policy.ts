/** What an operator decides for all streams together; the settings of the contract's sections 7, 8 and 9. */
export interface LifecyclePolicy {
	/** The delay of an autorestart is multiplied by this for each attempt already made. 1 = constant. */
	readonly backoffFactor: number;
	/** A delay is lengthened by 0..jitter of itself. */
	readonly jitter: number;
	/** Seconds that back-off may reach. Never shortens the stream's own delay. */
	readonly maxDelay: number;
	/** A failure with one of these error codes is not worth an attempt. */
	readonly fatalErrorCodes: ReadonlySet<number>;
	/** Losses of the handler, without a healthy period in between, after which a stream is held back. */
	readonly lostLimit: number;
	/** `all`: every feedback leaves a record; `changes`: one that says nothing new does not. */
	readonly logFeedback: "changes" | "all";
}

export const DEFAULT_POLICY: LifecyclePolicy = {
	backoffFactor: 1,
	jitter: 0,
	maxDelay: 3600,
	fatalErrorCodes: new Set(),
	lostLimit: 5,
	logFeedback: "changes",
};
