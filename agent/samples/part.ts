/**
 * A part of the sample sources that runs. It has the same shape as the service's own parts, so that whoever keeps
 * those can keep these as well: `start()` resolves when it runs, `stop()` when nothing of it is left.
 */
export interface Part {
	readonly name: string;
	start(): Promise<void>;
	stop(): Promise<void>;
}
