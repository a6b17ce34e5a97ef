import "vitest";

declare module "vitest" {
	interface ProvidedContext {
		site: Site;
	}
}

/** What the whole suite shares, as its tests know it. */
export interface Site {
	/** Of the service. */
	url: string;
	/** Where the browser is connected to. */
	browser: string;
	/** A camera that is always there; "" where FFmpeg does not load. */
	camera: string;
	/** A video of three seconds, for cameras of a test's own. */
	clip: string;
}

/** The group whose streams the agent takes; all others are a test's own to take. */
export const LIVE_GROUP = "live";
