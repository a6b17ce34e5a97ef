import { Pacer } from "../pacer.ts";
import type { RtpClip } from "./rtp-clip.ts";
import type { RtpViewer } from "./rtp-viewer.ts";

/** A clip served in a loop under one path, to all its viewers at the same moment, and at rest while there are none. */
export class Mount {
	readonly clip: RtpClip;
	readonly #viewers = new Set<RtpViewer>();
	readonly #pacer = new Pacer((number) => this.#show(number));

	constructor(clip: RtpClip) {
		this.clip = clip;
	}

	add(viewer: RtpViewer): void {
		this.#viewers.add(viewer);
		this.#pacer.start();
	}

	remove(viewer: RtpViewer): void {
		if (!this.#viewers.delete(viewer)) return;
		viewer.end();
		if (this.#viewers.size === 0) this.#pacer.stop();
	}

	#show(number: number): void {
		const picture = this.clip.pictures[number % this.clip.pictures.length];
		if (picture === undefined) return;
		for (const viewer of this.#viewers) viewer.show(picture, number);
	}
}
